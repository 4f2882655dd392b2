"""What a wheel or an sdist says of itself: its manifest, its metadata, its builder. It may be anybody's, and damaged.

Who reads decides what damage means: ``read_parts`` raises ArchiveError for a file of our own, ``read_served`` an
IndexReadError that names the file of an index.
"""

import email.message
import email.parser
import io
import logging
import re
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from enum import Enum, auto

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from paa.documents.manifest import MANIFEST_PATH, Manifest, parse_manifest
from paa.edges.archives import COMPRESSIONS, UNREADABLE
from paa.errors import ArchiveError, IndexReadError


class Part(Enum):
    """A file in a wheel or an sdist that says something of the whole."""

    MANIFEST = auto()
    METADATA = auto()
    BUILDER = auto()


Parts = Mapping[Part, bytes]

# Only where the formats have them: a folder of other projects' code in a wheel may hold as many others.
_IN_WHEEL = {
    Part.MANIFEST: re.compile(rf"[^/]+/{re.escape(MANIFEST_PATH)}"),
    Part.METADATA: re.compile(r"[^/]+\.dist-info/METADATA"),
    Part.BUILDER: re.compile(r"[^/]+\.dist-info/WHEEL"),
}
_IN_SDIST = {
    Part.MANIFEST: re.compile(rf"[^/]+/[^/]+/{re.escape(MANIFEST_PATH)}"),
    Part.METADATA: re.compile(r"[^/]+/PKG-INFO"),
}
# Of one part, in bytes: the largest have a few hundred kilobytes. A small archive can hold a member of any size.
_LIMIT = 16 << 20

_log = logging.getLogger(__name__)


def read_parts(stream: io.BufferedIOBase, name: str, *wanted: Part) -> Parts:
    """Those of ``wanted`` that the wheel or sdist in ``stream`` has; no other part is read, and none above 16 MiB.

    ``name`` is its file name, which says what it is; ``stream`` has to be seekable. Raises ArchiveError for what is no
    archive of that kind, or a damaged one.
    """
    try:
        return _read(stream, name, wanted)
    except UNREADABLE as error:
        message = f"{name} is not a readable {_kind(name)}: {error}"
        raise ArchiveError(message) from error


def read_served(stream: io.BufferedIOBase, name: str, *wanted: Part) -> Parts:
    """The same of a file that an index serves. Raises IndexReadError."""
    try:
        return _read(stream, name, wanted)
    except UNREADABLE as error:
        message = f"{name} on the index is not a readable {_kind(name)}: {error}"
        raise IndexReadError(message) from error


def manifest_in(parts: Parts) -> Manifest | None:
    """The manifest; None where there is none of a schema that this paa knows."""
    data = parts.get(Part.MANIFEST)
    return None if data is None else parse_manifest(data)


def floors_in(parts: Parts) -> Mapping[str, str]:
    """Every requirement that has a lower bound or an exact version: normalised distribution name → that version.

    Versions are in their normal form; which of the distributions are siblings, who asks has to know.
    """
    floors: dict[str, str] = {}
    for text in headers(parts.get(Part.METADATA, b"")).get_all("Requires-Dist") or []:
        try:
            requirement = Requirement(str(text))
            for specifier in requirement.specifier:
                if specifier.operator in {">=", "=="}:
                    floors[canonicalize_name(requirement.name)] = str(Version(specifier.version))
        except (InvalidRequirement, InvalidVersion):  # The latter is a pattern: ``==1.*``.
            _log.debug("ignored a requirement that gives no version: %s", text)
    return floors


def headers(metadata: bytes) -> email.message.Message:
    """The fields of METADATA, PKG-INFO or WHEEL. A value with bytes that are no UTF-8 is no text: take its ``str``."""
    return email.parser.BytesParser().parsebytes(metadata, headersonly=True)


def _kind(name: str) -> str:
    return "wheel" if name.endswith(".whl") else "sdist"


def _read(stream: io.BufferedIOBase, name: str, wanted: Iterable[Part]) -> Parts:
    patterns = _IN_WHEEL if name.endswith(".whl") else _IN_SDIST
    missing = {part: patterns[part] for part in wanted if part in patterns}
    return _from_tar(stream, missing) if name.endswith(".tar.gz") else _from_zip(stream, missing)


def _from_zip(stream: io.BufferedIOBase, wanted: Mapping[Part, re.Pattern[str]]) -> Parts:
    found: dict[Part, bytes] = {}
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            part = _part_at(member.filename, wanted)
            if part is None or part in found or member.file_size > _LIMIT:
                continue
            if member.compress_type not in COMPRESSIONS:
                message = f"{member.filename} is compressed as no wheel is"
                raise zipfile.BadZipFile(message)
            found[part] = archive.read(member)
    return found


def _from_tar(stream: io.BufferedIOBase, wanted: Mapping[Part, re.Pattern[str]]) -> Parts:
    found: dict[Part, bytes] = {}
    with tarfile.open(fileobj=stream, mode="r:gz") as archive:
        for member in archive:
            part = _part_at(member.name, wanted) if member.isfile() and member.size <= _LIMIT else None
            if part is not None and part not in found and (content := archive.extractfile(member)) is not None:
                found[part] = content.read()
    return found


def _part_at(path: str, wanted: Mapping[Part, re.Pattern[str]]) -> Part | None:
    return next((part for part, pattern in wanted.items() if pattern.fullmatch(path)), None)
