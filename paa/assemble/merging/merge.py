"""The stage in one page: a module, its components and interfaces → one merged module and what stays beside it.

What can't be proven to do the same as the files apart is refused, every reason at once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from paa.assemble.merging.clashes import Merged, clashes, copies
from paa.assemble.merging.order import Order, Refusal, run_order
from paa.assemble.merging.origins import Origins, origins_of
from paa.assemble.merging.reflection import reflections
from paa.assemble.merging.scopes import Binding, is_deletion
from paa.assemble.merging.sources import Source, read
from paa.assemble.merging.text import Writing, beside_text, module_text
from paa.assemble.merging.uses import folder_refusals, import_refusals, module_uses
from paa.errors import FindingsError
from paa.model import Location
from paa.scan.components import Layout
from paa.scan.discover import INTERFACE_MODULES
from paa.scan.source.exports import exports
from paa.scan.source.statements import walk

_EXPORTS, _VERSION = "__all__", "__version__"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedSources:
    """``module`` is the merged module, ``lines`` those in it (first, last) that belong to components.

    ``beside`` are the sources that stay files, by path: interfaces, and components that only interfaces import.
    """

    module: bytes
    lines: tuple[tuple[int, int], ...]
    beside: Mapping[str, bytes]


def merge(layout: Layout, contents: Mapping[str, bytes], components: frozenset[str]) -> MergedSources:
    """Merge the module of ``layout`` with the components that run with it; ``contents`` are all sources by path.

    Raises FindingsError with every reason why the merged module might not do what the files do.
    """
    module = layout.module
    sources = read(layout, contents, components)
    try:
        order = run_order(sources, module)
        if len(order.merged) == 1 and not order.refusals:
            return MergedSources(module=contents[module], lines=(), beside=_without(contents, (module,)))
        origins = origins_of(module, sources)
        refusals = _refusals(layout, origins, order)
    except RecursionError as error:
        message = f"{module} can't be merged: its components import each other too deeply"
        raise FindingsError(message, advice="use 'assembly: mirror'") from error
    if refusals:
        lines = [f"{layout.package} can't be merged faithfully:", *(f"  {refusal}" for refusal in refusals)]
        advice = "rename or rewrite what is named, or use 'assembly: mirror', which keeps components as files"
        raise FindingsError("\n".join(lines), advice=advice)
    writing = Writing(layout=layout, origins=origins, merged=frozenset(order.merged), placed=order.placed)
    text, taken = module_text(writing, module)
    beside = {}
    for path, content in _without(contents, order.merged).items():
        touched = any(item.path in writing.merged for found in sources[path].imports for item in found.imported)
        beside[path] = beside_text(writing, path) if touched else content
    return MergedSources(module=text + _exports(origins, order), lines=taken, beside=beside)


def _without(contents: Mapping[str, bytes], paths: tuple[str, ...]) -> dict[str, bytes]:
    return {path: content for path, content in contents.items() if path not in paths}


def _refusals(layout: Layout, origins: Origins, order: Order) -> list[str]:
    paths = frozenset(order.merged)
    found: list[Refusal] = list(order.refusals)
    stored: set[tuple[str, str]] = set()
    for path in origins.sources:
        found += import_refusals(origins, path, paths)
    if found:
        # What names stand for can only be said where imports lead somewhere.
        return _texts(found)
    found += folder_refusals(origins, paths)
    for path, source in origins.sources.items():
        for use in module_uses(origins, path, paths):
            if isinstance(use, Refusal):
                found.append(use)
            else:
                stored.add(use)
        if path in paths:
            found += reflections(source, layout.package, is_module=path == origins.module)
    merged = Merged(
        origins=origins,
        paths=order.merged,
        generated=_generated(layout, origins, paths),
        stored=frozenset(stored),
    )
    found += (*clashes(merged), *copies(merged), *_unclear_exports(origins, order))
    return _texts(found)


def _generated(layout: Layout, origins: Origins, merged: frozenset[str]) -> frozenset[str]:
    """Names that the package gets from paa, and from Python when what stays a file beside the module is imported."""
    added = {_EXPORTS, _VERSION} - origins.sources[origins.module].names.bindings.keys()
    beside = origins.sources.keys() - merged
    if any(path.startswith(f"{layout.dependencies_dir}/") for path in beside):
        added.add(layout.shipped_folder.partition("/")[0])
    return frozenset({*added, *INTERFACE_MODULES.values()})


def _texts(refusals: list[Refusal]) -> list[str]:
    ordered = sorted(set(refusals), key=lambda item: (item.location.path, item.location.line or 0, item.reason))
    return [str(refusal) for refusal in ordered]


def _public(origins: Origins) -> dict[str, tuple[Binding, ...]]:
    """What ``from package import *`` brings where the module has no ``__all__``: its own names, seen at run time."""
    source = origins.sources[origins.module]
    return {
        name: found
        for name, bindings in sorted(origins.bindings(origins.module).items())
        if not name.startswith("_") and (found := _at_run_time(source, bindings))
    }


def _at_run_time(source: Source, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
    return tuple(binding for binding in bindings if binding.line not in source.for_types)


def _unclear_exports(origins: Origins, order: Order) -> list[Refusal]:
    """What a star would bring from the merged module and not from the files, or the other way round.

    A public name that the module binds only later would be missing in a generated ``__all__``; a name in its own
    ``__all__`` that it does not bind would be found in a component.
    """
    source = origins.sources[origins.module]
    own = source.names.bindings
    if _EXPORTS in own:
        inner = {name: path for path in order.merged[:-1] for name in origins.bindings(path)}
        missing = inner.keys() & set(exports(walk(source.tree))) - origins.bindings(source.path).keys()
        place = Location(path=source.path, line=own[_EXPORTS][0].line)
        return [
            Refusal(location=place, reason=f"{name!r} is in __all__, and only in {inner[name]}") for name in missing
        ]
    return [
        Refusal(
            location=Location(path=source.path, line=bindings[0].line),
            reason=f"{name!r} is public, and bound only while the package runs; give the module an __all__",
        )
        for name, bindings in _public(origins).items()
        if all(binding.late for binding in bindings)
    ]


def _exports(origins: Origins, order: Order) -> bytes:
    """An ``__all__`` for a module without one, so that a star brings its names and not those of its components."""
    names = _public(origins)
    inner = {name for path in order.merged for name in origins.bindings(path) if not name.startswith("_")}
    if _EXPORTS in origins.bindings(origins.module) or inner <= names.keys():
        return b""
    certain = [
        name
        for name, bindings in names.items()
        if any(binding.certain for binding in bindings) and not any(map(is_deletion, bindings))
    ]
    lines = [f"{_EXPORTS} = [", *(f"    {json.dumps(name, ensure_ascii=False)}," for name in certain), "]"]
    other = [name for name in names if name not in certain]
    if other:
        texts = ", ".join(json.dumps(name, ensure_ascii=False) for name in other)
        lines.append(f"{_EXPORTS} += [name for name in ({texts},) if name in globals()]")
    return ("\n".join(lines) + "\n").encode()
