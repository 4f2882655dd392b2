"""Evidence of a package → the versions that have to be looked at, each with its facts. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.version import Version

from paa.doctor.evidence import Evidence, FoundTag
from paa.doctor.facts import Facts, IndexState, TagState, TrackingState
from paa.edges.index import version_of
from paa.model import IndexFile

_LACKING = (IndexState.ABSENT, IndexState.HALF)
_WHEEL, _SDIST = ".whl", ".tar.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One version of a package: its facts, the files that belong to it (name → SHA-256), and its tag, if any."""

    version: Version
    facts: Facts
    files: Mapping[str, str]
    tag: FoundTag | None


def cases(evidence: Evidence) -> tuple[Case, ...]:
    """The last release, and every earlier version that an index has or a tag of ours names; highest first.

    Also the newest one that only went to indexes that were chosen by hand, if there is one: it is not the last release.
    """
    alone = _alone(evidence)
    versions = _released(evidence)
    last = last_version(evidence)
    judged = {version for version in versions - alone if version == last or _is_known(evidence, version)}
    judged |= {max(alone)} if alone else set()
    return tuple(make_case(evidence, version, is_last=version == last) for version in sorted(judged, reverse=True))


def last_version(evidence: Evidence) -> Version | None:
    """The highest version that an index has, or that is recorded as released; None when there is none."""
    return max(_released(evidence) - _alone(evidence), default=None)


def _alone(evidence: Evidence) -> set[Version]:
    """The versions that went to chosen indexes, and that nothing says to be meant for all."""
    tracked = evidence.tracked.release
    found = set()
    for version, indexes in evidence.chosen.items():
        tag = evidence.tags.get(version)
        is_told = tag is not None and tag.state is TagState.OURS
        is_told |= tracked is not None and Version(tracked.version) == version
        if not is_told and not (evidence.all_asked and set(evidence.targets(version)) <= indexes):
            found.add(version)
    return found


def make_case(evidence: Evidence, version: Version, *, is_last: bool) -> Case:
    """The facts of one version."""
    tag = evidence.tags.get(version)
    state = tag.state if tag is not None else TagState.ABSENT
    if tag is not None and state is TagState.OURS and _contradicts(evidence, version, tag.files):
        state = TagState.CONTRADICTING
    files, is_whole = _expected(evidence, version, tag.files if tag and state is TagState.OURS else {})
    indexes = {}
    for name in evidence.targets(version):
        served = evidence.served[name]
        if served is None:
            indexes[name] = IndexState.UNREADABLE
            continue
        indexes[name] = _state(_of_version(evidence, served, version), files, is_whole=is_whole)
    facts = Facts(
        tag=state,
        tracking=_tracking(evidence, version),
        noted=version in evidence.noted,
        indexes=indexes,
        origin=evidence.origin,
        bytes_at_hand=is_whole and all(_is_at_hand(evidence, name, digest) for name, digest in files.items()),
        sources_known=evidence.sources is not None,
        is_last=is_last,
        all_asked=evidence.all_asked,
        chosen=tuple(sorted(evidence.chosen[version])) if version in _alone(evidence) else (),
        used_up=_used_up(evidence, version, indexes),
    )
    return Case(version=version, facts=facts, files=files, tag=tag)


def _used_up(evidence: Evidence, version: Version, indexes: Mapping[str, IndexState]) -> tuple[str, ...]:
    burnt = evidence.burnt.get(version, frozenset())
    return tuple(name for name, state in indexes.items() if name in burnt and state in _LACKING)


def _released(evidence: Evidence) -> set[Version]:
    """Every version that an index has, or that tags of ours or ``releases.json`` name."""
    found = {version for version, tag in evidence.tags.items() if tag.state is not TagState.BARE}
    if evidence.tracked.release is not None:
        found.add(Version(evidence.tracked.release.version))
    for served in evidence.served.values():
        found.update(version for file in served or () if (version := version_of(file.name, evidence.distribution)))
    return found


