"""What earlier releases left in the repository: annotated tags with our trailers, and tracking files."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from packaging.version import Version

from paa.documents.tracking import LEGACY_FILE, TRACKING_FILE, parse_legacy_versions, tracked_entries
from paa.edges.git_tags import BURNT_REFERENCES, PUBLISHED_REFERENCES, Tag
from paa.edges.tree import Tree
from paa.plan.pep440 import parse_version
from paa.plan.tags import parse_burnt_message, parse_tag_message, parse_tag_name

log = logging.getLogger(__name__)

# How the existing tool writes tags.
LEGACY_TAG_FORMAT = "v{version}_{package}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One release that the repository knows of; ``fingerprint`` and ``commit`` are None where only the version is.

    ``indexes`` are those that have it; None where nothing says which. ``partial``: it went to indexes that were chosen
    by hand, and nothing says that it is everywhere where it has to be.
    """

    package: str
    version: str
    fingerprint: str | None = None
    commit: str | None = None
    floors: Mapping[str, str] = field(default_factory=dict)
    indexes: tuple[str, ...] | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that the repository knows of one package's releases, and the last of them.

    ``releases`` has one entry for a version and a fingerprint, in no order. ``last`` is the highest of those whose
    fingerprint is known, else the highest; partial ones count for the indexes that a plan is for (see ``last.py``).
    ``burnt`` maps versions to the indexes on which they are used up.
    """

    releases: tuple[Recorded, ...] = ()
    last: Recorded | None = None
    burnt: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def versions(self) -> frozenset[str]:
        """Every version that is taken."""
        return frozenset(release.version for release in self.releases)

    @property
    def fingerprints(self) -> frozenset[str]:
        """What releases of ours were made from."""
        return frozenset(release.fingerprint for release in self.releases if release.fingerprint is not None)

    def versions_on(self, index: str) -> frozenset[str]:
        """The versions that ``index`` may have: those that are known to be there, or not known to be elsewhere."""
        return frozenset(
            release.version for release in self.releases if release.indexes is None or index in release.indexes
        )


def read_records(
    tree: Tree, tags: "Iterable[Tag | Recorded]", tag_format: str, packages: Collection[str]
) -> dict[str, History]:
    """The history of every package that tags or tracking files name. Raises ConfigError for a broken tracking file.

    Among ``tags`` may be what one of them says, read before.
    """
    found: dict[str, list[Recorded]] = {}
    burnt: dict[str, dict[str, frozenset[str]]] = {}
    for tag in tags:
        if isinstance(tag, Recorded):
            found.setdefault(tag.package, []).append(tag)
            continue
        if tag.reference.startswith(f"{BURNT_REFERENCES}/"):
            if (note := parse_burnt_message(tag.message)) is not None:
                versions = burnt.setdefault(note.package, {})
                versions[note.version] = versions.get(note.version, frozenset()) | {note.index}
            continue
        record = recorded_by(tag)
        if record is None and not _is_partial(tag) and (named := _named(tag_format, tag, packages)) is not None:
            # A bare tag is no proof of a release, but its version is taken.
            record = Recorded(package=named[0], version=named[1], commit=tag.commit)
        if record is not None:
            found.setdefault(record.package, []).append(record)
    for record in _tracked(tree, found):
        found.setdefault(record.package, []).append(record)
    histories = {name: history_of(found.get(name, ())) for name in sorted(found.keys() | burnt.keys())}
    return histories | {name: replace(histories[name], burnt=versions) for name, versions in burnt.items()}


def recorded_by(tag: Tag) -> Recorded | None:
    """The release that the message of ``tag`` records, None where it does not."""
    record = parse_tag_message(tag.message)
    if record is None:
        return None
    return Recorded(
        package=record.package,
        version=record.version,
        fingerprint=record.fingerprint,
        commit=tag.commit,
        floors=record.floors,
        indexes=record.indexes,
        partial=_is_partial(tag),
    )


def _is_partial(tag: Tag) -> bool:
    return tag.reference.startswith(f"{PUBLISHED_REFERENCES}/")


def _named(tag_format: str, tag: Tag, packages: Collection[str]) -> tuple[str, str] | None:
    """The package and version that a bare tag names, also in the form that the existing tool writes."""
    named = parse_tag_name(tag_format, tag.name, packages)
    return parse_tag_name(LEGACY_TAG_FORMAT, tag.name, packages) if named is None else named


def _tracked(tree: Tree, known: Mapping[str, Sequence[Recorded]]) -> Iterable[Recorded]:
    """What tracking files record, without what adds nothing to the records in ``known`` (by package)."""
    if (data := tree.read_one(TRACKING_FILE)) is not None:
        for package, version, fingerprint, commit, floors, indexes in tracked_entries(data):
            for record in known.get(package, ()):
                if record.version == version and record.fingerprint == fingerprint and _is_enough(record, indexes):
                    break
            else:
                yield Recorded(
                    package=package,
                    version=version,
                    fingerprint=fingerprint,
                    commit=commit,
                    floors=floors,
                    indexes=indexes,
                )
    if (data := tree.read_one(LEGACY_FILE)) is not None:
        for package, version in parse_legacy_versions(data).items():
            yield Recorded(package=package, version=version)


def history_of(records: Sequence[Recorded]) -> History:
    """What is known of one package, from everything that is recorded of it."""
    distinct = _distinct(records)
    if len(distinct) == 1 and parse_version(distinct[0].version) is not None:
        return History(releases=(distinct[0],), last=None if distinct[0].partial else distinct[0])
    known = [(parsed, record) for record in distinct if (parsed := parse_version(record.version)) is not None]
    if not known:
        return History()
    # A version alone (a bare tag, the existing tool's files) is taken, and does not tell what was released: only where
    # there is nothing better does it stand for the last release.
    whole = [item for item in known if not item[1].partial]
    last = max(whole, key=_rank, default=None)
    return History(releases=tuple(record for _, record in known), last=None if last is None else last[1])


def _rank(item: tuple[Version, Recorded]) -> tuple[bool, Version, bool]:
    version, record = item
    return record.fingerprint is not None, version, record.commit is not None


def _distinct(records: Sequence[Recorded]) -> Sequence[Recorded]:
    """A release that is recorded in several places is on all indexes that any of them names."""
    if len(records) == 1 and records[0].indexes != ():
        return records  # There is nothing to be merged.
    found: dict[tuple[str, str | None], Recorded] = {}
    for record in records:
        key = (record.version, record.fingerprint)
        known = found.get(key)
        if known is None:
            found[key] = record if record.indexes != () else replace(record, indexes=None)
        else:
            found[key] = _merged(known, record)
    return tuple(found.values())


def _merged(known: Recorded, record: Recorded) -> Recorded:
    """What two records of one release say together."""
    if _is_enough(known, record.indexes):
        return known
    indexes = tuple(sorted({*(known.indexes or ()), *(record.indexes or ())})) or None
    first = record if known.partial and not record.partial else known
    return replace(first, indexes=indexes, commit=first.commit or known.commit or record.commit)


def _is_enough(known: Recorded, indexes: tuple[str, ...] | None) -> bool:
    """Whether another record of the release adds nothing, as nearly always: the tag and the tracking file say the same.

    ``indexes`` are those of the other record.
    """
    return bool(known.commit) and not known.partial and known.indexes == indexes and len(indexes or ()) <= 1
