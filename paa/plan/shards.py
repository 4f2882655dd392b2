"""A plan cut into shards: what several machines can build and check beside one another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paa.model import Release, ScannedPackage

# What a CI system starts at most from one matrix.
MOST_SHARDS = 256
_PACKAGES_PER_SHARD = 25
# Starting an interpreter to check a package outweighs many files.
_COST_OF_PACKAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Packages of one plan, in release order; ``number`` counts from 1, ``cost`` is a share of the whole."""

    number: int
    packages: tuple[str, ...]
    cost: int


def cut(releases: "Sequence[Release]", scanned: "Mapping[str, ScannedPackage]", most: int | None) -> tuple[Shard, ...]:
    """At most ``most`` shards (None: as many as seem worth it) that hold every release once; none without releases.

    Packages of a plan that need one another, over whatever others, are in one shard, so that it can check its wheels
    together. Shards are as even as whole groups allow: the dearest group goes first, each to the cheapest shard.
    """
    groups = _groups(releases)
    if not groups:
        return ()
    wanted = most or -(-len(releases) // _PACKAGES_PER_SHARD)
    number = min(wanted, MOST_SHARDS, len(groups))
    cost = {release.package: _COST_OF_PACKAGE + len(scanned[release.package].contents) for release in releases}
    weighed = sorted((-sum(cost[name] for name in group), group) for group in groups)
    costs, held = [0] * number, [set[str]() for _ in range(number)]
    for negative, group in weighed:
        cheapest = min(range(number), key=lambda at: (costs[at], at))
        costs[cheapest] -= negative
        held[cheapest].update(group)
    order = [release.package for release in releases]
    return tuple(
        Shard(number=at + 1, packages=tuple(name for name in order if name in held[at]), cost=costs[at])
        for at in range(number)
    )


def _groups(releases: "Sequence[Release]") -> list[tuple[str, ...]]:
    """The releases in groups that have nothing to do with one another; each sorted."""
    group_of: dict[str, set[str]] = {}
    for release in releases:
        merged = {release.package}.union(*(group_of[name] for name in release.needs if name in group_of))
        for name in merged:
            group_of[name] = merged
    return sorted({tuple(sorted(group)) for group in group_of.values()})
