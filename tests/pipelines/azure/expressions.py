"""Expressions of Azure Pipelines: text → tree.

The language is that of "Expressions" in the documentation of Azure Pipelines: literals, names, ``a.b``, ``a['b']``,
``a.*`` and calls.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.pipelines.azure.errors import PipelineError

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<version>[0-9]+(?:\.[0-9]+){2,3}(?![A-Za-z_0-9.]))
      | (?P<number>-?(?:0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![A-Za-z_0-9.]))
      | (?P<text>'(?:[^']|'')*')
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>[().,\[\]*])
    )""",
    re.VERBOSE,
)
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands in the text."""

    value: object


@dataclass(frozen=True, slots=True)
class Name:
    """A named value, such as ``variables``."""

    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of something; ``key`` is None for all of them (``a.*``)."""

    of: "Tree"
    key: "Tree | None"


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; ``name`` is in lower case."""

    name: str
    arguments: tuple["Tree", ...]


Tree = Literal | Name | Item | Call


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def parse_expression(text: str) -> Tree:
    """The tree of one expression. Raises PipelineError for what is none."""
    tokens = _Tokens([*_tokens(text)], text)
    tree = _read(tokens)
    if tokens.next_text():
        raise tokens.unexpected()
    return tree


def expression_end(text: str, start: int, closing: str) -> int:
    """Where ``closing`` stands in ``text`` after ``start``, outside of string literals. Raises PipelineError."""
    quoted = False
    for at in range(start, len(text)):
        if text[at] == "'":
            quoted = not quoted
        elif not quoted and text.startswith(closing, at):
            return at
    message = f"{text!r}: an expression is not closed by {closing!r}"
    raise PipelineError(message)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            message = f"{text!r}: not an expression, from {text[at:]!r}"
            raise PipelineError(message)
        yield _Token(found.lastgroup, found.group(found.lastgroup))
        at = found.end()


class _Tokens:
    def __init__(self, tokens: list[_Token], text: str) -> None:
        self._tokens = tokens
        self._text = text

    def next_text(self) -> str:
        return self._tokens[0].text if self._tokens else ""

    def take(self, wanted: str | None = None) -> _Token:
        if not self._tokens or (wanted is not None and self._tokens[0].text != wanted):
            raise self.unexpected()
        return self._tokens.pop(0)

    def unexpected(self) -> PipelineError:
        return PipelineError(f"{self._text!r}: unexpected {self.next_text() or 'end'!r}")


def _read(tokens: _Tokens) -> Tree:
    tree = _read_first(tokens)
    while tokens.next_text() in (".", "["):
        if tokens.take().text == ".":
            step = tokens.take()
            if step.text == "*":
                tree = Item(tree, None)
            elif step.kind == "name":
                tree = Item(tree, Literal(step.text))
            else:
                raise tokens.unexpected()
        elif tokens.next_text() == "*":
            tokens.take()
            tokens.take("]")
            tree = Item(tree, None)
        else:
            tree = Item(tree, _read(tokens))
            tokens.take("]")
    return tree


def _read_first(tokens: _Tokens) -> Tree:
    token = tokens.take()
    match token.kind:
        case "text":
            return Literal(token.text[1:-1].replace("''", "'"))
        case "number":
            return Literal(float(int(token.text, 16)) if "x" in token.text else float(token.text))
        case "version":
            return Literal(token.text)
        case "name" if tokens.next_text() == "(":
            return _read_call(token.text, tokens)
        case "name" if token.text.lower() in _WORDS:
            return Literal(_WORDS[token.text.lower()])
        case "name":
            return Name(token.text)
        case _:
            raise tokens.unexpected()


def _read_call(name: str, tokens: _Tokens) -> Call:
    tokens.take("(")
    arguments: list[Tree] = []
    while tokens.next_text() != ")":
        if arguments:
            tokens.take(",")
        arguments.append(_read(tokens))
    tokens.take(")")
    return Call(name.lower(), tuple(arguments))
