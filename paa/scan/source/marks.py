"""Comment marks on imports.

``#==1.2`` ``#[extra]>=2`` ``#-`` stand behind an import; ``#@ requirement`` and ``#! import a #==1.0`` stand on a line
of their own. The notation is that of the existing tool, read as PEP 508 and PEP 440 have it. A mark inside a string is
no mark.
"""

import ast
import builtins
import io
import itertools
import re
import tokenize
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from paa.scan.source.facts import Fault, ImportFact, ImportKind, Mark

# Tokenizing costs twice what parsing does, so it is done only where a line looks like a mark.
_LIKELY = re.compile(r"^[ \t\f]*#(?:@|![ \t]*(?:import|from)\b)", re.MULTILINE)
_DECORATION = re.compile(r"[-=<>~!*_#\s]{3,}")
# With an operator, a version has to follow or nothing: "#=> see below" is prose.
_MARK_START = re.compile(r"-(?=\s|$)|\[|(?:===|[=~!<>]=|[=<>~])\s*(?:[\w*]|$)")
# Somebody's idea of one: operators of other tools and alphabets, and characters that nobody sees.
_MARK_MEANT = re.compile(
    r"[\u200b-\u200d\u2060\ufeff,]*(?:\^|=[<>]|<>|[=<>~!\uff1d\uff1c\uff1e\uff5e\u2264\u2265\u2260]{1,2})\s*\d"
)
_EXTRAS = re.compile(r"\[([^\]]*)\]")
_EXTRA_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# Colab's form fields are comments of the same look; they ask for nothing.
_COLAB = re.compile(r"@(?:title|param|markdown|test)(?=[\s{\[]|$)")
_DECORATOR = re.compile(r"@([A-Za-z_]\w*)(?:\.\w+)*(?:\(.*)?")
_DECORATED = re.compile(r"[#\s]*(?:async\s+def|def|class)\b")
_OPTIONAL = re.compile(r"![ \t]*((?:import|from)\b[^#]*)(?:#(.*))?")
_LONE = re.compile(r"@\s|![ \t]*(?:import|from)\b")
_QUOTED = re.compile('"[^"]*"')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST = 1000
_ADVICE = "write #==1.2, #>=1,<2, #[extra]>=2 or #- (PEP 440 and PEP 508), or put a space behind # for a plain comment"

_REQUIREMENT = "write a PEP 508 requirement: #@ name>=1.2, or put a space behind # for a plain comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMarks:
    """The marks of one file that stand on lines of their own: added requirements, optional imports, and faults."""

    added: list[tuple[str, int]] = field(default_factory=list)
    optional: list[ImportFact] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def marks_behind(lines: Sequence[bytes], statement: ast.Import | ast.ImportFrom) -> list[Mark | Fault]:
    """The marks behind an import, on any of its lines. ``lines`` are the source's in UTF-8.

    A mark that can't be read is a fault, never dropped.
    """
    found = (parse_mark(comment, line) for line, comment in _comments_of(lines, statement))
    return [mark for mark in found if mark is not None]


def _comments_of(lines: Sequence[bytes], statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[int, str]]:
    """The comments of an import. There are no strings in one, so every ``#`` between its ends begins a comment."""
    last, end = statement.end_lineno or statement.lineno, statement.end_col_offset or 0
    for number in range(statement.lineno, last):
        start = statement.col_offset if number == statement.lineno else 0
        _, sign, comment = lines[number - 1][start:].partition(b"#")
        if sign:
            yield number, comment.decode().rstrip()
    rest = lines[last - 1][end:]
    while rest.strip() == b"\\" and last < len(lines):
        rest, last = lines[last], last + 1
    before, sign, comment = rest.partition(b"#")
    # Behind the end, another statement may follow: its comments are not ours.
    if sign and before.strip() in {b"", b";"}:
        yield last, comment.decode().rstrip()


def file_marks(text: str, bound: Callable[[], Container[str]]) -> FileMarks:
    """The marks on lines of their own in ``text``, which must parse.

    ``bound`` gives the names that the file binds: ``#@name`` with one of them is a decorator that was commented out.
    """
    marks = FileMarks()
    if ("#@" not in text and "#!" not in text) or not _LIKELY.search(text):
        return marks
    try:
        for line, comment in _lone_comments(text):
            if comment.startswith("@") and not _COLAB.match(comment):
                if not (_may_be_decorator(comment, bound) and _decorates(text, line)):
                    _add_requirement(marks, comment[1:].partition(" #")[0].strip(), line)
            elif match := _OPTIONAL.fullmatch(comment):
                _add_optional(marks, match, line)
    except (tokenize.TokenError, SyntaxError) as error:
        marks.faults.append(Fault(rule="mark", message=f"the comments of this file can't be read: {error}"))
    return marks


