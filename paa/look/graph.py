"""Scanned packages → the graph of who needs whom, with the levels in which they can be released, and the cycles."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement as Pep508
from packaging.utils import canonicalize_name

from paa.documents.graphs import Graph, GraphPackage, GraphRequirement
from paa.model import ScannedPackage
from paa.plan.order import cycles, finished

Needs = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the graph is to hold beside the packages: requirements from outside, components."""

    external: bool = False
    components: bool = False


def make_graph(scanned: Mapping[str, ScannedPackage], names: Collection[str], shown: Shown) -> Graph:
    """The graph of ``names`` and of what they need, transitively; without names, of all packages.

    ``scanned`` holds every package of the repository by name, and ``names`` are some of its keys.
    """
    needs = {name: tuple(other for other in item.siblings if other in scanned) for name, item in scanned.items()}
    optional = {name: _optional(item, scanned) for name, item in scanned.items()}
    chosen = _reached(names or scanned, [needs, optional])
    needs = {name: needs[name] for name in sorted(chosen)}
    groups = cycles(needs)
    levels = _levels(needs)
    return Graph(
        packages=tuple(
            GraphPackage(
                package=name,
                distribution=scanned[name].distribution,
                level=levels.get(name),
                needs=needs[name],
                optional=optional[name],
                requirements=tuple(_external(scanned[name])) if shown.external else (),
                components=scanned[name].components if shown.components else (),
                broken=bool(scanned[name].errors),
            )
            for name in needs
        ),
        cycles=groups,
    )


def _reached(starts: Iterable[str], edges: Sequence[Needs]) -> set[str]:
    """``starts`` and all that ``edges`` lead to from there."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for needs in edges for other in needs[name]]
    return found


def _levels(needs: Needs) -> dict[str, int]:
    """The level of each package that can be released: one more than the highest of those that it needs."""
    levels: dict[str, int] = {}
    for name in finished(needs):
        if all(other in levels for other in needs[name]):
            levels[name] = 1 + max((levels[other] for other in needs[name]), default=0)
    return levels


def _optional(item: ScannedPackage, scanned: Collection[str]) -> tuple[str, ...]:
    found = {one.sibling for one in item.requirements if one.sibling in scanned}
    return tuple(sorted(name for name in found if name is not None and name not in item.siblings))


def _external(item: ScannedPackage) -> Iterator[GraphRequirement]:
    for one in item.requirements:
        if one.sibling is None:
            name = canonicalize_name(Pep508(one.requirement).name)
            yield GraphRequirement(requirement=one.requirement, distribution=name, extra=one.extra)
