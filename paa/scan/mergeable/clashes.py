"""Names that would be one in a merged module and are several apart: each is refused, with both places."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paa.model import Location
from paa.scan.mergeable.order import Refusal
from paa.scan.mergeable.origins import Origin, Origins
from paa.scan.mergeable.scopes import Binding, is_deletion
from paa.scan.mergeable.sources import Source, described

Bindings = Mapping[str, Mapping[str, tuple[Binding, ...]]]
# Those of them that change how a source is compiled; the others are always on by now.
_FEATURES = frozenset({"annotations", "barry_as_FLUFL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What is merged.

    ``paths`` are the sources in order, the module last. ``generated`` are names that the package gets beside those
    of its module; ``stored`` are those that are set in a component from outside: (path, name).
    """

    origins: Origins
    paths: tuple[str, ...]
    generated: frozenset[str]
    stored: frozenset[tuple[str, str]]

    @property
    def module(self) -> Source:
        """The module itself."""
        return self.origins.sources[self.origins.module]

    def bindings(self) -> Bindings:
        """What each source binds, by path."""
        return {path: self.origins.bindings(path) for path in self.paths}


def clashes(merged: Merged) -> Iterator[Refusal]:
    """Every name that stands for different things in the sources, or may come to."""
    bindings = merged.bindings()
    names = sorted({name for bound in bindings.values() for name in bound})
    for name in names:
        users = [path for path in merged.paths if name in bindings[path]]
        yield from _different(merged, bindings, name, users)
        yield from _unbound(merged, bindings, name, users)
        if len(users) > 1:
            yield from _moving(merged, bindings, name, users)
    yield from _features(merged)


def _different(merged: Merged, bindings: Bindings, name: str, users: list[str]) -> Iterator[Refusal]:
    found: dict[Origin, str] = {}
    for path in users:
        found.setdefault(merged.origins.origin(path, name), path)
    if len(found) > 1:
        first, second, *_ = found.values()
        other = _place(bindings, first, name)
        yield _refusal(bindings, second, name, f"{name!r} is something else here than at {other}")
    if name in merged.generated:
        inner = (path for path in users if path != merged.module.path)
        yield from (_refusal(bindings, path, name, f"{name!r} is also a name of the package itself") for path in inner)


def _unbound(merged: Merged, bindings: Bindings, name: str, users: list[str]) -> Iterator[Refusal]:
    """A name that one source binds and another one reads without: there it is Python's own, or nothing."""
    for path in merged.paths:
        source = merged.origins.sources[path]
        line = source.names.reads.get(name)
        if path not in users and line is not None:
            meant = "Python's own" if hasattr(builtins, name) else "not bound"
            reason = f"{name!r} is {meant} here, and bound at {_place(bindings, users[0], name)}"
            yield Refusal(location=Location(path=path, line=line), reason=reason)


def _moving(merged: Merged, bindings: Bindings, name: str, users: list[str]) -> Iterator[Refusal]:
    """A name that several sources share, and that is not the same from the beginning to the end."""
    if hasattr(builtins, name):
        reason = f"{name!r} takes the place of Python's own here, and at {_place(bindings, users[0], name)}"
        yield _refusal(bindings, users[-1], name, reason)
    for path in users:
        found = bindings[path][name]
        source = merged.origins.sources[path]
        late = next((binding for binding in found if binding.late), None)
        if late is not None:
            other = next(user for user in users if user != path)
            reason = f"{name!r} is bound anew while the package runs, and {_place(bindings, other, name)} has its own"
            yield Refusal(location=Location(path=path, line=late.line), reason=reason)
        elif (path, name) in merged.stored:
            yield _refusal(bindings, path, name, f"{name!r} is set from another file, and others have their own")
        if not any(binding.certain for binding in found) and any(b.line not in source.for_types for b in found):
            reason = f"{name!r} is bound under a condition here, and otherwise at {_other(bindings, users, path, name)}"
            yield _refusal(bindings, path, name, reason)
        for binding in found:
            if is_deletion(binding):
                reason = f"{name!r} is deleted here, and still used at {_other(bindings, users, path, name)}"
                yield Refusal(location=Location(path=path, line=binding.line), reason=reason)


def copies(merged: Merged) -> Iterator[Refusal]:
    """A name that two sources took over under another name, from one that changes in between."""
    bindings = merged.bindings()
    taken: dict[tuple[str, Origin], str] = {}
    for path in merged.paths:
        for name in bindings[path]:
            origin = merged.origins.origin(path, name)
            if origin.copied is None:
                continue
            first = taken.setdefault((name, origin), path)
            owner, original = origin.copied
            changing = any(binding.late for binding in merged.origins.bindings(owner).get(original, ()))
            if first != path and (changing or origin.copied in merged.stored):
                reason = f"{name!r} may be another {original!r} of {owner} here than at {_place(bindings, first, name)}"
                yield _refusal(bindings, path, name, reason)


def _features(merged: Merged) -> Iterator[Refusal]:
    """``from __future__`` counts for a whole file, so all have to ask for the same."""
    wanted = features(merged.module)
    for path in merged.paths:
        source = merged.origins.sources[path]
        own = features(source)
        if own != wanted and _is_code(source):
            name = min(own ^ wanted)
            which = "asks" if name in own else "does not ask"
            module = merged.module.path
            reason = f"{path} {which} for 'from __future__ import {name}', unlike {module}"
            yield Refusal(location=Location(path=path, line=1), reason=reason)


def features(source: Source) -> frozenset[str]:
    """The features of ``__future__`` that count."""
    names = {
        alias.name
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    }
    return frozenset(names & _FEATURES)


def _is_code(source: Source) -> bool:
    left_out = {id(statement) for statement in described(source)}
    return any(
        id(node) not in left_out and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in source.tree.body
    )


def _refusal(bindings: Bindings, path: str, name: str, reason: str) -> Refusal:
    return Refusal(location=Location(path=path, line=bindings[path][name][0].line), reason=reason)


def _place(bindings: Bindings, path: str, name: str) -> Location:
    return Location(path=path, line=bindings[path][name][0].line)


def _other(bindings: Bindings, users: list[str], path: str, name: str) -> Location:
    return _place(bindings, next(user for user in users if user != path), name)
