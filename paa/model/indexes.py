"""Indexes, and what became of a release on each."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class IndexKind(StrEnum):
    """Where distributions can be published to. Every kind but ``directory`` takes legacy uploads."""

    PYPI = "pypi"
    TESTPYPI = "testpypi"
    PYPISERVER = "pypiserver"
    DEVPI = "devpi"
    GENERIC = "generic"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One configured index. A ``directory`` has ``path`` (absolute); the others have both URLs."""

    name: str
    kind: IndexKind
    path: Path | None = None
    upload_url: str | None = None
    simple_url: str | None = None


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
    """Where a release stands after publishing to one index."""

    UPLOADED = "uploaded"
    ALREADY_THERE = "already there"
    WOULD_UPLOAD = "would upload"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The result for one release on one index; ``reason`` says why it is blocked or failed."""

    package: str
    distribution: str
    version: str
    index: str
    state: PublishState
    reason: str | None = None
    receipts: tuple[Receipt, ...] = ()