def _is_known(evidence: Evidence, version: Version) -> bool:
    """Whether an earlier version is known to be paa's: others may make releases without an sdist."""
    tag = evidence.tags.get(version)
    return version in evidence.marked or (tag is not None and tag.state is not TagState.BARE)


def _of_version(evidence: Evidence, served: tuple[IndexFile, ...] | None, version: Version) -> tuple[IndexFile, ...]:
    return tuple(file for file in served or () if version_of(file.name, evidence.distribution) == version)


def _all_of_version(evidence: Evidence, version: Version) -> Iterator[IndexFile]:
    for name in evidence.served:
        yield from _of_version(evidence, evidence.served[name], version)


def _contradicts(evidence: Evidence, version: Version, files: Mapping[str, str]) -> bool:
    """Whether indexes have other bytes than a tag says, and none has those that it says."""
    served = [file for file in _all_of_version(evidence, version) if file.name in files and file.sha256]
    return bool(served) and all(file.sha256 != files[file.name] for file in served)


def _expected(evidence: Evidence, version: Version, tagged: Mapping[str, str]) -> tuple[Mapping[str, str], bool]:
    """The files of a version, and whether they are all of them: what the tag says, else dist/, else the indexes."""
    if tagged:
        return tagged, True
    served: dict[str, set[str]] = {}
    for file in _all_of_version(evidence, version):
        served.setdefault(file.name, set()).add(file.sha256 or "")
    kept = _kept_files(evidence, version)
    if kept and all(served.get(name, {digest}) == {digest} for name, digest in kept.items()):
        return kept, True
    # What indexes disagree about has no right hash: _state finds it on none of them.
    agreed = {name: next(iter(digests)) if len(digests) == 1 else "" for name, digests in served.items()}
    is_whole = any(name.endswith(_WHEEL) for name in agreed) and any(name.endswith(_SDIST) for name in agreed)
    return dict(sorted(agreed.items())), is_whole or version not in evidence.marked


def _kept_files(evidence: Evidence, version: Version) -> Mapping[str, str]:
    kept = evidence.kept
    if kept is None or Version(kept.built.release.version) != version:
        return {}
    tracked = evidence.tracked.release
    if (
        tracked is not None
        and Version(tracked.version) == version
        and tracked.fingerprint != kept.built.release.fingerprint
    ):
        return {}
    return {file.name: file.sha256 for file in kept.built.files}


def _state(served: tuple[IndexFile, ...], files: Mapping[str, str], *, is_whole: bool) -> IndexState:
    if not served:
        return IndexState.ABSENT
    if any(file.name in files and file.sha256 not in {None, files[file.name]} for file in served):
        return IndexState.OTHER
    if any(file.yanked for file in served):
        return IndexState.YANKED
    names = {file.name for file in served}
    return IndexState.COMPLETE if is_whole and names.issuperset(files) else IndexState.HALF


def _is_at_hand(evidence: Evidence, name: str, digest: str) -> bool:
    kept = evidence.kept.built.files if evidence.kept is not None else ()
    if any((file.name, file.sha256) == (name, digest) for file in kept):
        return True
    every = (file for served in evidence.served.values() for file in served or ())
    return any((file.name, file.sha256) == (name, digest) for file in every)


def _tracking(evidence: Evidence, version: Version) -> TrackingState:
    tracked, release = evidence.tracked, evidence.tracked.release
    if not tracked.is_readable:
        return TrackingState.UNREADABLE
    if release is None:
        return TrackingState.ABSENT
    known = Version(release.version)
    if known != version:
        return TrackingState.OLDER if known < version else TrackingState.NEWER
    if evidence.fingerprint not in {None, release.fingerprint}:
        return TrackingState.OTHER
    # The existing tool's file is kept for whoever still uses that; one that is ahead is its own release.
    if tracked.existing_tool is not None and (not tracked.existing_tool or Version(tracked.existing_tool) < version):
        return TrackingState.OLDER
    return TrackingState.SAME
