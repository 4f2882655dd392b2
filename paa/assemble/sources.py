"""The import package: the module as ``__init__.py``, components and interfaces at their places, imports made to fit."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from paa.errors import FindingsError
from paa.scan.components import Layout, LocalImport, local_import
from paa.scan.source.edits import Edit, apply, encoding_of, line_starts, parse, span
from paa.scan.source.facts import ImportFact

# What may stand between the parts of a dotted name (Python's language reference, 2.1.5 and 2.1.9).
_GAP = r"(?:[ \t\f]|\\(?:\r\n|\r|\n))*"
_IDENTIFIER = r"[^\s.,;()\\#]+"


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

    ``import components.x`` keeps binding ``components``, ``import python_modules.components.x`` keeps binding
    ``python_modules`` (to the package, which has the components now), and neither binds the package's own name. No
    line is added or removed.
    """
    tree = parse(source)
    found = [
        item
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for item in _replaced(layout, importer, statement)
    ]
    if not found:
        return source
    encoding = encoding_of(source)
    text = source.decode(encoding).encode()
    starts = line_starts(text)
    edits = [edit for item in found for edit in _edits(text, starts, item, _binding(layout, item, text))]
    return apply(text, edits).decode().encode(encoding)


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


def _binding(layout: Layout, found: _Found, text: bytes) -> tuple[str, str]:
    """What to put behind the dotted name, and behind the statement, so that it binds what it did.

    ``import components.x`` binds ``components``; ``import package.components.x`` alone would bind ``package``, which
    may be the name of something in the module. What is imported is bound to a name that nothing in the module has.
    """
    alias = found.alias
    if alias is None or alias.asname is not None:
        return "", ""
    names, shipped = alias.name.split("."), layout.shipped_folder.split("/")
    free = f"_{names[0]}"
    while free.encode() in text:
        free = f"_{free}"
    if names[0] == shipped[-1] and found.local.replaced == 1:
        target = ".".join([layout.package, *shipped])
        return (f" as {names[0]}" if len(names) == 1 else f" as {free}, {target} as {names[0]}"), ""
    outer = names[: found.local.replaced - len(shipped)]
    if not outer:
        return f" as {free}, {layout.package}.{names[0]} as {names[0]}", ""
    if len(outer) == 1:
        return f" as {free}, {layout.package} as {outer[0]}", ""
    # Folders above the components' that are not there in a package: names that lead to the package.
    value = f'__import__("{layout.package}")'
    for name in reversed(outer[1:]):
        value = f'__import__("types").SimpleNamespace({name}={value})'
    return f" as {free}", f"; {outer[0]} = {value}"


def _edits(text: bytes, starts: list[int], found: _Found, binding: tuple[str, str]) -> Iterator[Edit]:
    """The replacement of the leading parts of the dotted name, and what comes behind it and behind the statement."""
    node = found.statement if found.alias is None else found.alias
    begin, end = span(starts, node)
    keyword = rf"from{_GAP}" if found.alias is None else ""
    parts = rf"{_GAP}\.{_GAP}".join([_IDENTIFIER] * found.local.replaced)
    name = re.match(rf"({keyword})({parts})", text[begin:end].decode())
    if name is None:
        message = f"the import at {found.statement.lineno}:{node.col_offset} is not where Python's parser has it"
        raise FindingsError(message, advice="write it on one line")
    before, replaced = (len(group.encode()) for group in name.groups())
    breaks = "".join(f" \\{line_end}" for line_end in re.findall(r"\r\n|\r|\n", name.group(2)))
    yield Edit(start=begin + before, end=begin + before + replaced, text=found.local.replacement + breaks)
    behind_name, behind_statement = binding
    if behind_name:
        yield Edit(start=end, end=end, text=behind_name)
    if behind_statement:
        _, end = span(starts, found.statement)
        yield Edit(start=end, end=end, text=behind_statement)
