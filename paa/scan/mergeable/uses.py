"""What sources do with components: imports that can't be kept, and module objects that are used as more than that."""

import ast
from collections.abc import Iterator

from paa.model import Location
from paa.scan.mergeable.order import Refusal
from paa.scan.mergeable.origins import Origin, Origins
from paa.scan.mergeable.scopes import is_deletion
from paa.scan.mergeable.sources import Imported, ImportStatement, Leads, Source


def import_refusals(origins: Origins, path: str, merged: frozenset[str]) -> Iterator[Refusal]:
    """The imports in the source at ``path`` that can't be kept once the components in ``merged`` are in the module."""
    source = origins.sources[path]
    for statement in source.imports:
        inside = path in merged
        whole = isinstance(statement.node, ast.Import)
        rewritten = inside or any(item.path in merged for item in statement.imported)
        for item in statement.imported:
            reason = None
            if item.leads is Leads.TO_ITSELF and inside and not statement.for_types:
                reason = "the package imports itself"
            elif item.leads is Leads.TO_FOLDER:
                reason = f"{item.alias.name!r} is a folder, which is not there any more"
            elif whole and rewritten and item.leads is not Leads.OUT and item.alias.asname is None:
                reason = f"'import {item.alias.name}' binds a folder, which is not there any more; add 'as …'"
            elif item.path in merged:
                reason = _unclear(origins, statement, item)
            if reason is not None:
                yield Refusal(location=Location(path=path, line=statement.node.lineno), reason=reason)


def _unclear(origins: Origins, statement: ImportStatement, item: Imported) -> str | None:
    if item.leads is Leads.TO_ALL_NAMES:
        return _unclear_star(origins, statement, item)
    if item.leads is Leads.TO_NAME and item.name not in origins.bindings(item.path):
        return f"{item.path} binds no {item.name!r}"
    return None


def _unclear_star(origins: Origins, statement: ImportStatement, item: Imported) -> str | None:
    if not statement.top:
        return "'import *' under a condition"
    bound = origins.bindings(item.path)
    folder = item.path.removesuffix("__init__.py")
    if folder != item.path and "__all__" not in origins.sources[item.path].names.bindings:
        inner = next((path for path in sorted(origins.sources) if path.startswith(folder) and path != item.path), None)
        if inner is not None:
            return f"'import *' takes components of the folder too, such as {inner}; give {item.path} an __all__"
    for name in origins.public_names(item.path):
        found = bound.get(name, ())
        if not any(binding.certain for binding in found) or any(map(is_deletion, found)):
            return f"'import *' takes {name!r}, which {item.path} does not bind for certain"
        if origins.origin(item.path, name).is_component:
            return f"'import *' takes the component {name!r}"
    return None


def folder_refusals(origins: Origins, merged: frozenset[str]) -> Iterator[Refusal]:
    """An ``__init__.py`` that binds the name of a component in its folder: which of both is meant depends on when."""
    for path in sorted(merged):
        folder, _, name = path.rpartition("/")
        place = path.removesuffix(".py")
        if name == "__init__.py":
            place = folder
            folder = folder.rpartition("/")[0]
        init, short = f"{folder}/__init__.py", place.rpartition("/")[2]
        if init not in merged or init == path:
            continue
        for binding in origins.bindings(init).get(short, ()):
            item = origins.imported.get(id(binding.node))
            if item is None or item.path != path:
                reason = f"{short!r} is bound here, and is the component {path} too"
                yield Refusal(location=Location(path=init, line=binding.line), reason=reason)


def module_uses(origins: Origins, path: str, merged: frozenset[str]) -> Iterator[Refusal | tuple[str, str]]:
    """Refusals for components that are used as objects, not only as ``component.name``; and what is set in them.

    A name that is set is given as (path of the component, name).
    """
    source = origins.sources[path]
    aliases = _aliases(origins, source, merged)
    inside = {id(node.value): node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Name) or node.id not in aliases:
            continue
        origin, attribute = aliases[node.id], inside.get(id(node))
        location = Location(path=path, line=node.lineno)
        if origin is None:
            yield Refusal(location=location, reason=f"{node.id!r} stands for several things in this file")
        elif attribute is None:
            yield Refusal(location=location, reason=f"{origin.path} is used as an object, which is not there any more")
        elif attribute.attr not in origins.bindings(origin.path):
            yield Refusal(location=location, reason=f"{origin.path} binds no {attribute.attr!r}")
        elif origins.origin(origin.path, attribute.attr).is_component:
            yield Refusal(location=location, reason=f"{node.id}.{attribute.attr} is a component in a component")
        elif not isinstance(attribute.ctx, ast.Load):
            yield origin.path, attribute.attr


def _aliases(origins: Origins, source: Source, merged: frozenset[str]) -> dict[str, Origin | None]:
    """The names that stand for merged components, in any scope; None for one that stands for something else too."""
    found: dict[str, Origin | None] = {}
    nodes = set()
    for statement in source.imports:
        for item in statement.imported:
            origin = component_of(origins, item)
            if origin is not None and origin.path in merged:
                found[item.bound] = origin if found.get(item.bound, origin) == origin else None
                nodes.add(id(item.alias))
    for bindings in source.names.bindings.values():
        for binding in bindings:
            if binding.name in found and id(binding.node) not in nodes:
                found[binding.name] = None
    return found


def component_of(origins: Origins, item: Imported) -> Origin | None:
    """The component whose module object an import binds, if it binds one."""
    if item.leads is Leads.TO_COMPONENT:
        return Origin(path=item.path)
    if item.leads is Leads.TO_NAME:
        origin = origins.origin(item.path, item.name)
        return origin if origin.is_component else None
    return None
