"""A glance at a source text: which Python its syntax may need. Plain searches, in microseconds, that miss nothing.

What looks like a feature may stand in a string or a comment: ``paa.scan.source.features`` looks closely.
"""

import re
import sys
from collections.abc import Callable, Iterator

from paa.scan.source.fstrings import is_old, string_starts

Version = tuple[int, int]

RUNNING: Version = sys.version_info[:2]
ALWAYS_POSSIBLE: Version = (3, 9)
"""The newest Python whose features are not glanced for: any text may need it."""

_SPACE = r"[ \t\f\\\n]"
_PARAMETERS = (re.compile(rf"def{_SPACE}+\w+{_SPACE}*\["), re.compile(rf"class{_SPACE}+\w+{_SPACE}*\["))
_TYPE_STATEMENT = re.compile(rf"type{_SPACE}+\w+{_SPACE}*[\[=]")
_EXCEPT = re.compile(r"except\b[^:(]*[,*]")
_EXCEPT_STAR = re.compile(rf"except{_SPACE}*\*")
_STARRED_ANNOTATION = re.compile(r"\*\s*\w+\s*:\s*\*")
_BRACKET = re.compile(r"[()\[\]{}]")
_T_PREFIXES = frozenset({"t", "tr", "rt"})
_LAZY = re.compile(r"lazy\s+(?:import|from)\b")
_UNPACKED = re.compile(r"[\[({](?:\s|#[^\n]*\n)*\*.{0,2000}?\bfor\b", re.DOTALL)
# As far as the bracket around a starred expression is looked for.
_WINDOW = 500


def newest_possible(text: str, running: Version = RUNNING) -> Version:
    """The newest Python that the syntax of ``text`` may need; never too old, rarely too new.

    ``text`` (with line ends as Python has them) is one that ``running`` can parse, so it needs none newer.
    """
    for version, glance in _GLANCES:
        if version <= running and glance(text):
            return version
    return ALWAYS_POSSIBLE


def _may_be_lazy(text: str) -> bool:
    return (
        any(_begins_line(text, found.start()) for found in _LAZY.finditer(text)) or _UNPACKED.search(text) is not None
    )


def _may_be_template(text: str) -> bool:
    return any(string_starts(text, _T_PREFIXES)) or any(
        _begins_line(text, found.start()) for found in _EXCEPT.finditer(text)
    )


def _may_have_parameters(text: str) -> bool:
    return any(pattern.search(text) for pattern in (*_PARAMETERS, _TYPE_STATEMENT))


def _may_have_new_fstrings(text: str) -> bool:
    return any(not is_old(text, start) for start in string_starts(text))


def _may_be_starred(text: str) -> bool:
    if "*" not in text:
        return False
    return (
        _EXCEPT_STAR.search(text) is not None
        or _STARRED_ANNOTATION.search(text) is not None
        or any(_may_be_item(text, place) and _in_index(text, place) for place in _places("*", text))
    )


def _may_be_item(text: str, place: int) -> bool:
    """Whether the star at ``place`` may begin an item: behind a bracket or a comma, with a comment between or not."""
    before = text[max(0, place - _WINDOW) : place]
    bare = before.rstrip(" \t\f\\\n")
    return bare[-1:] in {"[", ",", ""} or "\n" in before[len(bare) :]


def _in_index(text: str, place: int) -> bool:
    """Whether the bracket around ``place`` (or at it) may be that of an index; in doubt it may."""
    first = max(0, place - _WINDOW)
    window = text[first : place + 1]
    closed = 0
    for found in reversed(list(_BRACKET.finditer(window))):
        if found[0] in ")]}":
            closed += 1
        elif closed:
            closed -= 1
        elif found[0] == "[":
            before = window[: found.start()].rstrip()[-1:]
            return not before or before.isalnum() or before in "_)]}\"'"
        else:
            inside = window[found.start() :]
            return '"' in inside or "'" in inside or "#" in inside
    return True


def _may_match(text: str) -> bool:
    if ":=" in text:
        return True
    return "case" in text and any(_begins_line(text, place) for place in _places("match", text))


def _places(word: str, text: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _begins_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip()


_GLANCES: tuple[tuple[Version, Callable[[str], bool]], ...] = (
    ((3, 15), _may_be_lazy),
    ((3, 14), _may_be_template),
    # Whether type parameters have defaults (3.13), a close look tells.
    ((3, 13), _may_have_parameters),
    ((3, 12), lambda text: _may_have_parameters(text) or _may_have_new_fstrings(text)),
    ((3, 11), _may_be_starred),
    ((3, 10), _may_match),
)
