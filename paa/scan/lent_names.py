"""Names that an interface has from its module's star import although only a component binds them.

In repositories of package-auto-assembler a module and its components become one module, and ``from tool.tool import *``
in an interface gives all their names. Here components stay modules of their own, so what is missing is imported from
the component that has it, behind the star import and on its line.
"""

import ast
import builtins
import symtable
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from paa.model import Finding, Location
from paa.scan.components import Layout, local_import
from paa.scan.refused import RefusedError
from paa.scan.source.edits import Edit, apply, encoding_of, line_starts, parse, span
from paa.scan.source.facts import ImportFact, SourceFacts
from paa.scan.source.imports import TOO_DEEP

# What Python itself binds in every module.
_ALWAYS = frozenset({*dir(builtins), "__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__"})


def lend_names(
    interfaces: Mapping[str, bytes],
    layout: Layout,
    components: Collection[str],
    facts_of: Callable[[str], SourceFacts],
) -> dict[str, bytes]:
    """``interfaces`` (sources by path) with what is missing in them imported; ``facts_of`` reads the other sources.

    Raises RefusedError for names that several components bind to different things, and for an interface that Python
    can parse and not compile.
    """
    changed = dict(interfaces)
    refused: list[Finding] = []
    for path, source in interfaces.items():
        star = _last_star(layout, path, source)
        given = None if star is None else _star_gives(layout, components, facts_of)
        if star is None or given is None:
            continue
        try:
            missing = sorted(_unbound(source) - given)
        except SyntaxError as error:
            location = Location(path=path, line=error.lineno)
            refused.append(Finding(rule="syntax", message=f"syntax error: {error.msg}", location=location))
            continue
        except RecursionError:
            refused.append(Finding(rule="syntax", message=TOO_DEEP, location=Location(path=path)))
            continue
        facts = {component: facts_of(component) for component in components} if missing else {}
        lenders = {name: _lenders(name, facts) for name in missing}
        refused += (_clash(path, source, name, found) for name, found in lenders.items() if len(found) > 1)
        added = "".join(f"; from {_dotted(found[0])} import {name}" for name, found in lenders.items() if found)
        changed[path] = _behind(source, star, added) if added else source
    if refused:
        heading = f"the interfaces of {layout.package} can't have the names that they use:"
        raise RefusedError(heading, refused)
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


def _star_gives(
    layout: Layout, components: Collection[str], facts_of: Callable[[str], SourceFacts]
) -> frozenset[str] | None:
    """The names that ``from package import *`` gives; None where they are chosen by hand or can't be known."""
    if "__all__" in facts_of(layout.module).bindings:
        return None
    names: set[str] = set()
    waiting, seen = [layout.module], {layout.module}
    while waiting:
        importer = waiting.pop()
        source = facts_of(importer)
        names.update(source.exports if "__all__" in source.bindings else source.bindings)
        for fact in source.imports:
            if "*" not in fact.names:
                continue
            local = local_import(layout, importer, fact)
            if local is None or not local.files or local.files[-1] not in components:
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


def _lenders(name: str, components: Mapping[str, SourceFacts]) -> list[str]:
    """The components that bind ``name`` to different things; of those that import the same, the first."""
    meant: dict[tuple[object, ...], str] = {}
    for path, facts in sorted(components.items()):
        if name in facts.bindings:
            meant.setdefault(tuple(_origins(name, facts)) or (path,), path)
    return list(meant.values())


def _clash(path: str, source: bytes, name: str, lenders: Sequence[str]) -> Finding:
    uses = (node.lineno for node in ast.walk(parse(source)) if isinstance(node, ast.Name) and node.id == name)
    return Finding(
        rule="interface",
        message=f"{name!r} is no name of the module, and several components have one: {', '.join(lenders)}",
        location=Location(path=path, line=min(uses, default=None)),
        advice=f"import {name!r} in {path} from the one that is meant",
    )


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
