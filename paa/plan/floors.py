"""The versions of siblings that a release is built against: planned ones first, else the last released."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from paa.model import Release, ScannedPackage
from paa.plan.records import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Siblings:
    """What is known of the packages of the repository: scanned, planned, and released before; all by package."""

    scanned: Mapping[str, ScannedPackage]
    planned: Mapping[str, Release]
    history: Mapping[str, History]


def bound(release: Release, siblings: Siblings, published: Mapping[str, str] | None) -> Release:
    """``release`` with its floors, and with the planned releases that it has to wait for.

    ``published`` are the floors of the same release where it is on an index already (normalised distribution name →
    version): those stand, so that its bytes can be made again.
    """
    item = siblings.scanned[release.package]
    wanted = sorted({requirement.sibling for requirement in item.requirements if requirement.sibling})
    floors = {name: floor for name in wanted if (floor := _floor(name, siblings, published)) is not None}
    needs = tuple(name for name in item.siblings if name in siblings.planned)
    return replace(release, floors=floors, needs=needs)


def _floor(name: str, siblings: Siblings, published: Mapping[str, str] | None) -> str | None:
    distribution = canonicalize_name(siblings.scanned[name].distribution)
    if published is not None and distribution in published:
        return published[distribution]
    if name in siblings.planned:
        return siblings.planned[name].version
    last = siblings.history.get(name, History()).last
    return last.version if last is not None else None
