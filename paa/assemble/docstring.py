"""A docstring → Markdown that reads as it was meant: code stays code, and no character is taken for markup.

Docstrings are plain text, reStructuredText, Google or NumPy style, or Markdown. Markdown stays as it is; of the
others, what Markdown would run together or swallow is put into its words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent

from paa.assemble.inline import inline_markdown
from paa.scan.readme.outputs import fenced

_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\S")
_UNDERLINE = re.compile(r"([=\-~^\"*+#])\1{2,}\s*")
# What Markdown makes headings of by itself.
_SETEXT = "=-"
_CODE_DIRECTIVE = re.compile(r"\s*\.\. (?:code-block|code|sourcecode)::[ \t]*([\w+#.-]*)\s*")
_ADMONITION = re.compile(
    r"\s*\.\. (note|warning|tip|hint|important|caution|danger|attention|error|seealso)::[ \t]*(.*)", re.IGNORECASE
)
_FIELD = re.compile(r":([A-Za-z][^:`]*):(?:\s+(.*))?")
# The first line of a grid table and of a simple table (docutils).
_TABLE = re.compile(r"\s*(?:\+(?:[-=]+\+)+|=+(?:[ \t]+=+)+)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in the docstring the next lines are taken from; ``in_list`` while they can belong to a list's item."""

    lines: Sequence[str]
    index: int
    in_list: bool

    @property
    def line(self) -> str:
        """The first line that is not taken yet."""
        return self.lines[self.index]

    def at(self, offset: int) -> str:
        """The line so many lines further on or back; empty where there is none."""
        index = self.index + offset
        return self.lines[index] if 0 <= index < len(self.lines) else ""


# How many lines a rule takes, and what stands in their place; None: the rule is not for these lines.
_Taken = tuple[int, list[str]] | None


def docstring_markdown(docstring: str) -> str:
    """``docstring``, whose indentation is that of ``inspect.cleandoc``, as Markdown. Nothing in it is lost."""
    lines = [line.rstrip() for line in docstring.expandtabs(4).strip("\n").split("\n")]
    written: list[str] = []
    index, in_list = 0, False
    while index < len(lines):
        place = _Place(lines=lines, index=index, in_list=in_list)
        count, taken = next(found for rule in _RULES if (found := rule(place)) is not None)
        # One blank line between what needs one, whoever asks for it.
        written += taken[1:] if taken[:1] == [""] and written[-1:] in ([], [""]) else taken
        in_list = _list_goes_on(place, taken)
        index += count
    return "\n".join(written).strip("\n")


def _list_goes_on(place: _Place, taken: Sequence[str]) -> bool:
    if taken and _ITEM.match(taken[0]):
        return True
    return place.in_list and not (place.line and _indentation(place.line) == 0 and not place.at(-1))


def _fence(place: _Place) -> _Taken:
    """A fenced block is code already; one that is left open ends with the docstring."""
    match = _FENCE.match(place.line)
    too_far = not place.in_list and _indentation(place.line) > 3  # noqa: PLR2004  # from four on it is indented code
    if match is None or too_far or _is_underline(place.at(-1), place.line):
        return None
    for count, line in enumerate(place.lines[place.index + 1 :], start=2):
        if line.strip().startswith(match[1]) and not line.strip().strip(match[1][0]):
            return count, list(place.lines[place.index : place.index + count])
    return len(place.lines) - place.index, [*place.lines[place.index :], match[1]]


def _doctest(place: _Place) -> _Taken:
    if not _is_prompt(place.line):
        return None
    end = place.index
    while end < len(place.lines) and place.lines[end]:
        end += 1
        # Examples with a blank line between them are one session.
        if end + 1 < len(place.lines) and not place.lines[end] and _is_prompt(place.lines[end + 1]):
            end += 1
    return end - place.index, _block(place, place.lines[place.index : end], "pycon")


def _is_prompt(line: str) -> bool:
    return line.lstrip() == ">>>" or line.lstrip().startswith(">>> ")


def _directive(place: _Place) -> _Taken:
    if match := _CODE_DIRECTIVE.fullmatch(place.line):
        count, body = _indented(place)
        options = next((number for number, line in enumerate(body) if not line.lstrip().startswith(":")), len(body))
        code = list(_stripped(body[options:]))
        return (count, _block(place, code, match[1])) if code else None
    if match := _ADMONITION.fullmatch(place.line):
        count, body = _indented(place)
        text = docstring_markdown("\n".join(filter(None, [match[2], dedent("\n".join(body))])))
        return count, ["", f"**{match[1].capitalize()}:** {text}".rstrip(), ""]
    return None


