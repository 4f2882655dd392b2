"""F-strings as Python read them before 3.12 (PEP 701): which of them only newer versions can read.

Until then an f-string was a string like any other to the tokenizer: it ended at the first quote of its own kind, and
its expressions held no backslash and no comment.
"""

import re
from collections.abc import Iterator

NEW_FSTRING = "an f-string with quotes of its own kind, backslashes or comments in it"
_F_PREFIXES = frozenset({"f", "fr", "rf"})
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_QUOTES = ('"""', "'''", '"', "'")
_DEBUG = re.compile(r"(?<![=!<>])=\s*\Z")
_DEEPEST = 2
# What all but a few are: on one line, and in braces only names, calls and indexes. Taken for what it is at once.
_PLAIN = re.compile(
    r"""[fFrR]{1,2}(?:
    "(?:[^"\\{}\n]|\\[^N{}\n]|\{\{|\}\}|\{[\w.()\[\], ]+(?:![rsa])?(?::[^"\\{}\n]*)?\})*"(?!")
    |'(?:[^'\\{}\n]|\\[^N{}\n]|\{\{|\}\}|\{[\w.()\[\], ]+(?:![rsa])?(?::[^'\\{}\n]*)?\})*'(?!')
    )""",
    re.VERBOSE,
)


class NewSyntaxError(Exception):
    """Not an f-string that Python 3.11 can read."""


def string_starts(text: str, prefixes: frozenset[str] = _F_PREFIXES) -> Iterator[int]:
    """Where in ``text`` strings with one of these prefixes (of one or two letters, in lower case) begin, in any order.

    Also places in other strings and in comments that look so.
    """
    letters = {case for prefix in prefixes for case in (prefix[-1], prefix[-1].upper())}
    for start in sorted(letter + quote for letter in letters for quote in "\"'"):
        place = text.find(start)
        while place >= 0:
            begin = place - 1 if text[place - 1 : place].isalpha() else place
            before = text[begin - 1 : begin]
            if not (before.isalnum() or before == "_") and text[begin : place + 1].lower() in prefixes:
                yield begin
            place = text.find(start, place + 1)


def is_old(text: str, start: int) -> bool:
    """Whether Python 3.11 can read the f-string that begins at ``start``."""
    if _PLAIN.match(text, start):
        return True
    try:
        read_old(text, start)
    except NewSyntaxError:
        return False
    return True


def read_old(text: str, start: int) -> tuple[int, bool]:
    """Where the f-string that begins at ``start`` ends for Python 3.11, and whether it shows an expression (``{x=}``).

    Raises NewSyntaxError when Python 3.11 can't read it.
    """
    quote_at = start
    while text[quote_at] not in "\"'":
        quote_at += 1
    raw = "r" in text[start:quote_at].lower()
    quote = next(quote for quote in _QUOTES if text.startswith(quote, quote_at))
    first = quote_at + len(quote)
    end = _end_of_string(text, first, quote)
    body = text[first:end]
    shows = False
    if "{" in body or "}" in body:
        _, shows = _literal(body, 0, raw=raw, depth=0)
    return end + len(quote), shows


def _end_of_string(text: str, place: int, quote: str) -> int:
    while not text.startswith(quote, place):
        if place >= len(text) or (text[place] == "\n" and len(quote) == 1):
            raise NewSyntaxError
        place += 2 if text[place] == "\\" else 1
    return place


def _literal(body: str, place: int, *, raw: bool, depth: int) -> tuple[int, bool]:
    """Read text with expressions in it, up to its end or (as a format, ``depth`` > 0) to the brace that ends it."""
    shows = False
    while place < len(body):
        if body[place] == "{" and body.startswith("{{", place) and depth == 0:
            place += 2
        elif body[place] == "{":
            if depth == _DEEPEST:
                raise NewSyntaxError
            place, shown = _expression(body, place + 1, raw=raw, depth=depth + 1)
            shows = shows or shown
        elif body[place] == "}":
            if depth:
                return place, shows
            if not body.startswith("}}", place):
                raise NewSyntaxError
            place += 2
        elif body[place] == "\\" and not raw:
            place = _after_escape(body, place)
        else:
            place += 1
    if depth:
        raise NewSyntaxError
    return place, shows


def _after_escape(body: str, place: int) -> int:
    if body.startswith("N{", place + 1):
        return body.find("}", place) + 1 or len(body)
    return place + (1 if body[place + 1 : place + 2] in {"{", "}"} else 2)


def _expression(body: str, place: int, *, raw: bool, depth: int) -> tuple[int, bool]:
    """Read an expression, its conversion and its format; the place is behind the closing brace."""
    first, open_brackets = place, [""]
    while place < len(body):
        letter = body[place]
        if letter in "\\#":
            raise NewSyntaxError
        if letter in "\"'":
            place = _end_of_nested(body, place)
            continue
        if letter in _CLOSING:
            open_brackets.append(_CLOSING[letter])
        elif len(open_brackets) > 1:
            if letter == open_brackets[-1]:
                open_brackets.pop()
        elif letter in "}:" or (letter == "!" and body[place + 1 : place + 2] != "="):
            return _after_expression(body, first, place, raw=raw, depth=depth)
        place += 1
    raise NewSyntaxError


def _after_expression(body: str, first: int, place: int, *, raw: bool, depth: int) -> tuple[int, bool]:
    shows = _DEBUG.search(body, first, place) is not None
    if body[place] == "!":
        while place < len(body) and body[place] not in ":}":
            place += 1
    if body[place : place + 1] == ":":
        place, inner = _literal(body, place + 1, raw=raw, depth=depth)
        shows = shows or inner
    if body[place : place + 1] != "}":
        raise NewSyntaxError
    return place + 1, shows


def _end_of_nested(body: str, place: int) -> int:
    quote = next(quote for quote in _QUOTES if body.startswith(quote, place))
    end = body.find(quote, place + len(quote))
    if end < 0 or "\\" in body[place:end]:
        raise NewSyntaxError
    return end + len(quote)
