"""The order of releases: what is needed comes first. Cycles are found and named, never broken silently."""

from collections.abc import Collection, Mapping, Sequence
from graphlib import TopologicalSorter


def cycles(needs: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The groups of packages that need one another (strongly connected), and each that needs itself, all sorted.

    What is needed and is no key of ``needs`` plays no role. Kosaraju's algorithm, with stacks of its own: a chain of
    packages may be longer than Python's stack is deep.
    """
    needed_by: dict[str, list[str]] = {name: [] for name in needs}
    for name, others in needs.items():
        for other in others:
            if other in needed_by:
                needed_by[other].append(name)
    seen: set[str] = set()
    groups = []
    for name in reversed(finished(needs)):
        if name not in seen:
            members = _reached(name, needed_by, seen)
            seen |= members
            if len(members) > 1 or name in needs[name]:
                groups.append(tuple(sorted(members)))
    return tuple(sorted(groups))


def circle(name: str, needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A shortest way from ``name``, which is on a cycle of ``needs``, back to itself; it stands at both ends."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    for way in ways:
        for other in sorted(needs[way[-1]]):
            if other == name:
                return (*way, name)
            if other in needs and other not in seen:
                seen.add(other)
                ways.append((*way, other))
    return (name,)


def finished(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The keys of ``needs`` in the order in which a depth-first walk is done with them; cycles are no matter."""
    done: list[str] = []
    seen: set[str] = set()
    for start in needs:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(needs[start]))]
        while stack:
            name, rest = stack[-1]
            new = next((other for other in rest if other in needs and other not in seen), None)
            if new is None:
                done.append(name)
                stack.pop()
            else:
                seen.add(new)
                stack.append((new, iter(needs[new])))
    return done


def _reached(start: str, edges: Mapping[str, Sequence[str]], but: Collection[str]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in but:
            found.add(name)
            waiting += edges[name]
    return found


def in_order(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Packages with what each needs before it; by name where nothing else decides. ``needs`` must hold no cycle."""
    known = frozenset(needs)
    sorter = TopologicalSorter({package: sorted(known.intersection(siblings)) for package, siblings in needs.items()})
    sorter.prepare()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)
