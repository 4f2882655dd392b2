"""The stage in one page: a module, its components and interfaces → one merged module and what stays beside it.

Whether that can be had is for ``scan/mergeable`` to say, which refuses what can't be proven to do the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from paa.assemble.merging.text import Writing, beside_text, module_text
from paa.scan.components import Layout
from paa.scan.mergeable.judge import EXPORTS, Mergeable, mergeable, public_names
from paa.scan.mergeable.scopes import is_deletion


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

    Raises RefusedError with every reason why the merged module might not do what the files do.
    """
    found = mergeable(layout, contents, components)
    origins, order = found.origins, found.order
    beside = {path: content for path, content in contents.items() if path not in order.merged}
    if len(order.merged) == 1:
        return MergedSources(module=contents[layout.module], lines=(), beside=beside)
    writing = Writing(layout=layout, origins=origins, merged=frozenset(order.merged), placed=order.placed)
    text, taken = module_text(writing, layout.module)
    for path in beside:
        imports = origins.sources[path].imports
        if any(item.path in writing.merged for statement in imports for item in statement.imported):
            beside[path] = beside_text(writing, path)
    return MergedSources(module=text + _exports(found), lines=taken, beside=beside)


def _exports(found: Mergeable) -> bytes:
    """An ``__all__`` for a module without one, so that a star brings its names and not those of its components."""
    origins = found.origins
    names = public_names(origins)
    inner = {name for path in found.order.merged for name in origins.bindings(path) if not name.startswith("_")}
    if EXPORTS in origins.bindings(origins.module) or inner <= names.keys():
        return b""
    certain = [
        name
        for name, bindings in names.items()
        if any(binding.certain for binding in bindings) and not any(map(is_deletion, bindings))
    ]
    lines = [f"{EXPORTS} = [", *(f"    {json.dumps(name, ensure_ascii=False)}," for name in certain), "]"]
    other = [name for name in names if name not in certain]
    if other:
        texts = ", ".join(json.dumps(name, ensure_ascii=False) for name in other)
        lines.append(f"{EXPORTS} += [name for name in ({texts},) if name in globals()]")
    return ("\n".join(lines) + "\n").encode()
