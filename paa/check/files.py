"""The list of files is that of the package and nothing else, and every file is what the wheel's RECORD says."""

import base64
import csv
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from paa.check.model import CheckInput
from paa.documents import parse_manifest
from paa.edges.files import is_inside
from paa.model import DistributionKind, Finding, Release

RULE = "files"
# PyPI's limit for one file.
_SIZE_LIMIT = 100 * 1024 * 1024
_UNWANTED = ("__pycache__/", ".pyc", ".git/", ".DS_Store")
_DIST_INFO = frozenset({"METADATA", "WHEEL", "RECORD", "entry_points.txt"})


def check_files(given: CheckInput) -> tuple[Finding, ...]:
    """Findings for members that do not belong there, are missing, or differ from what the wheel says about them."""
    kinds = [file.kind for file in given.built.files]
    messages = (
        [] if sorted(kinds) == ["sdist", "wheel"] else [f"expected one wheel and one sdist, found {len(kinds)} files"]
    )
    for file in given.built.files:
        path = given.folder / file.name
        if file.size > _SIZE_LIMIT:
            messages.append(f"{file.name}: {file.size} bytes; PyPI takes at most {_SIZE_LIMIT}")
        try:
            found = _wheel(path, given) if file.kind is DistributionKind.WHEEL else _sdist(path)
            messages += [f"{file.name}: {message}" for message in found]
        except (zipfile.BadZipFile, tarfile.TarError, OSError, KeyError, ValueError) as error:
            messages.append(f"{file.name}: this file can't be read: {error}")
    return tuple(Finding(rule=RULE, message=message) for message in messages)


def _wheel(path: Path, given: CheckInput) -> Iterator[str]:
    release = given.built.release
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        yield from _unsafe(names)
        info = {name.partition("/")[0] for name in names if name.partition("/")[0].endswith(".dist-info")}
        if len(info) != 1:
            yield f"expected one .dist-info folder, found {len(info)}"
            return
        folder = info.pop()
        yield from _record(wheel, folder)
        yield from _identity(wheel.read(f"{folder}/METADATA"), release)
        if given.generated:
            yield from _generated(wheel, names, folder, release)


def _generated(wheel: zipfile.ZipFile, names: list[str], folder: str, release: Release) -> Iterator[str]:
    """A package that paa assembled holds its import package and its metadata, and the manifest names this release."""
    for name in names:
        top, _, rest = name.partition("/")
        if top != release.package and not (top == folder and (rest in _DIST_INFO or rest.startswith("licenses/"))):
            yield f"{name} does not belong to the package"
    if f"{release.package}/__init__.py" not in names:
        yield f"{release.package}/__init__.py is missing"
    manifest = parse_manifest(wheel.read(f"{release.package}/.paa/manifest.json"))
    if manifest is None or (manifest.package, manifest.version) != (release.package, release.version):
        yield "the manifest does not name this release"
    elif manifest.fingerprint != release.fingerprint:
        yield "the manifest's fingerprint is not the planned one"


def _record(wheel: zipfile.ZipFile, folder: str) -> Iterator[str]:
    rows = {row[0]: row[1] for row in csv.reader(io.StringIO(wheel.read(f"{folder}/RECORD").decode())) if row}
    for name in sorted(set(wheel.namelist()) ^ set(rows)):
        yield f"{name} is in the wheel or in its RECORD, but not in both"
    for name in sorted(set(wheel.namelist()) & set(rows)):
        if name == f"{folder}/RECORD":
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(name)).digest()).rstrip(b"=").decode()
        if rows[name] != f"sha256={digest}":
            yield f"{name} is not what the RECORD says"


def _identity(metadata: bytes, release: Release) -> Iterator[str]:
    fields = BytesParser().parsebytes(metadata, headersonly=True)
    name, version = str(fields["Name"]), str(fields["Version"])
    if canonicalize_name(name) != canonicalize_name(release.distribution):
        yield f"METADATA names {name}, not {release.distribution}"
    try:
        same = Version(version) == Version(release.version)
    except InvalidVersion:
        same = False
    if not same:
        yield f"METADATA has version {version}, not {release.version}"


def _sdist(path: Path) -> Iterator[str]:
    top = path.name.removesuffix(".tar.gz")
    with tarfile.open(path) as sdist:
        members = sdist.getmembers()
    yield from _unsafe([member.name for member in members])
    for member in members:
        if not (member.isreg() or member.isdir()):
            yield f"{member.name} is neither a file nor a folder"
        if member.name.partition("/")[0] != top:
            yield f"{member.name} lies outside {top}/"
    if f"{top}/PKG-INFO" not in {member.name for member in members}:
        yield f"{top}/PKG-INFO is missing"


def _unsafe(names: list[str]) -> Iterator[str]:
    for name in names:
        if not is_inside(name.rstrip("/")):
            yield f"{name!r} leads out of the archive"
        elif any(part in f"{name}" for part in _UNWANTED):
            yield f"{name} must not be shipped"
    if len(set(names)) != len(names):
        yield "a member is there twice"
