"""What was found out about one package, as it was found: the input from which facts are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.version import Version

from paa.doctor.facts import Origin, TagState
from paa.documents.tracking import TrackedRelease
from paa.model import BuiltRelease, IndexFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a release was made from. ``floors`` maps siblings to versions, ``builder`` is what made its files."""

    fingerprint: str
    commit: str
    builder: str
    floors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTag:
    """The tag of a version: ``files`` maps names to SHA-256, ``notes`` are the bullets of its message."""

    name: str
    state: TagState
    sources: Sources | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What the tracking files say of a package: ours, and the version in the existing tool's file.

    ``existing_tool`` is None where its file is not there; an empty text where the file does not name the package.
    ``is_readable`` is False when either file is broken.
    """

    release: TrackedRelease | None = None
    existing_tool: str | None = None
    is_readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What ``dist/`` has of a package: files whose bytes are those that were built, and the commit and builder."""

    built: BuiltRelease
    commit: str | None
    builder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One package. ``served`` maps an index to its files of it, None for one that could not be read.

    ``tags`` are by version; ``marked`` are the versions whose wheel was read and has a manifest of paa's.

    ``chosen`` maps versions to the indexes that they went to because those were chosen by hand, ``burnt`` to those on
    which they are used up.

    Of the last release: ``fingerprint`` is what the tag or the wheel says, ``sources`` all that it was made from, where
    that is known. ``origin`` says whose the project on the indexes is, ``all_asked`` is as in the facts.
    """

    package: str
    distribution: str
    tag_format: str
    tags: Mapping[Version, FoundTag]
    tracked: Tracked
    noted: frozenset[Version]
    served: Mapping[str, tuple[IndexFile, ...] | None]
    final_targets: tuple[str, ...]
    prerelease_targets: tuple[str, ...]
    kept: Kept | None = None
    origin: Origin = Origin.UNMARKED
    marked: frozenset[Version] = frozenset()
    fingerprint: str | None = None
    sources: Sources | None = None
    all_asked: bool = True
    chosen: Mapping[Version, frozenset[str]] = field(default_factory=dict)
    burnt: Mapping[Version, frozenset[str]] = field(default_factory=dict)

    def targets(self, version: Version) -> tuple[str, ...]:
        """The indexes on which ``version`` belongs, of those that were asked."""
        wanted = self.prerelease_targets if version.is_prerelease else self.final_targets
        return tuple(name for name in wanted if name in self.served)