def parse_mark(comment: str, line: int) -> Mark | Fault | None:
    """What the comment behind an import (without its ``#``) asks for; None when it is an ordinary comment.

    A mark stands directly behind the ``#``. After a space, or behind another comment, it counts only if it can be
    read whole: ``# >= 2 items`` is prose.
    """
    first, *rest = comment.split("#")
    if _DECORATION.fullmatch(comment):
        return None
    if _LONE.match(comment):
        message = f"the mark #{comment} stands behind an import"
        return Fault(rule="mark", message=message, line=line, advice="put it on a line of its own")
    if _MARK_START.match(first) or _MARK_MEANT.match(first):
        message = f"the mark #{first.strip()} can't be read"
        return _parse(first.strip()) or Fault(rule="mark", message=message, line=line, advice=_ADVICE)
    for part in map(str.strip, (first, *rest)):
        mark = _parse(part) if _MARK_START.match(part) else None
        if mark is not None:
            prose = (mark.ignore and part != "-") or (not mark.specifier and "".join(mark.extras).isdigit())
            return None if prose else mark
    return None


def _parse(text: str) -> Mark | None:
    if re.match(r"-(\s|$)", text):
        return Mark(ignore=True)
    if len(text) > _LONGEST:
        return None
    extras: tuple[str, ...] = ()
    if match := _EXTRAS.match(text):
        extras = tuple(sorted({name.strip() for name in match[1].split(",")}))
        if not all(_EXTRA_NAME.fullmatch(name) for name in extras):
            return None
        text = text[match.end() :].strip()
    try:
        return Mark(extras=extras, specifier=str(SpecifierSet(text)))
    except InvalidSpecifier:
        return None


def merge_marks(marks: Sequence[Mark]) -> Mark | None:
    """What the marks of one import ask for together."""
    if not marks or any(mark.ignore for mark in marks):
        return Mark(ignore=True) if marks else None
    extras = tuple(sorted({extra for mark in marks for extra in mark.extras}))
    return Mark(extras=extras, specifier=",".join(sorted({mark.specifier for mark in marks if mark.specifier})))


def _may_be_decorator(comment: str, bound: Callable[[], Container[str]]) -> bool:
    match = _DECORATOR.fullmatch(comment)
    return match is not None and (hasattr(builtins, match[1]) or match[1] in bound())


def _decorates(text: str, line: int) -> bool:
    """Whether a function or class follows ``line``, commented out like it or not."""
    for following in itertools.islice(text.split("\n"), line, None):
        if _DECORATED.match(following):
            return True
        if following.strip() and not following.lstrip().startswith(("#", "@")):
            return False
    return False


def _add_requirement(marks: FileMarks, text: str, line: int) -> None:
    try:
        requirement = Requirement(text[:_LONGEST])
        if requirement.marker and "extra" in _QUOTED.sub("", str(requirement.marker)):
            message = f"#@ {text}: what is added is always required, an extra can't be asked for"
            advice = "write #! import name, or add it to extras_require in __package_metadata__"
            marks.faults.append(Fault(rule="mark", message=message, line=line, advice=advice))
        if requirement.url and not _SCHEME.match(requirement.url):
            message = f"#@ {text}: not a requirement: its address has no scheme such as https:"
            marks.faults.append(Fault(rule="mark", message=message, line=line, advice=_REQUIREMENT))
        marks.added.append((str(requirement), line))
    except (InvalidRequirement, RecursionError) as error:
        reason = (str(error).splitlines() or [""])[0]
        message = f"#@ {text}: not a requirement: {reason}"
        marks.faults.append(Fault(rule="mark", message=message, line=line, advice=_REQUIREMENT))


def _add_optional(marks: FileMarks, match: re.Match[str], line: int) -> None:
    """``#! import a #==1.0``: an import that is not run here but has an extra."""
    mark = parse_mark(match[2], line) if match[2] else None
    if isinstance(mark, Fault):
        marks.faults.append(mark)
        return
    try:
        (statement,) = ast.parse(match[1].strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        statement = ast.Pass()
    match statement:
        case ast.Import(names=aliases):
            imported: list[tuple[str, tuple[str, ...]]] = [(alias.name, ()) for alias in aliases]
        case ast.ImportFrom(module=str(module), level=0, names=aliases):
            imported = [(module, tuple(alias.name for alias in aliases))]
        case _:
            message = f"#{match[0]}: there is no absolute import behind the mark that can be read"
            advice = "write #! import name or #! from name import x"
            marks.faults.append(Fault(rule="mark", message=message, line=line, advice=advice))
            return
    marks.optional.extend(
        ImportFact(module=module, names=names, line=line, kind=ImportKind.OPTIONAL, mark=mark)
        for module, names in imported
    )


def _lone_comments(text: str) -> Iterator[tuple[int, str]]:
    """Every comment with nothing before it on its line: its line, and its text without the ``#``."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip():
            yield token.start[0], token.string[1:].rstrip()
