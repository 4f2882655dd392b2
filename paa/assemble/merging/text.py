"""The text of a merged module: each component where it runs for the first time, imports of components made to fit."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paa.scan.components import Layout
from paa.scan.mergeable.origins import Origins
from paa.scan.mergeable.reflection import own_names
from paa.scan.mergeable.sources import Imported, ImportStatement, Leads, Source, described
from paa.scan.mergeable.uses import component_of
from paa.scan.source.edits import Edit, apply, line_starts, span

_NEXT_ON_LINE = re.compile(rb"[ \t\f]*;[ \t\f]*(?![ \t\f]*(?:#|\n|\Z))")
_NO_MORE_CODE = re.compile(rb"[ \t\f]*(?:#|\n|\Z)")
# The lines around a component in the merged text.
_HEAD, _FOOT = b"# >>> ", b"# <<< "


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What writing merged sources needs. ``placed``: import statement (identity) → the components that run there."""

    layout: Layout
    origins: Origins
    merged: frozenset[str]
    placed: Mapping[int, tuple[str, ...]]


def module_text(writing: Writing, path: str) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """The merged module, and the lines in it (first and last) that belong to components."""
    source = writing.origins.sources[path]
    parts: list[bytes] = []
    taken: list[tuple[int, int]] = []
    line, done = 1, 0
    for edit in sorted(_edits(writing, source), key=lambda edit: edit.start):
        before, text = source.text[done : edit.start], edit.text.encode()
        line += before.count(b"\n")
        begin, end = text.find(_HEAD), text.rfind(_FOOT)
        if end >= 0:
            taken.append((line + text.count(b"\n", 0, begin), line + text.count(b"\n", 0, end)))
        line += text.count(b"\n")
        parts += (before, text)
        done = edit.end
    return _ended(b"".join([*parts, source.text[done:]])), tuple(taken)


def _component(writing: Writing, path: str) -> str:
    source = writing.origins.sources[path]
    text = _ended(apply(source.text, _edits(writing, source))).decode()
    # As they are called in a package: where the repository keeps them is no part of it.
    name = writing.layout.shipped_path(path).partition("/")[2]
    return f"{_HEAD.decode()}{name}\n{text}{_FOOT.decode()}{name}\n"


def _ended(text: bytes) -> bytes:
    return text if not text or text.endswith(b"\n") else text + b"\n"


def beside_text(writing: Writing, path: str) -> bytes:
    """A source that stays a file, with its imports of merged components leading to the module, line for line."""
    source = writing.origins.sources[path]
    starts = line_starts(source.text)
    edits = []
    for statement in source.imports:
        if any(item.path in writing.merged for item in statement.imported):
            begin, end = span(starts, statement.node)
            breaks = " \\\n" * source.text.count(b"\n", begin, end)
            text = _rewritten(writing, statement).replace(" ", f" {breaks}", 1) if breaks else None
            edits.append(Edit(start=begin, end=end, text=text or _rewritten(writing, statement)))
    return apply(source.text, edits)


def _edits(writing: Writing, source: Source) -> Iterator[Edit]:
    starts = line_starts(source.text)
    for statement in source.imports:
        begin, end = span(starts, statement.node)
        text = _rewritten(writing, statement)
        components = "".join(_component(writing, path) for path in writing.placed.get(id(statement.node), ()))
        if components:
            # Statements before and behind it on its line get lines of their own.
            line_begin = source.text.rfind(b"\n", 0, begin) + 1
            more = _NEXT_ON_LINE.match(source.text, end)
            first = "\n" if source.text[line_begin:begin].strip() else ""
            yield Edit(
                start=begin,
                end=more.end() if more else end,
                text=f"{first}{components}{text}" + ("\n" if more else ""),
            )
        else:
            yield Edit(start=begin, end=end, text=text)
    if source.path != writing.origins.module:
        yield from _component_edits(writing.layout, source, starts)


def _component_edits(layout: Layout, source: Source, starts: list[int]) -> Iterator[Edit]:
    """Without what belongs to a file of its own: docstring, ``from __future__``, descriptions.

    ``__name__`` is written out as it is where components are files.
    """
    own_name = _dotted(layout, source.path.removesuffix(".py").removesuffix("/__init__"))
    for name in own_names(source):
        begin, end = span(starts, name)
        yield Edit(start=begin, end=end, text=f'"{own_name}"')
    statements = [node for node in source.tree.body if _is_future(node)]
    statements += described(source)
    if ast.get_docstring(source.tree, clean=False) is not None:
        statements.append(source.tree.body[0])
    for node in statements:
        begin, end = span(starts, node)
        alone = not source.text[source.text.rfind(b"\n", 0, begin) + 1 : begin].strip()
        yield Edit(start=begin, end=end, text="" if alone and _NO_MORE_CODE.match(source.text, end) else "pass")


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level


def _dotted(layout: Layout, place: str) -> str:
    """The name of a component (its path without a suffix) as a module of its own."""
    rest = place.removeprefix(layout.dependencies_dir).strip("/")
    return "/".join(filter(None, [layout.package, layout.shipped_folder, rest])).replace("/", ".")


def _rewritten(writing: Writing, statement: ImportStatement) -> str:
    """The statement with what it takes from merged components taken from the package."""
    taken: list[tuple[str, str]] = []
    for item in statement.imported:
        taken += _pieces(writing, statement, item)
    texts: list[str] = []
    for module, name in dict.fromkeys(taken):
        if not module:
            texts.append(name)
        elif texts and texts[-1].startswith(f"from {module} import "):
            texts[-1] += f", {name}"
        else:
            texts.append(f"from {module} import {name}")
    return "; ".join(texts) or "pass"


def _pieces(writing: Writing, statement: ImportStatement, item: Imported) -> Iterator[tuple[str, str]]:
    """What to write for one name: (module, name) for ``from … import``, ("", statement) for the rest."""
    package = writing.layout.package
    alias = item.alias
    renamed = f"{item.name or alias.name} as {alias.asname}" if alias.asname else item.name or alias.name
    component = component_of(writing.origins, item)
    if component is not None and component.path in writing.merged:
        yield "", f"import {package} as {item.bound}"
    elif item.leads is Leads.TO_NAME and item.path in writing.merged:
        yield package, renamed
    elif item.leads is Leads.TO_ALL_NAMES and item.path in writing.merged:
        yield from ((package, name) for name in writing.origins.public_names(item.path))
    elif item.leads is Leads.TO_ITSELF:
        yield (package, renamed) if isinstance(statement.node, ast.ImportFrom) else ("", f"import {renamed}")
    elif item.leads is Leads.OUT:
        yield "", f"import {renamed}"
    else:
        place = _dotted(writing.layout, item.place)
        is_from = isinstance(statement.node, ast.ImportFrom)
        yield (place, renamed) if is_from else ("", f"import {place} as {item.bound}")
