"""Names that an interface has from its module's star import although only a component binds them.

In repositories of package-auto-assembler a module and its components become one module, and ``from tool.tool import *``
in an interface gives all their names. Here components stay modules of their own, so what is missing is imported from
the component that has it, behind the star import and on its line.
"""

import ast
import builtins
import symtable
from collections.abc import Collection, Iterator, Mapping

from paa.assemble.edits import Edit, apply, encoding_of, line_starts, parse, span
from paa.errors import FindingsError
from paa.scan.components import Layout, local_import
from paa.scan.source.facts import ImportFact, SourceFacts
from paa.scan.source.imports import read_source

# What Python itself binds in every module.
_ALWAYS = frozenset({*dir(builtins), "__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__"})


def lend_names(sources: Mapping[str, bytes], layout: Layout, interfaces: Collection[str]) -> dict[str, bytes]:
    """``sources`` (module, components and ``interfaces``, by path) with what is missing imported in the interfaces.

    Raises FindingsError for a name that several components bind to different things.
    """
    facts = {path: read_source(data) for path, data in sources.items() if path not in interfaces}
    given = _star_gives(layout, layout.module, facts)
    components = {path: found for path, found in facts.items() if path != layout.module}
    changed = dict(sources)
    for path in interfaces:
        star = _last_star(layout, path, sources[path])
        if star is None or given is None:
            continue
        lenders = {name: _lender(name, path, components) for name in sorted(_unbound(sources[path]) - given)}
        added = "".join(f"; from {_dotted(lender)} import {name}" for name, lender in lenders.items() if lender)
        changed[path] = _behind(sources[path], star, added) if added else sources[path]
    return changed


def _last_star(layout: Layout, path: str, source: bytes) -> ast.ImportFrom | None:
    """The last ``from package import *`` of the module itself in the file at ``path``."""
    found = None
    for statement in parse(source).body:
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            fact = ImportFact(module=statement.module or "", names=("*",), level=statement.level, line=statement.lineno)
            local = local_import(layout, path, fact)
            if local is not None and local.fault is None and not local.files:
                found = statement
    return found


def _star_gives(layout: Layout, path: str, facts: Mapping[str, SourceFacts]) -> frozenset[str] | None:
    """The names that ``from … import *`` of a file gives; None where they are chosen by hand or can't be known."""
    if "__all__" in facts[path].bindings:
        return None
    names: set[str] = set()
    waiting, seen = [path], {path}
    while waiting:
        importer = waiting.pop()
        source = facts[importer]
        names.update(source.exports if "__all__" in source.bindings else source.bindings)
        for fact in source.imports:
            if "*" not in fact.names:
                continue
            local = local_import(layout, importer, fact)
            if local is None or not local.files or local.files[-1] not in facts:
                return None
            if local.files[-1] not in seen:
                seen.add(local.files[-1])
                waiting.append(local.files[-1])
    return frozenset(names)


def _unbound(source: bytes) -> frozenset[str]:
    """The public names that a source uses and nothing in it binds."""
    top = symtable.symtable(source.decode(encoding_of(source)), "<interface>", "exec")
    used: set[str] = set()
    bound: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table is not top and not symbol.is_global():
                continue
            if symbol.is_referenced():
                used.add(symbol.get_name())
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                bound.add(symbol.get_name())
    return frozenset(name for name in used - bound - _ALWAYS if not name.startswith("_"))


def _lender(name: str, path: str, components: Mapping[str, SourceFacts]) -> str | None:
    """The component that binds ``name``: of several the first, if all of them import the same."""
    binders = sorted(component for component, facts in components.items() if name in facts.bindings)
    meant = {tuple(_origins(name, components[binder])) or (binder,) for binder in binders}
    if len(meant) > 1:
        message = f"{path}: {name!r} is no name of the module, and several components have one: {', '.join(binders)}"
        raise FindingsError(message, advice=f"import {name!r} in {path} from the one that is meant")
    return binders[0] if binders else None


def _origins(name: str, facts: SourceFacts) -> Iterator[tuple[str, int]]:
    """Where a source imports ``name`` from, if it does."""
    for fact in facts.imports:
        if name in fact.names or (not fact.names and fact.module.partition(".")[0] == name):
            yield fact.module, fact.level


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _behind(source: bytes, statement: ast.ImportFrom, added: str) -> bytes:
    encoding = encoding_of(source)
    text = source.decode(encoding).encode()
    _, end = span(line_starts(text), statement)
    return apply(text, [Edit(start=end, end=end, text=added)]).decode().encode(encoding)
