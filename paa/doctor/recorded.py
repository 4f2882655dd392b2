"""What the repository says of its releases: tags, the tracking files, release notes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from packaging.version import Version

from paa.doctor.evidence import FoundTag, Sources, Tracked
from paa.doctor.facts import TagState
from paa.documents.tracking import LEGACY_FILE, TRACKING_FILE, TrackedRelease, parse_legacy_versions, parse_tracking
from paa.edges.git_tags import Tag
from paa.edges.tree import Tree
from paa.errors import ConfigError
from paa.plan.notes import prepend
from paa.plan.pep440 import parse_version
from paa.plan.tags import parse_burnt_message, parse_tag_message, parse_tag_name, tag_notes
from paa.record.files import notes_path

# What the existing tool tags with.
_EXISTING_TOOL_TAG = "v{version}_{package}"
Beside = Mapping[str, Mapping[Version, frozenset[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingFiles:
    """Both files. ``problems`` tells what can't be read; ``existing_tool`` is None where there is no such file."""

    releases: Mapping[str, TrackedRelease]
    existing_tool: Mapping[str, str] | None
    problems: tuple[ConfigError, ...] = ()

    def of(self, package: str) -> Tracked:
        """What they say of one package."""
        return Tracked(
            release=self.releases.get(package),
            existing_tool=None if self.existing_tool is None else self.existing_tool.get(package, ""),
            is_readable=not self.problems,
        )


def read_tracking(tree: Tree) -> TrackingFiles:
    """The tracking files of ``tree``; what is wrong with them is in the result."""
    problems: list[ConfigError] = []
    releases: dict[str, TrackedRelease] = {}
    existing_tool: Mapping[str, str] | None = None
    if (data := tree.read_one(TRACKING_FILE)) is not None:
        try:
            releases = {item.package: item for item in parse_tracking(data)}
        except ConfigError as error:
            problems.append(error)
    if (data := tree.read_one(LEGACY_FILE)) is not None:
        try:
            existing_tool = parse_legacy_versions(data)
        except ConfigError as error:
            problems.append(error)
    return TrackingFiles(releases=releases, existing_tool=existing_tool, problems=tuple(problems))


def read_tags(
    tags: Iterable[Tag], tag_format: str, packages: Collection[str]
) -> Mapping[str, Mapping[Version, FoundTag]]:
    """The tags of ``packages``, by package and version. Of several for one version the best proof counts."""
    found: dict[str, dict[Version, FoundTag]] = {}
    for tag in tags:
        for package, version, known in _readings(tag, tag_format, packages):
            of_package = found.setdefault(package, {})
            if version not in of_package or known.state is TagState.OURS:
                of_package[version] = known
    return found


def read_beside(tags: Iterable[Tag]) -> tuple[Beside, Beside]:
    """What tag objects beside tags say: package → version → the indexes chosen for it, and those that take it no more.

    What can't be read says nothing.
    """
    chosen: dict[str, dict[Version, frozenset[str]]] = {}
    burnt: dict[str, dict[Version, frozenset[str]]] = {}
    for tag in tags:
        if (note := parse_burnt_message(tag.message)) is not None:
            _add(burnt, note.package, note.version, {note.index})
        elif (record := parse_tag_message(tag.message)) is not None:
            _add(chosen, record.package, record.version, {*(record.indexes or ())})
    return chosen, burnt


def _add(found: dict[str, dict[Version, frozenset[str]]], package: str, version: str, indexes: set[str]) -> None:
    versions = found.setdefault(package, {})
    versions[Version(version)] = versions.get(Version(version), frozenset()) | indexes


def is_noted(tree: Tree, package: str, version: Version) -> bool:
    """Whether the release notes of ``package`` have a section for ``version``."""
    text = (tree.read_one(notes_path(package)) or b"").decode("utf-8", "replace")
    # What has its section already is left as it is.
    return bool(text.strip()) and prepend(text, f"### {version}\n", str(version)) == text


def _readings(tag: Tag, tag_format: str, packages: Collection[str]) -> Iterable[tuple[str, Version, FoundTag]]:
    record = parse_tag_message(tag.message)
    named = parse_tag_name(tag_format, tag.name, packages)
    if record is None:
        named = named or parse_tag_name(_EXISTING_TOOL_TAG, tag.name, packages)
        if named is not None:
            yield named[0], Version(named[1]), FoundTag(name=tag.name, state=TagState.BARE)
        return
    if record.package in packages:
        proof = FoundTag(
            name=tag.name,
            state=TagState.OURS,
            sources=Sources(
                fingerprint=record.fingerprint, commit=tag.commit, builder=record.builder, floors=record.floors
            ),
            files=record.files,
            notes=tag_notes(tag.message),
        )
        version = parse_version(record.version)
        if version is not None and named in {None, (record.package, str(version))}:
            yield record.package, version, proof
            return
    if named is not None:
        yield named[0], Version(named[1]), FoundTag(name=tag.name, state=TagState.CONTRADICTING)
