"""Markdown as GitHub and PyPI read it → as MkDocs does, which wants more blank lines and deeper indents."""

import re
from dataclasses import dataclass

_FENCE = re.compile(r"[ ]*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"([ ]*)([-*+]|\d{1,9}[.)])([ ]{1,4})(?=\S)")
_RULE = re.compile(r" {0,3}([-*_])(?:[ ]*\1){2,}[ ]*$")
_DELIMITERS = re.compile(r"[ ]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)+\|?[ ]*$")
_STEP = 4


@dataclass(slots=True)
class _State:
    """Where the reader stands: the columns at which the contents of the open lists begin, and the open fence."""

    lists: list[int]
    fence: str = ""
    fence_column: int = 0
    after_blank: bool = True
    after_fence: bool = False


def python_markdown(text: str) -> str:
    """``text`` so that lists and tables are what they are on GitHub; all else stays."""
    state, lines = _State([]), []
    given = text.expandtabs(_STEP).split("\n")
    for number, line in enumerate(given):
        following = given[number + 1] if number + 1 < len(given) else ""
        was_open = bool(state.fence)
        lines += _line(state, line, following)
        state.after_blank = not line.strip()
        state.after_fence = was_open and not state.fence
    return "\n".join(lines)


def _line(state: _State, line: str, following: str) -> list[str]:
    if state.fence:
        mark = _FENCE.match(line)
        if mark and mark[1].startswith(state.fence) and not line.strip().strip(state.fence[0]):
            state.fence = ""
        return [_moved(state, line)]
    item = None if _RULE.match(line) else _ITEM.match(line)
    if item is not None and (state.lists or len(item[1]) < _STEP):
        return _item(state, line, item)
    if not line.strip():
        return [line]
    if state.after_blank:
        _close(state, len(line) - len(line.lstrip()))
    if mark := _FENCE.match(line):
        state.fence, state.fence_column = mark[1], mark.start(1)
        return [_moved(state, line)]
    gap = [] if state.after_blank or not _DELIMITERS.match(following) or "|" not in line else [""]
    return [*gap, _moved(state, line)]


def _item(state: _State, line: str, item: re.Match[str]) -> list[str]:
    column = len(item[1])
    gap = [""] if state.after_fence or not (state.lists or state.after_blank) else []
    _close(state, column)
    moved = " " * (_STEP * len(state.lists)) + line.lstrip()
    state.lists.append(item.end())
    return [*gap, moved]


def _close(state: _State, column: int) -> None:
    """End the lists whose contents begin further right than ``column``."""
    while state.lists and column < state.lists[-1]:
        state.lists.pop()


def _moved(state: _State, line: str) -> str:
    """A line of what belongs to the innermost list, as deep as MkDocs wants it."""
    if not state.lists or not line.strip():
        return line
    indent = len(line) - len(line.lstrip())
    deeper = max(0, indent - (state.fence_column if state.fence else state.lists[-1]))
    # Fewer than four spaces mean nothing, but in code.
    kept = deeper if state.fence or deeper >= _STEP else 0
    return " " * (_STEP * len(state.lists) + kept) + line.lstrip()
