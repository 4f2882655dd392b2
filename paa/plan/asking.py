"""Indexes → what they have of a distribution: asked only about packages that may have to be released."""

import functools
import io
import logging
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from email.parser import BytesParser

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.documents.manifest import MANIFEST_PATH, Manifest, parse_manifest
from paa.edges.archives import UNREADABLE
from paa.edges.index import IndexReader, version_of
from paa.errors import IndexReadError
from paa.model import IndexFile
from paa.plan.published import Ask, PublishedProject

log = logging.getLogger(__name__)

# PyPI's limit for one file; a wheel of ours has a few kilobytes.
WHEEL_LIMIT = 100 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_IN_SDIST = (f"/{MANIFEST_PATH}", "/PKG-INFO")


def asker(find: Callable[[str], IndexReader]) -> Ask:
    """What asks the readers that ``find`` gives for the names of indexes; the same thing is asked once."""

    @functools.cache
    def ask(index: str, distribution: str) -> PublishedProject:
        return _project(find(index), distribution)

    return ask


def _project(reader: IndexReader, distribution: str) -> PublishedProject:
    files = reader.files(distribution)
    versions = {file: version for file in files if (version := version_of(file.name, distribution)) is not None}
    if not versions:
        return PublishedProject()
    # A release that was left half done may have the sdist alone, and it tells as much.
    newest = max(versions, key=lambda file: (versions[file], file.name.endswith(".whl"), file.name))
    manifest, floors = _inspect(reader, newest)
    return PublishedProject(
        versions=frozenset(str(version) for version in versions.values()),
        whole=_whole(versions),
        manifest=manifest,
        floors=floors,
    )


def _whole(versions: Mapping[IndexFile, Version]) -> frozenset[str]:
    wheels = {str(version) for file, version in versions.items() if file.name.endswith(".whl")}
    return frozenset(wheels & {str(version) for file, version in versions.items() if not file.name.endswith(".whl")})


def _inspect(reader: IndexReader, file: IndexFile) -> tuple[Manifest | None, Mapping[str, str]]:
    """The manifest and the floors of a distribution on the index; one that is not ours has no manifest."""
    data = reader.read(file, limit_bytes=WHEEL_LIMIT)
    try:
        manifest, metadata = _from_wheel(data) if file.name.endswith(".whl") else _from_sdist(data)
    except UNREADABLE as error:
        kind = "wheel" if file.name.endswith(".whl") else "sdist"
        message = f"{file.name} on the index is not a readable {kind}: {error}"
        raise IndexReadError(message) from error
    return parse_manifest(manifest) if manifest else None, _floors(metadata) if metadata else {}


def _from_wheel(data: bytes) -> tuple[bytes | None, bytes | None]:
    """Manifest and metadata, each if it is there."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        manifest = next((name for name in names if name.endswith(f"/{MANIFEST_PATH}")), None)
        metadata = next((name for name in names if name.endswith(".dist-info/METADATA")), None)
        return archive.read(manifest) if manifest else None, archive.read(metadata) if metadata else None


def _from_sdist(data: bytes) -> tuple[bytes | None, bytes | None]:
    """The same of an sdist (PEP 625); of any other archive neither."""
    found: dict[str, bytes] = {}
    if not data.startswith(_GZIP):
        return None, None
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        for member in archive:
            ending = next((ending for ending in _IN_SDIST if member.name.endswith(ending)), None)
            if ending is not None and (content := archive.extractfile(member)) is not None:
                found.setdefault(ending, content.read())
    return found.get(_IN_SDIST[0]), found.get(_IN_SDIST[1])


def _floors(metadata: bytes) -> Mapping[str, str]:
    """Every requirement that has a lower bound or an exact version; which of them are siblings, the plan knows."""
    floors: dict[str, str] = {}
    for text in BytesParser().parsebytes(metadata, headersonly=True).get_all("Requires-Dist") or []:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            log.debug("ignored a requirement that can't be read: %s", text)
            continue
        for specifier in requirement.specifier:
            if specifier.operator in {">=", "=="}:
                floors[canonicalize_name(requirement.name)] = specifier.version
    return floors
