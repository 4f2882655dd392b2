"""A scanned state and its indexes → the evidence of each package. Asks about every package, changed or not."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.version import Version

from paa.check.check import REQUIRED_CHECKS
from paa.doctor.case import last_version
from paa.doctor.evidence import Evidence, Kept
from paa.doctor.facts import TagState
from paa.doctor.provenance import origin_of, sources_of
from paa.doctor.recorded import TrackingFiles, is_noted, read_beside, read_tags, read_tracking
from paa.doctor.wheel import WheelFacts, read_wheel_facts
from paa.edges.git_tags import BESIDE, list_tags
from paa.edges.index import FILE_LIMIT, IndexReader, IndexUnavailableError, version_of
from paa.errors import ConfigError, IndexReadError, UsageError
from paa.model import IndexFile, ReleaseSet, ScannedPackage
from paa.publish.gate import Candidate, damage, reason_to_block
from paa.release import load_release_set
from paa.scan.state import State

Readers = Mapping[str, IndexReader]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where to look: the indexes by name, ``dist/``, and the packages. ``only_these`` says that the user chose them."""

    readers: Readers
    folder: Path
    packages: Sequence[ScannedPackage]
    only_these: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The evidence of each package, why an index could not be read, and the tracking files."""

    evidence: tuple[Evidence, ...]
    unreadable: Mapping[str, IndexReadError]
    tracking: TrackingFiles


def observe(state: State, asked: Asked, report: Callable[[str], None]) -> Observed:
    """Look at everything; ``report`` hears of each package that is done. Raises GitError.

    An index that can't be reached is asked no more: that it can't be read is the answer for all packages.
    """
    repository = state.repository
    tags = list_tags(repository.root) if repository.in_git else ()
    chosen, burnt = read_beside(list_tags(repository.root, BESIDE) if repository.in_git else ())
    found = read_tags(tags, repository.config.tag_format, state.scanned)
    tracking = read_tracking(state.tree)
    release_set = _left_in(asked.folder)
    unreadable: dict[str, IndexReadError] = {}
    evidence = []
    for item in asked.packages:
        name, failed = item.package.name, dict[str, IndexReadError]()
        begun = replace(
            _begin(state, asked, item, _files(asked.readers, item.distribution, unreadable, failed)),
            tags=found.get(name, {}),
            tracked=tracking.of(name),
            kept=_kept(release_set, name, asked.folder),
            chosen=chosen.get(name, {}),
            burnt=burnt.get(name, {}),
        )
        seen = _complete(state, asked.readers, item, begun, failed)
        evidence.append(
            replace(seen, served={index: None if index in failed else seen.served[index] for index in seen.served})
        )
        unreadable = {**failed, **unreadable}
        report(name)
    return Observed(evidence=tuple(evidence), unreadable=unreadable, tracking=tracking)


def _files(
    readers: Readers, distribution: str, before: Mapping[str, IndexReadError], failed: dict[str, IndexReadError]
) -> Mapping[str, tuple[IndexFile, ...] | None]:
    """What each index has. ``before`` is what failed for other packages, ``failed`` gets what does for this one."""
    served: dict[str, tuple[IndexFile, ...] | None] = {}
    for name, reader in readers.items():
        served[name] = None
        if isinstance(error := before.get(name), IndexUnavailableError):
            failed[name] = error
            continue
        try:
            served[name] = reader.files(distribution)
        except IndexReadError as problem:
            failed[name] = problem
    return served


def _begin(
    state: State, asked: Asked, item: ScannedPackage, served: Mapping[str, tuple[IndexFile, ...] | None]
) -> Evidence:
    config, every = state.repository.config, tuple(asked.readers)
    return Evidence(
        package=item.package.name,
        distribution=item.distribution,
        tag_format=config.tag_format,
        tags={},
        tracked=TrackingFiles(releases={}, existing_tool=None).of(item.package.name),
        noted=frozenset(),
        served=served,
        final_targets=every if asked.only_these else config.publish_to,
        prerelease_targets=every if asked.only_these else config.prereleases_to,
        all_asked=set(config.publish_to) <= set(every),
    )


def _complete(
    state: State, readers: Readers, item: ScannedPackage, begun: Evidence, failed: dict[str, IndexReadError]
) -> Evidence:
    """``begun`` with what has to be read from wheels: only where no tag says it. ``failed`` gets what can't be read."""
    last = last_version(begun)
    if last is None:
        return replace(begun, origin=origin_of(state, item, begun, None))
    begun = replace(begun, served=_hashed(readers, begun, last, failed))
    found = {version: _wheel(readers, begun, version, failed) for version in _unproven(begun, last)}
    wheels = {version: facts for version, facts in found.items() if facts is not None}
    known = wheels.get(last)
    tag = begun.tags.get(last)
    proof = tag.sources if tag is not None and tag.state is TagState.OURS else None
    fingerprint = known.manifest.fingerprint if known and known.manifest else proof.fingerprint if proof else None
    return replace(
        begun,
        noted=frozenset({last} if is_noted(state.tree, item.package.name, last) else ()),
        marked=frozenset(version for version, facts in wheels.items() if facts.manifest is not None),
        origin=origin_of(state, item, begun, known),
        fingerprint=fingerprint,
        sources=proof or sources_of(state, item, begun, known),
    )


