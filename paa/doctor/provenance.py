"""Whose the project on the indexes is, and what its last release was made from. Pure."""

from collections.abc import Mapping

from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.doctor.case import last_version
from paa.doctor.evidence import Evidence, Kept, Sources
from paa.doctor.facts import Origin
from paa.doctor.wheel import WheelFacts
from paa.edges.index import version_of
from paa.model import ScannedPackage
from paa.scan.state import State


def origin_of(state: State, item: ScannedPackage, evidence: Evidence, wheel: WheelFacts | None) -> Origin:
    """By the same rules as the plan: the manifest, our records, or ``adopt:``."""
    manifest = wheel.manifest if wheel is not None else None
    versions = {
        version_of(file.name, item.distribution) for served in evidence.served.values() for file in served or ()
    }
    named: set[Version] = {*evidence.tags, *evidence.chosen}
    named |= {Version(evidence.tracked.release.version)} if evidence.tracked.release else set()
    named |= {Version(evidence.tracked.existing_tool)} if evidence.tracked.existing_tool else set()
    is_ours = bool(named & versions) or canonicalize_name(item.distribution) in state.repository.config.adopt
    if manifest is not None:
        is_ours |= manifest.repository is not None and manifest.repository == item.repository
        is_copy = manifest.repository not in {None, item.repository}
        is_ours |= not is_copy and (manifest.package, manifest.fingerprint) == (item.package.name, item.fingerprint)
    if is_ours:
        return Origin.OURS
    return Origin.UNMARKED if manifest is None else Origin.OTHER_REPOSITORY


def sources_of(state: State, item: ScannedPackage, evidence: Evidence, wheel: WheelFacts | None) -> Sources | None:
    """What the last release was made from, where no tag says it: tracking, dist/, or HEAD, if it has those sources."""
    last = last_version(evidence)
    manifest = wheel.manifest if wheel is not None else None
    builder = wheel.builder if wheel is not None else "unknown"
    release, kept = evidence.tracked.release, evidence.kept
    fits = {manifest.fingerprint} if manifest is not None else None
    if release and Version(release.version) == last and (fits is None or release.fingerprint in fits):
        return Sources(fingerprint=release.fingerprint, commit=release.commit, builder=builder, floors=release.floors)
    if kept is not None and kept.commit and Version(kept.built.release.version) == last:
        made = kept.built.release
        if made.fingerprint in fits if fits is not None else _is_served(evidence, kept):
            return Sources(fingerprint=made.fingerprint, commit=kept.commit, builder=kept.builder, floors=made.floors)
    commit = state.repository.commit
    if (
        manifest is not None
        and commit
        and (manifest.package, manifest.fingerprint) == (item.package.name, item.fingerprint)
    ):
        return Sources(fingerprint=item.fingerprint, commit=commit, builder=builder, floors=_floors(state, item, wheel))
    return None


def _is_served(evidence: Evidence, kept: Kept) -> bool:
    """Whether an index has one of the very files that are in dist/."""
    made = {(file.name, file.sha256) for file in kept.built.files}
    return any((file.name, file.sha256) in made for served in evidence.served.values() for file in served or ())


def _floors(state: State, item: ScannedPackage, wheel: WheelFacts | None) -> Mapping[str, str]:
    floors = wheel.floors if wheel is not None else {}
    siblings = sorted({requirement.sibling for requirement in item.requirements if requirement.sibling})
    names = {name: canonicalize_name(state.scanned[name].distribution) for name in siblings if name in state.scanned}
    return {name: floors[distribution] for name, distribution in names.items() if distribution in floors}
