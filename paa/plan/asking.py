"""Indexes → what they have of a distribution: asked only about packages that may have to be released."""

import functools
import io
from collections.abc import Callable, Mapping

from packaging.version import Version

from paa.documents.distributions import Part, floors_in, manifest_in, read_served
from paa.documents.manifest import Manifest
from paa.edges.index import FILE_LIMIT, IndexReader, version_of
from paa.model import IndexFile
from paa.plan.published import Ask, PublishedProject

# An sdist of today (PEP 625). Older ones are in other archives, and none of them is ours.
_GZIP = b"\x1f\x8b"


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
    data = reader.read(file, limit_bytes=FILE_LIMIT)
    if not file.name.endswith(".whl") and not data.startswith(_GZIP):
        return None, {}
    parts = read_served(io.BytesIO(data), file.name, Part.MANIFEST, Part.METADATA)
    return manifest_in(parts), floors_in(parts)
