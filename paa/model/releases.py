"""Plans, and what is built from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from paa.model.indexes import Index


class Bump(StrEnum):
    """How a version moves, largest last in effect: see ``plan/versions.py``."""

    FIRST = "first"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"
    EXACT = "exact"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a release is planned.

    ``kind`` is one of new, changed, commit, unrecorded (an index has it, but it is not recorded here), missing (an
    index lacks what another has), cascade (it must allow a sibling's new version), conflict (a version is taken by
    something else), used-up (an index takes a version never again), taken-over (nothing says what the last release was
    made from) and asked.
    """

    kind: str
    text: str
    commit: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release that the repository's state calls for.

    ``needs`` names the packages of the same plan that must be published before this one;
    ``floors`` maps every sibling to the version that this release is built against. ``targets`` names the indexes that
    it has to be on (empty: those of the plan), which are others for a pre-release where ``prereleases_to`` says so.
    ``present_on`` names the indexes that had this version when the plan was made: what the other targets lack is
    filled with the bytes from there. ``released_files`` maps their names to their SHA-256, where a tag says that.
    """

    package: str
    distribution: str
    version: str
    previous: str | None
    bump: Bump
    fingerprint: str
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    floors: Mapping[str, str] = field(default_factory=dict)
    new_on_index: bool = False
    targets: tuple[str, ...] = ()
    present_on: tuple[str, ...] = ()
    released_files: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing_on(self) -> tuple[str, ...]:
        """The targets that lacked this version when the plan was made."""
        return tuple(name for name in self.targets if name not in self.present_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A package that can't be released, with the first reason and its place."""

    package: str
    reason: str
    path: str | None = None
    line: int | None = None
    advice: str | None = None

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.path and self.line else self.path
        return ": ".join(part for part in (self.package, place, self.reason) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """What publishing has to know of a repository, so that it can be done without it. No secret is in it.

    ``indexes`` (resolved, see targets) are those of the plan and of ``publish_to`` and ``prereleases_to``, which hold
    names. ``adopt``, ``distributions`` (of all packages of the repository) and ``projects`` (those that paa did not
    assemble, so that their wheels have no manifest) hold names that are normalised (PEP 503).
    ``repository`` is the web address of the sources, as the manifests in their wheels have it.
    """

    indexes: tuple[Index, ...] = ()
    publish_to: tuple[str, ...] = ()
    prereleases_to: tuple[str, ...] = ()
    adopt: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    repository: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The ordered list of releases that a repository state calls for. ``releases`` is in release order.

    ``provisional`` says why the plan can't be published as it is (an index that could not be read, an offline plan
    with targets that were not asked); None when it can. ``builder`` names what the bytes depend on (flit_core and
    its version). ``indexes`` names every index that a release goes to; each release says to which of them.
    ``settings`` is there in plans that other machines publish from; None in one that was made offline.
    """

    commit: str | None
    indexes: tuple[str, ...]
    builder: str
    releases: tuple[Release, ...] = ()
    unchanged: tuple[str, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    provisional: str | None = None
    settings: PublishSettings | None = None

    def targets_of(self, release: Release) -> tuple[str, ...]:
        """The indexes that ``release`` has to be on."""
        return release.targets or self.indexes


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupDirectory:
    """The assembled source tree of one package and version, before anything is written.

    ``files`` maps a path inside it to bytes; ``import_package`` is the folder that the wheel ships. ``isolated`` says
    that it asks for another build backend than the one that paa runs with.
    """

    package: str
    distribution: str
    version: str
    import_package: str
    files: Mapping[str, bytes]
    isolated: bool = False


class DistributionKind(StrEnum):
    """The two kinds of built distributions."""

    WHEEL = "wheel"
    SDIST = "sdist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """A built file: its name, size in bytes and SHA-256 as hexadecimal digits."""

    name: str
    size: int
    sha256: str
    kind: DistributionKind


class Outcome(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltRelease:
    """A planned release and the files made for it.

    ``checks`` maps the name of a check to its outcome for exactly these files; a check that is absent has not passed.
    """

    release: Release
    files: tuple[Distribution, ...]
    requires_dist: tuple[str, ...]
    checks: Mapping[str, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSet:
    """What one build made: the content of ``dist/paa-release.json``, in the plan's order."""

    plan: Plan
    releases: tuple[BuiltRelease, ...]
