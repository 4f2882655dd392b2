"""Whether a module can be merged with its components: what follows from the sources alone, every reason at once.

What can't be proven to do the same as the files apart is refused. The text of the merged module is written by
``assemble/merging``, from what is found here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from paa.model import Finding, Location
from paa.scan.components import Layout
from paa.scan.discover import INTERFACE_MODULES
from paa.scan.mergeable.clashes import Merged, clashes, copies
from paa.scan.mergeable.order import Order, Refusal, run_order
from paa.scan.mergeable.origins import Origins, origins_of
from paa.scan.mergeable.reflection import reflections
from paa.scan.mergeable.scopes import Binding
from paa.scan.mergeable.sources import TooDeepError, read
from paa.scan.mergeable.uses import folder_refusals, import_refusals, module_uses
from paa.scan.refused import RefusedError
from paa.scan.source.exports import exports
from paa.scan.source.statements import walk

RULE = "merge"
# What a module names for a star, and what every package of ours has.
EXPORTS, _VERSION = "__all__", "__version__"
_ADVICE = "rename or rewrite what is named, or use 'assembly: mirror', which keeps components as files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mergeable:
    """Sources that can be merged: what their names and imports stand for, and the order in which they run.

    ``order.merged`` are those that become one module; the others stay files.
    """

    origins: Origins
    order: Order


def mergeable(layout: Layout, contents: Mapping[str, bytes], components: frozenset[str]) -> Mergeable:
    """What merging the module of ``layout`` with those of ``components`` that run with it needs to know.

    ``contents`` are all sources by path. Raises RefusedError with every reason why the merged module might not do what
    the files do.
    """
    module = layout.module
    try:
        sources = read(layout, contents, components)
        order = run_order(sources, module)
        origins = origins_of(module, sources)
        # A module that none of its components runs with stays as it is.
        alone = len(order.merged) == 1 and not order.refusals
        refusals = () if alone else _refusals(layout, origins, order)
    except TooDeepError as error:
        refusal = Refusal(location=Location(path=error.path), reason="it is nested too deeply")
        raise _refused(layout, (refusal,)) from error
    except RecursionError as error:
        refusal = Refusal(location=Location(path=module), reason="its components import each other too deeply")
        raise _refused(layout, (refusal,)) from error
    if refusals:
        raise _refused(layout, refusals)
    return Mergeable(origins=origins, order=order)


def _refused(layout: Layout, refusals: tuple[Refusal, ...]) -> RefusedError:
    ordered = sorted(set(refusals), key=lambda item: (item.location.path, item.location.line or 0, item.reason))
    findings = [
        Finding(rule=RULE, message=f"can't be merged: {item.reason}", location=item.location, advice=_ADVICE)
        for item in ordered
    ]
    return RefusedError(f"{layout.package} can't be merged faithfully:", findings)


def _refusals(layout: Layout, origins: Origins, order: Order) -> tuple[Refusal, ...]:
    paths = frozenset(order.merged)
    found: list[Refusal] = list(order.refusals)
    stored: set[tuple[str, str]] = set()
    for path in origins.sources:
        found += import_refusals(origins, path, paths)
    if found:
        # What names stand for can only be said where imports lead somewhere.
        return tuple(found)
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
    return (*found, *clashes(merged), *copies(merged), *_unclear_exports(origins, order))


def _generated(layout: Layout, origins: Origins, merged: frozenset[str]) -> frozenset[str]:
    """Names that the package gets from paa, and from Python when what stays a file beside the module is imported."""
    added = {EXPORTS, _VERSION} - origins.sources[origins.module].names.bindings.keys()
    beside = origins.sources.keys() - merged
    if any(path.startswith(f"{layout.dependencies_dir}/") for path in beside):
        added.add(layout.shipped_folder.partition("/")[0])
    return frozenset({*added, *INTERFACE_MODULES.values()})


def public_names(origins: Origins) -> dict[str, tuple[Binding, ...]]:
    """What ``from package import *`` brings where the module has no ``__all__``: its own names, seen at run time."""
    source = origins.sources[origins.module]
    return {
        name: found
        for name, bindings in sorted(origins.bindings(origins.module).items())
        if not name.startswith("_")
        and (found := tuple(binding for binding in bindings if binding.line not in source.for_types))
    }


def _unclear_exports(origins: Origins, order: Order) -> list[Refusal]:
    """What a star would bring from the merged module and not from the files, or the other way round.

    A public name that the module binds only later would be missing in a generated ``__all__``; a name in its own
    ``__all__`` that it does not bind would be found in a component.
    """
    source = origins.sources[origins.module]
    own = source.names.bindings
    if EXPORTS in own:
        inner = {name: path for path in order.merged[:-1] for name in origins.bindings(path)}
        missing = inner.keys() & set(exports(walk(source.tree))) - origins.bindings(source.path).keys()
        place = Location(path=source.path, line=own[EXPORTS][0].line)
        return [
            Refusal(location=place, reason=f"{name!r} is in __all__, and only in {inner[name]}") for name in missing
        ]
    return [
        Refusal(
            location=Location(path=source.path, line=bindings[0].line),
            reason=f"{name!r} is public, and bound only while the package runs; give the module an __all__",
        )
        for name, bindings in public_names(origins).items()
        if all(binding.late for binding in bindings)
    ]