def _literal(place: _Place) -> _Taken:
    """What is indented below a line that ends with ``::`` (docutils' literal block)."""
    if not place.line.endswith("::") or place.line.lstrip().startswith(".. "):
        return None
    count, body = _indented(place)
    if not body:
        return None
    introduction = place.line.removesuffix("::").rstrip()
    shown = [f"{inline_markdown(introduction, introduction)}:"] if introduction else []
    return count, [*shown, *_block(place, body, "")]


def _table(place: _Place) -> _Taken:
    if not _TABLE.fullmatch(place.line):
        return None
    end = place.index
    while end < len(place.lines) and place.lines[end]:
        end += 1
    return end - place.index, _block(place, place.lines[place.index : end], "")


def _heading(place: _Place) -> _Taken:
    line, after = place.line, place.at(1)
    overlined = _UNDERLINE.fullmatch(line) and after and place.at(2).rstrip() == line
    if overlined and not _UNDERLINE.fullmatch(after):
        return 3, [f"{'#' if line[0] == '=' else '##'} {inline_markdown(after.strip(), after)}"]
    if place.at(-1) == "" and not place.in_list and _is_underline(line, after) and after[0] not in _SETEXT:
        return 2, [f"### {inline_markdown(line, line)}"]
    return None


def _is_underline(title: str, line: str) -> bool:
    match = _UNDERLINE.fullmatch(line)
    return bool(match and title and not _UNDERLINE.fullmatch(title) and len(line) >= len(title))


def _field(place: _Place) -> _Taken:
    """A field list (``:param x: …``), whose lines Markdown would run together."""
    match = _FIELD.fullmatch(place.line)
    return (1, [f"- **{match[1]}:** {inline_markdown(match[2] or '', match[2] or '')}".rstrip()]) if match else None


def _indented_block(place: _Place) -> _Taken:
    """What is indented and in no list: an example, the options of a command, the arguments of a section.

    Markdown would add the lines to the paragraph before them, or take them for code too, by how far they stand in.
    """
    if place.in_list or _indentation(place.line) < 2 or _ITEM.match(place.line):  # noqa: PLR2004  # one is a slip
        return None
    end = place.index + 1
    while end < len(place.lines) and (not place.lines[end] or _indentation(place.lines[end]) > 1):
        end += 1
    while not place.lines[end - 1]:
        end -= 1
    body = place.lines[place.index : end]
    return (end - place.index, _block(place, body, "")) if place.index else None


def _list_after_text(place: _Place) -> _Taken:
    """An indented list right below a line of text: Markdown needs it to stand on its own."""
    if place.in_list or _indentation(place.line) < 2 or not _ITEM.match(place.line):  # noqa: PLR2004  # likewise
        return None
    end = place.index + 1
    while end < len(place.lines) and (
        not place.lines[end] or _indentation(place.lines[end]) >= _indentation(place.line)
    ):
        end += 1
    body = dedent("\n".join(place.lines[place.index : end])).split("\n")
    return end - place.index, [*([""] if place.at(-1) else []), *(inline_markdown(line, line) for line in body)]


def _prose(place: _Place) -> _Taken:
    return 1, [inline_markdown(place.line, "\n".join(place.lines))]


def _indented(place: _Place) -> tuple[int, list[str]]:
    """How many lines belong to the line here by being indented below it, it included; and those lines."""
    base, end = _indentation(place.line), place.index + 1
    while end < len(place.lines) and (not place.lines[end] or _indentation(place.lines[end]) > base):
        end += 1
    body = list(_stripped(place.lines[place.index + 1 : end]))
    return end - place.index, body


def _stripped(lines: Sequence[str]) -> Iterator[str]:
    first = next((number for number, line in enumerate(lines) if line), len(lines))
    last = next((number for number in range(len(lines), 0, -1) if lines[number - 1]), first)
    yield from lines[first:last]


def _block(place: _Place, lines: Sequence[str], language: str) -> list[str]:
    """``lines`` as a block of code of its own; inside a list it stays with its item."""
    indentation = " " * min(map(_indentation, filter(None, lines))) if place.in_list else ""
    block = fenced(dedent("\n".join(lines)), language).split("\n")
    return ["", *(f"{indentation}{line}".rstrip() for line in block), ""]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


# The first that is for the lines takes them.
_RULES: tuple[Callable[[_Place], _Taken], ...] = (
    _fence,
    _doctest,
    _directive,
    _literal,
    _table,
    _heading,
    _field,
    _list_after_text,
    _indented_block,
    _prose,
)
