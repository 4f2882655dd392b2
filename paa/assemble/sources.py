"""The import package: the module as ``__init__.py``, components and interfaces at their places, imports made to fit."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paa.errors import FindingsError
from paa.model import InterfaceKind
from paa.scan.components import Layout, LocalImport, local_import
from paa.scan.facts import ImportFact

# The names that the existing tool gives these files inside a package.
INTERFACE_FILES: Mapping[InterfaceKind, str] = {
    InterfaceKind.CLI: "cli.py",
    InterfaceKind.API: "routes.py",
    InterfaceKind.STREAMLIT: "streamlit.py",
    InterfaceKind.MCP: "mcp_server.py",
}
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """Replace the UTF-8 bytes from ``start`` to ``end`` by ``text``."""

    start: int
    end: int
    text: bytes


def with_version(source: bytes, version: str) -> bytes:
    """``source`` with ``__version__`` appended: at the end, so that no line number moves."""
    ending = b"" if not source or source.endswith((b"\n", b"\r")) else b"\n"
    return source + ending + f'__version__ = "{version}"\n'.encode()


def rewrite_imports(source: bytes, layout: Layout, importer: str) -> bytes:
    """``source`` with its absolute imports of components leading into the package, found by position, not by text.

    ``import components.x`` keeps binding ``components``. Raises FindingsError for an import that can't be kept:
    ``import python_modules.components.x`` without ``as``.
    """
    tree = ast.parse(source)
    found = [
        (statement, item)
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
    edits = [edit for statement, item in found for edit in _edits(text, starts, statement, item)]
    if any(isinstance(statement, ast.Import) for statement, _ in found):
        edits += _bindings(layout, importer, starts, found)
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text.decode().encode(encoding)


def _replaced(
    layout: Layout, importer: str, statement: ast.Import | ast.ImportFrom
) -> Iterator[tuple[ast.alias | None, LocalImport]]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            local = local_import(layout, importer, ImportFact(module=alias.name, line=statement.lineno))
            if local is not None and local.replaced:
                yield alias, local
    elif statement.level == 0 and statement.module:
        names = tuple(alias.name for alias in statement.names)
        fact = ImportFact(module=statement.module, names=names, line=statement.lineno)
        local = local_import(layout, importer, fact)
        if local is not None and local.replaced:
            yield None, local


def _edits(
    text: bytes, starts: list[int], statement: ast.stmt, item: tuple[ast.alias | None, LocalImport]
) -> Iterator[_Edit]:
    """The replacement of the leading parts of the dotted name."""
    alias, local = item
    node = statement if alias is None else alias
    begin = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    start, stop = _name_span(text[begin:end].decode(), skip=1 if alias is None else 0, parts=local.replaced)
    yield _Edit(start=begin + start, end=begin + stop, text=local.replacement.encode())


def _name_span(segment: str, *, skip: int, parts: int) -> tuple[int, int]:
    """Byte offsets in ``segment`` of the first ``parts`` names of its dotted name, after ``skip`` keywords."""
    lines = segment.splitlines(keepends=True)
    names = []
    for token in tokenize.generate_tokens(io.StringIO(segment).readline):
        if token.type == tokenize.NAME:
            names.append(token)
            if len(names) == skip + parts:
                break

    def offset(place: tuple[int, int]) -> int:
        row, column = place
        return len("".join(lines[: row - 1]).encode()) + len(lines[row - 1][:column].encode())

    return offset(names[skip].start), offset(names[-1].end)


def _bindings(
    layout: Layout,
    importer: str,
    starts: list[int],
    found: list[tuple[ast.Import | ast.ImportFrom, tuple[ast.alias | None, LocalImport]]],
) -> Iterator[_Edit]:
    """``import components.x`` binds ``components``: bind it again behind the statement, on the same line."""
    *above, folder = [layout.package, *layout.shipped_folder.split("/")]
    done = set()
    for statement, (alias, _) in found:
        if alias is None or alias.asname is not None:
            continue
        if alias.name.partition(".")[0] != folder:
            message = f"{importer}:{statement.lineno}: 'import {alias.name}' can't be kept inside a package"
            raise FindingsError(message, advice=f"write 'import {alias.name} as …' or 'from {alias.name} import …'")
        end = starts[(statement.end_lineno or statement.lineno) - 1] + (statement.end_col_offset or 0)
        if end not in done:
            done.add(end)
            yield _Edit(start=end, end=end, text=f"; from {'.'.join(above)} import {folder}".encode())
