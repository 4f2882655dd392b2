"""Indexes → what they have of a distribution: asked only about packages that may have to be released."""

import io
import logging
import zipfile
from collections.abc import Iterable, Mapping
from email.parser import BytesParser

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.documents.manifest import MANIFEST_PATH, Manifest, parse_manifest
from paa.edges.index import IndexReader, version_of
from paa.errors import IndexReadError
from paa.model import IndexFile
from paa.plan.published import Ask, PublishedProject

log = logging.getLogger(__name__)

# PyPI's limit for one file; a wheel of ours has a few kilobytes.
WHEEL_LIMIT = 100 * 1024 * 1024


def asker(readers: Iterable[IndexReader]) -> Ask:
    """A function from a distribution's name to what ``readers`` have of it together; it raises IndexReadError."""
    readers = tuple(readers)

    def ask(distribution: str) -> PublishedProject:
        found = [_project(reader, distribution) for reader in readers]
        ours = [project for project in found if project.manifest is not None]
        newest = max(ours, key=_newest_version, default=PublishedProject())
        versions = frozenset(version for project in found for version in project.versions)
        return PublishedProject(versions=versions, manifest=newest.manifest, floors=newest.floors)

    return ask


def _newest_version(project: PublishedProject) -> Version:
    return Version(project.manifest.version if project.manifest is not None else "0")


def _project(reader: IndexReader, distribution: str) -> PublishedProject:
    files = reader.files(distribution)
    versions = {file: version for file in files if (version := version_of(file.name, distribution)) is not None}
    wheels = [file for file in versions if file.name.endswith(".whl")]
    if not wheels:
        return PublishedProject(versions=frozenset(str(version) for version in versions.values()))
    manifest, floors = _inspect(reader, max(wheels, key=lambda file: (versions[file], file.name)))
    return PublishedProject(
        versions=frozenset(str(version) for version in versions.values()), manifest=manifest, floors=floors
    )


def _inspect(reader: IndexReader, wheel: IndexFile) -> tuple[Manifest | None, Mapping[str, str]]:
    """The manifest and the floors of a wheel on the index; a wheel that is no wheel of ours has none."""
    data = reader.read(wheel, limit_bytes=WHEEL_LIMIT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            manifest_name = next((name for name in names if name.endswith(f"/{MANIFEST_PATH}")), None)
            metadata_name = next((name for name in names if name.endswith(".dist-info/METADATA")), None)
            manifest = parse_manifest(archive.read(manifest_name)) if manifest_name else None
            return manifest, _floors(archive.read(metadata_name)) if metadata_name else {}
    except (zipfile.BadZipFile, KeyError, NotImplementedError) as error:
        message = f"{wheel.name} on the index is not a readable wheel: {error}"
        raise IndexReadError(message) from error


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
