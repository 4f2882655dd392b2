"""What one source file says, before anything is decided about it: plain data that can be cached by content hash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from paa.scan.source.glances import ALWAYS_POSSIBLE


class ImportKind(StrEnum):
    """How an import counts: see the table "Imports → requirements" in docs/reference/imports.md."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    TYPE_ONLY = "type-only"
    DYNAMIC = "dynamic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A comment mark on an import: ``ignore`` (``#-``), or extras and a specifier set (``#[a,b]>=1``)."""

    ignore: bool = False
    extras: tuple[str, ...] = ()
    specifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFact:
    """One imported module. ``import a, b`` is two facts; ``from a import x, y`` is one with two names.

    ``level`` counts the leading dots; ``module`` is empty for ``from . import x``; ``marker`` is the PEP 508 marker
    of the conditions around the statement, empty when there are none that can be expressed; ``fallback`` says that it
    stands in for an import that may fail (``except ImportError: import b``).
    """

    module: str
    names: tuple[str, ...] = ()
    level: int = 0
    line: int
    kind: ImportKind = ImportKind.REQUIRED
    marker: str = ""
    fallback: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in the file that keeps it from being understood, or that its author should know."""

    rule: str
    message: str
    line: int | None = None
    advice: str | None = None
    blocks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """Everything learnt from one source file. With a blocking fault the rest may be incomplete.

    ``exports`` are the names in ``__all__`` as far as they are written out. ``file_names`` are the texts, with their
    lines, that look like names of files in a source that looks for files beside itself. ``metadata_lines`` has the
    lines of what stands in the metadata (``url``, ``project_urls.Issues``, ``keywords.0``) where they are not those of
    what it stands in. ``may_need`` is the newest Python that the syntax may need (``paa.scan.source.glances``).
    """

    imports: tuple[ImportFact, ...] = ()
    added: tuple[tuple[str, int], ...] = ()
    docstring: str | None = None
    metadata: Mapping[str, object] | None = None
    metadata_line: int | None = None
    metadata_lines: Mapping[str, int] = field(default_factory=dict)
    command: str | None = None
    command_line: int | None = None
    defines_version: bool = False
    runs_as_program: bool = False
    bindings: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    file_names: tuple[tuple[str, int], ...] = ()
    may_need: tuple[int, int] = ALWAYS_POSSIBLE
    faults: tuple[Fault, ...] = field(default=())


def facts_to_json(facts: SourceFacts) -> list[object]:
    """A compact JSON value for the cache; ``facts_from_json`` turns it back."""
    imports = [
        [
            fact.module,
            list(fact.names),
            fact.level,
            fact.line,
            fact.kind.value,
            fact.marker,
            fact.fallback,
            None if fact.mark is None else [fact.mark.ignore, list(fact.mark.extras), fact.mark.specifier],
        ]
        for fact in facts.imports
    ]
    faults = [[fault.rule, fault.message, fault.line, fault.advice, fault.blocks] for fault in facts.faults]
    return [
        imports,
        [list(pair) for pair in facts.added],
        facts.docstring,
        facts.metadata,
        facts.metadata_line,
        dict(facts.metadata_lines),
        facts.command,
        facts.command_line,
        facts.defines_version,
        facts.runs_as_program,
        list(facts.bindings),
        list(facts.exports),
        [list(pair) for pair in facts.file_names],
        list(facts.may_need),
        faults,
    ]


def facts_from_json(value: object) -> SourceFacts | None:
    """Facts from the cache, or None when the value is not what ``facts_to_json`` writes (a damaged cache)."""
    try:
        return _facts(value)
    except (TypeError, ValueError, AttributeError):
        return None


def _facts(value: Any) -> SourceFacts:  # noqa: ANN401  # the shape is what is being tested
    imports, added, docstring, metadata, metadata_line, metadata_lines, command, command_line, *more = value
    version, program, bindings, exports, file_names, (major, minor), faults = more
    if not isinstance(metadata, dict | None):
        raise TypeError
    return SourceFacts(
        imports=tuple(_import_fact(*item) for item in imports),
        added=tuple((_text(text), int(line)) for text, line in added),
        docstring=None if docstring is None else _text(docstring),
        metadata=metadata,
        metadata_line=_line(metadata_line),
        metadata_lines={_text(name): int(line) for name, line in metadata_lines.items()},
        command=None if command is None else _text(command),
        command_line=_line(command_line),
        defines_version=bool(version),
        runs_as_program=bool(program),
        bindings=_texts(bindings),
        exports=_texts(exports),
        file_names=tuple((_text(name), int(line)) for name, line in file_names),
        may_need=(int(major), int(minor)),
        faults=tuple(
            Fault(rule=_text(rule), message=_text(message), line=_line(line), advice=advice, blocks=bool(blocks))
            for rule, message, line, advice, blocks in faults
        ),
    )


def _import_fact(*item: Any) -> ImportFact:  # noqa: ANN401  # likewise
    module, names, level, line, kind, marker, fallback, mark = item
    return ImportFact(
        module=_text(module),
        names=_texts(names),
        level=int(level),
        line=int(line),
        kind=ImportKind(kind),
        marker=_text(marker),
        fallback=bool(fallback),
        mark=None if mark is None else _mark(*mark),
    )


def _mark(ignore: object, extras: object, specifier: object) -> Mark:
    return Mark(ignore=bool(ignore), extras=_texts(extras), specifier=_text(specifier))


def _line(value: Any) -> int | None:  # noqa: ANN401  # likewise
    return None if value is None else int(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(_text, value))
