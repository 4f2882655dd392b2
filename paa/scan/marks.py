"""Comment marks on imports, found with the tokenizer: a mark inside a string is no mark.

``#==1.2`` ``#[extra]>=2`` ``#-`` stand behind an import; ``#@ requirement`` and ``#! import a #==1.0`` stand on a line
of their own. The notation is that of the existing tool, read as PEP 508 and PEP 440 have it.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from paa.scan.facts import Fault, ImportFact, ImportKind, Mark

# Tokenizing costs twice what parsing does, so it is done only where something looks like a mark.
_LIKELY = re.compile(rb"#[ \t]*(?:-(?=\s|$)|@|![ \t]*(?:import|from)\b|\[|[=~!<>]=|[<>=~])", re.MULTILINE)
_DECORATION = re.compile(r"[-=<>~!*_#\s]{3,}")
_MARK_START = re.compile(r"-(?=\s|$)|\[|[=~!<>]")
_EXTRAS = re.compile(r"\[([^\]]*)\]")
_EXTRA_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# Colab's form fields are comments of the same look; they ask for nothing.
_COLAB = re.compile(r"(?:title|param|markdown|test)\b")
_OPTIONAL = re.compile(r"[ \t]*((?:import|from)\b[^#]*)(?:#(.*))?")
_ADVICE = "write #==1.2, #>=1,<2, #[extra]>=2 or #- (PEP 440 and PEP 508), or put a space behind # for a plain comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMarks:
    """The marks of one file: on import lines by line number, added requirements, optional imports, and faults."""

    on_line: tuple[tuple[int, Mark | Fault], ...] = ()
    added: tuple[tuple[str, int], ...] = ()
    optional: tuple[ImportFact, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_marks(source: bytes) -> FileMarks:
    """The marks in ``source``, which must parse. A mark that can't be read is a fault, never dropped."""
    if not _LIKELY.search(source):
        return FileMarks()
    on_line: list[tuple[int, Mark | Fault]] = []
    added: list[tuple[str, int]] = []
    optional: list[ImportFact] = []
    faults: list[Fault] = []
    try:
        for line, alone, comment in _comments(source):
            if not alone:
                mark = parse_mark(comment, line)
                if mark is not None:
                    on_line.append((line, mark))
            elif comment.startswith("@") and not _COLAB.match(comment, 1):
                _add_requirement(comment[1:].partition(" #")[0].strip(), line, added, faults)
            elif comment.startswith("!") and (match := _OPTIONAL.fullmatch(comment, 1)):
                _add_optional(match, line, optional, faults)
    except (tokenize.TokenError, SyntaxError) as error:
        faults.append(Fault(rule="mark", message=f"the comments of this file can't be read: {error}"))
    return FileMarks(on_line=tuple(on_line), added=tuple(added), optional=tuple(optional), faults=tuple(faults))


def parse_mark(comment: str, line: int) -> Mark | Fault | None:
    """What the comment behind an import (without its ``#``) asks for; None when it is an ordinary comment.

    A mark stands directly behind the ``#``. After a space, or behind another comment, it counts only if it can be
    read whole: ``# >= 2 items`` is prose.
    """
    first, *rest = comment.split("#")
    if _DECORATION.fullmatch(comment):
        return None
    if _MARK_START.match(first):
        mark = _parse(first.strip())
        return mark or Fault(rule="mark", message=f"the mark #{first.strip()} can't be read", line=line, advice=_ADVICE)
    for part in (first, *rest):
        mark = _parse(part.strip()) if _MARK_START.match(part.strip()) else None
        if mark is not None:
            return mark if not mark.ignore or part.strip() == "-" else None
    return None


def _parse(text: str) -> Mark | None:
    if re.match(r"-(\s|$)", text):
        return Mark(ignore=True)
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


def _add_requirement(text: str, line: int, added: list[tuple[str, int]], faults: list[Fault]) -> None:
    try:
        added.append((str(Requirement(text)), line))
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        message = f"#@ {text}: not a requirement: {reason}"
        faults.append(
            Fault(rule="mark", message=message, line=line, advice="write a PEP 508 requirement: #@ name>=1.2")
        )


def _add_optional(match: re.Match[str], line: int, optional: list[ImportFact], faults: list[Fault]) -> None:
    """``#! import a #==1.0``: an import that is not run here but has an extra."""
    mark = parse_mark(match[2], line) if match[2] else None
    if isinstance(mark, Fault):
        faults.append(mark)
        return
    try:
        (statement,) = ast.parse(match[1].strip()).body
    except (SyntaxError, ValueError):
        message = f"#!{match[0]}: the import behind the mark does not parse"
        faults.append(
            Fault(rule="mark", message=message, line=line, advice="write #! import name or #! from name import x")
        )
        return
    if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        names = tuple(alias.name for alias in statement.names)
        optional.append(
            ImportFact(module=statement.module, names=names, line=line, kind=ImportKind.OPTIONAL, mark=mark)
        )
    elif isinstance(statement, ast.Import):
        optional += (
            ImportFact(module=alias.name, line=line, kind=ImportKind.OPTIONAL, mark=mark) for alias in statement.names
        )


def _comments(source: bytes) -> Iterator[tuple[int, bool, str]]:
    """Every comment: its line, whether nothing stands before it on that line, and its text without the ``#``."""
    for token in tokenize.tokenize(io.BytesIO(source).readline):
        if token.type == tokenize.COMMENT:
            alone = not token.line[: token.start[1]].strip()
            yield token.start[0], alone, token.string[1:].rstrip()