def _unproven(evidence: Evidence, last: Version) -> Iterable[Version]:
    """The versions whose wheel has to be read: the last one, and half ones, where no tag of ours tells about them."""
    kinds: dict[Version, set[bool]] = {}
    for served in evidence.served.values():
        for file in served or ():
            if version := version_of(file.name, evidence.distribution):
                kinds.setdefault(version, set()).add(file.name.endswith(".whl"))
    for version in sorted(kinds):
        tag = evidence.tags.get(version)
        if (tag is None or tag.state is not TagState.OURS) and (version == last or kinds[version] == {True}):
            yield version


def _wheel(
    readers: Readers, evidence: Evidence, version: Version, failed: dict[str, IndexReadError]
) -> WheelFacts | None:
    """What the wheel of ``version`` says, from the first index that has it."""
    for name, served in evidence.served.items():
        for file in served or ():
            if file.name.endswith(".whl") and version_of(file.name, evidence.distribution) == version:
                try:
                    with readers[name].open(file, limit_bytes=FILE_LIMIT) as stream:
                        return read_wheel_facts(stream, file.name)
                except IndexReadError as error:
                    failed[name] = error
    return None


def _hashed(
    readers: Readers, evidence: Evidence, version: Version, failed: dict[str, IndexReadError]
) -> Mapping[str, tuple[IndexFile, ...] | None]:
    """The served files, those of ``version`` with their hashes: where an index gives none, the file is fetched."""

    def hashed(reader: IndexReader, file: IndexFile) -> IndexFile:
        if file.sha256 is not None or version_of(file.name, evidence.distribution) != version:
            return file
        return replace(file, sha256=hashlib.sha256(reader.read(file, limit_bytes=FILE_LIMIT)).hexdigest())

    found = dict(evidence.served)
    for name, served in evidence.served.items():
        try:
            found[name] = None if served is None else tuple(hashed(readers[name], file) for file in served)
        except IndexReadError as error:
            failed[name] = error
    return found


def _left_in(folder: Path) -> ReleaseSet | None:
    try:
        return load_release_set(folder)
    except (ConfigError, UsageError):
        return None


def _kept(release_set: ReleaseSet | None, package: str, folder: Path) -> Kept | None:
    """What the last build left of ``package``, if it passed its checks and no byte of it has changed since."""
    built = (
        next((item for item in release_set.releases if item.release.package == package), None) if release_set else None
    )
    if release_set is None or built is None or not built.files:
        return None
    if reason_to_block(Candidate(release=built.release, built=built), REQUIRED_CHECKS) or damage(built, folder):
        return None
    return Kept(built=built, commit=release_set.plan.commit, builder=release_set.plan.builder)
