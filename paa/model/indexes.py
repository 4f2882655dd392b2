"""Indexes, and what became of a release on each."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class IndexKind(StrEnum):
    """Where distributions can be published to. Every kind but the last three takes legacy uploads."""

    PYPI = "pypi"
    TESTPYPI = "testpypi"
    AZURE = "azure"
    GITLAB = "gitlab"
    CODEARTIFACT = "codeartifact"
    GOOGLE = "google"
    ARTIFACTORY = "artifactory"
    NEXUS = "nexus"
    CLOUDSMITH = "cloudsmith"
    GEMFURY = "gemfury"
    DEVPI = "devpi"
    PYPISERVER = "pypiserver"
    GENERIC = "generic"
    DIRECTORY = "directory"
    GITHUB_PAGES = "github-pages"
    GIT = "git"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One configured index: the keys of its entry, by the same names; which there are depends on the kind.

    A ``directory`` has ``path`` (absolute). A ``github-pages`` index has ``url`` and ``branch``, a ``git`` index
    ``branch`` (with ``{package}`` in it); both have ``root``, the repository whose ``remote`` (a name of one, or the
    address of another repository; ``origin`` if not given) they are pushed to. All others have both addresses once they
    are resolved (see targets), and ``install_url`` where installers have another address than the one that is asked.
    """

    name: str
    kind: IndexKind
    path: Path | None = None
    upload_url: str | None = None
    simple_url: str | None = None
    install_url: str | None = None
    url: str | None = None
    branch: str | None = None
    remote: str | None = None
    root: Path | None = None
    host: str | None = None
    organization: str | None = None
    owner: str | None = None
    project: str | None = None
    group: str | None = None
    feed: str | None = None
    domain: str | None = None
    region: str | None = None
    location: str | None = None
    repository: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFile:
    """A file as an index serves it. ``sha256`` is None where the index gives no such hash."""

    name: str
    url: str
    sha256: str | None = None
    yanked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that one file was on one index: written after the index served it with this hash."""

    index: str
    file: str
    sha256: str
    package: str
    version: str
    uploaded: bool


class PublishState(StrEnum):
    """Where a release stands after publishing to one index; BURNT: it takes this version never again."""

    UPLOADED = "uploaded"
    ALREADY_THERE = "already there"
    WOULD_UPLOAD = "would upload"
    BLOCKED = "blocked"
    BURNT = "burnt"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Burnt:
    """A version of a package whose name is used up on an index: it is not there, and can't get there any more."""

    package: str
    version: str
    index: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The result for one release on one index; ``reason`` says why it is blocked, burnt or failed."""

    package: str
    distribution: str
    version: str
    index: str
    state: PublishState
    reason: str | None = None
    receipts: tuple[Receipt, ...] = ()
