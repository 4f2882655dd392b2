"""The import package: the module as ``__init__.py``, components and interfaces at their places, imports made to fit."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from paa.errors import FindingsError
from paa.scan.components import Layout, LocalImport, local_import
from paa.scan.facts import ImportFact

_LINE_END = re.compile(rb"\r\n|\r|\n")
# What may stand between the parts of a dotted name (Python's language reference, 2.1.5 and 2.1.9).
_GAP = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_IDENTIFIER = r"[^\W\d]\w*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """Replace the UTF-8 bytes from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """An absolute import of components: ``alias`` is one of the names of ``import …``, None for ``from … import``."""

    statement: ast.Import | ast.ImportFrom
    alias: ast.alias | None
    local: LocalImport


def with_version(source: bytes, version: str) -> bytes:
    """``source`` with ``__version__`` appended: at the end, so that no line number moves."""
    newline = b"\r\n" if b"\r\n" in source else b"\n"
    ending = b"" if not source or source.endswith((b"\n", b"\r")) else newline
    return source + ending + f'__version__ = "{version}"'.encode() + newline


def rewrite_imports(source: bytes, layout: Layout, importer: str) -> bytes:
    """``source`` with its absolute imports of components leading into the package, found by position, not by text.

    ``import components.x`` keeps binding ``components``, and never the package's own name. Raises FindingsError for an
    import that can't be kept: ``import python_modules.components.x`` without ``as``.
    """
    with warnings.catch_warnings():
        # What Python has to say about the user's own code is not ours to repeat.
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    found = [
        item
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for item in _replaced(layout, importer, statement)
    ]
    if not found:
        return source
    with io.BytesIO(source) as stream:
        encoding, _ = tokenize.detect_encoding(stream.readline)
    text = source.decode(encoding).encode()
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    edits = [edit for item in found for edit in _edits(text, starts, item, _binding(layout, importer, item))]
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text.encode() + text[edit.end :]
    return text.decode().encode(encoding)


def _replaced(layout: Layout, importer: str, statement: ast.Import | ast.ImportFrom) -> Iterator[_Found]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            local = local_import(layout, importer, ImportFact(module=alias.name, line=statement.lineno))
            if local is not None and local.replaced:
                yield _Found(statement=statement, alias=alias, local=local)
    elif statement.level == 0 and statement.module:
        names = tuple(alias.name for alias in statement.names)
        fact = ImportFact(module=statement.module, names=names, line=statement.lineno)
        local = local_import(layout, importer, fact)
        if local is not None and local.replaced:
            yield _Found(statement=statement, alias=None, local=local)


def _binding(layout: Layout, importer: str, found: _Found) -> str:
    """What to put behind the dotted name so that the statement binds what it did.

    ``import components.x`` binds ``components``; ``import package.components.x`` alone would bind ``package``, which
    may be the name of something in the module. A private name is bound instead.
    """
    alias = found.alias
    if alias is None or alias.asname is not None:
        return ""
    names, shipped = alias.name.split("."), layout.shipped_folder.split("/")
    if alias.name == shipped[-1]:
        return f" as {alias.name}"
    if names[0] == shipped[-1]:
        return f" as _{names[0]}, {found.local.replacement} as {names[0]}"
    if names[: found.local.replaced] == shipped:
        return f" as _{names[0]}, {layout.package}.{names[0]} as {names[0]}"
    message = f"{importer}:{found.statement.lineno}: 'import {alias.name}' can't be kept inside a package"
    raise FindingsError(message, advice=f"write 'import {alias.name} as …' or 'from {alias.name} import …'")


def _edits(text: bytes, starts: list[int], found: _Found, binding: str) -> Iterator[_Edit]:
    """The replacement of the leading parts of the dotted name, and what comes behind it."""
    node = found.statement if found.alias is None else found.alias
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    keyword = rf"from{_GAP}" if found.alias is None else ""
    parts = rf"{_GAP}\.{_GAP}".join([_IDENTIFIER] * found.local.replaced)
    name = re.match(rf"({keyword})({parts})", text[begin:end].decode())
    if name is None:
        message = f"the import at {found.statement.lineno}:{node.col_offset} is not where Python's parser has it"
        raise FindingsError(message, advice="write it on one line")
    before, replaced = (len(group.encode()) for group in name.groups())
    yield _Edit(start=begin + before, end=begin + before + replaced, text=found.local.replacement)
    if binding:
        yield _Edit(start=end, end=end, text=binding)
