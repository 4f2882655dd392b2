"""The versions of siblings that a release is built against: planned ones first, else the last released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.config import Config
from paa.config.keys import InternalRequirements
from paa.model import Release, ScannedPackage
from paa.plan.pep440 import is_prerelease, parse_version
from paa.plan.records import History, Recorded
from paa.plan.targets import targets_of


def sibling_specifier(version: str, style: InternalRequirements) -> str:
    """What a package asks of a sibling that it was built against: that version, or at least it.

    ``compatible`` ends before the next version that may break: the next major one, the next minor one below 1.0.
    """
    parsed = Version(version)
    if style == InternalRequirements.EXACT:
        return f"=={parsed.public}"
    if style == InternalRequirements.COMPATIBLE:
        epoch = f"{parsed.epoch}!" if parsed.epoch else ""
        following = f"{parsed.major + 1}" if parsed.major else f"0.{parsed.minor + 1}"
        return f">={parsed.public},<{epoch}{following}"
    return f">={parsed.public}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Siblings:
    """What is known of the packages of the repository: scanned, planned, and released before; all by package.

    ``indexes`` are those of the plan.
    """

    scanned: Mapping[str, ScannedPackage]
    planned: Mapping[str, Release]
    history: Mapping[str, History]
    config: Config
    indexes: tuple[str, ...]

    def version_for(self, package: str, targets: Sequence[str]) -> str | None:
        """The version of ``package`` that a release to ``targets`` can require; None when there is none for it.

        That is the planned one, or the last released. A pre-release that goes elsewhere is of no use there.
        """
        planned = self.planned.get(package)
        if planned is not None and set(targets) <= set(planned.targets):
            return planned.version
        history = self.history.get(package, History())
        if history.last is not None and self._reaches(history.last, targets):
            return history.last.version
        others = [(parse_version(item.version), item) for item in history.releases if self._reaches(item, targets)]
        proven = [(version, item.version) for version, item in others if version is not None and item.fingerprint]
        return max(proven)[1] if proven else None

    def _reaches(self, release: Recorded, targets: Sequence[str]) -> bool:
        if release.partial and not set(targets) <= {*(release.indexes or ())}:
            return False
        return set(targets) <= set(targets_of(self.config, targets, release.version))


def bound(release: Release, siblings: Siblings, published: Mapping[str, str] | None) -> Release:
    """``release`` with its floors, and with the planned releases that it has to wait for.

    ``published`` are the floors of the same release where it is on an index already (normalised distribution name →
    version): those stand, so that its bytes can be made again.
    """
    item = siblings.scanned[release.package]
    wanted = sorted({requirement.sibling for requirement in item.requirements if requirement.sibling})
    floors = {name: floor for name in wanted if (floor := _floor(name, release, siblings, published)) is not None}
    needs = tuple(name for name in item.siblings if name in siblings.planned)
    return replace(release, floors=floors, needs=needs)


def outgrown(item: ScannedPackage, last: Recorded, siblings: Siblings) -> tuple[str, str] | None:
    """A sibling of an unchanged package, with its new version that the last release of the package does not allow.

    None where every sibling fits. A version that the author wrote in a mark is the author's to move, and a pre-release
    of a sibling moves nobody.
    """
    style = siblings.config.internal_requirements
    bare = {one.sibling for one in item.requirements if one.sibling and not Pep508(one.requirement).specifier}
    for name in sorted(bare & last.floors.keys()):
        version = siblings.version_for(name, siblings.indexes)
        if version is None or is_prerelease(version):
            continue
        allowed = SpecifierSet(sibling_specifier(last.floors[name], style))
        if not allowed.contains(version, prereleases=True) and Version(version) > Version(last.floors[name]):
            return name, version
    return None


def _floor(name: str, release: Release, siblings: Siblings, published: Mapping[str, str] | None) -> str | None:
    distribution = canonicalize_name(siblings.scanned[name].distribution)
    if published is not None and distribution in published:
        return published[distribution]
    return siblings.version_for(name, release.targets)
