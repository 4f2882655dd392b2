"""The list of files is that of the package and nothing else, and every file is what the archives say about it."""

import base64
import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from email.parser import BytesParser
from pathlib import Path, PurePosixPath

from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from paa.check.archives import sdist_members, wheel_members
from paa.check.model import CheckInput
from paa.documents.manifest import MANIFEST_PATH, parse_manifest
from paa.edges.archives import UNREADABLE
from paa.edges.files import is_inside, read_bytes
from paa.model import BuiltRelease, Distribution, DistributionKind, Finding, Release
from paa.scan.places import ARTIFACTS_FOLDER

RULE = "files"
# PyPI's limit for one file.
_SIZE_LIMIT = 100 * 1024 * 1024
_UNWANTED = frozenset({"__pycache__", ".git", ".DS_Store"})
_DIST_INFO = frozenset({"METADATA", "WHEEL", "RECORD", "entry_points.txt"})
_READMES = frozenset({"README.md", "README.rst", "README.txt"})


def check_files(given: CheckInput) -> tuple[Finding, ...]:
    """Findings for members that do not belong there, are missing, or differ from what is said about them.

    Raises FileError when a file can't be read.
    """
    files = given.built.files
    messages: list[str] = []
    if sorted(file.kind for file in files) != ["sdist", "wheel"]:
        messages.append(f"expected one wheel and one sdist, found {len(files)} files")
    messages += faults_in_files(given.built, given.folder, generated=given.generated)
    return tuple(Finding(rule=RULE, message=message) for message in messages)


def faults_in_files(built: BuiltRelease, folder: Path, *, generated: bool) -> list[str]:
    """What is wrong with the files of ``built`` in ``folder``, whichever there are; ``generated``: paa assembled them.

    Nothing in them is run. Raises FileError when one can't be read.
    """
    release, messages = built.release, list[str]()
    members: dict[DistributionKind, Mapping[str, bytes]] = {}
    for file in built.files:
        data = read_bytes(folder / file.name)
        found = list(_file(file, data, release))
        try:
            read = wheel_members(data) if file.kind is DistributionKind.WHEEL else sdist_members(data)
            check = _wheel if file.kind is DistributionKind.WHEEL else _sdist
            contents = {name: content for name, content in read if content is not None}
            found += [message for name, content in read for message in _member(name, content)]
            found += ["a member is there twice"] if len({name for name, _ in read}) != len(read) else []
            found += check(file, contents, release)
            members[file.kind] = contents
        except UNREADABLE as error:
            found.append(f"this file can't be read: {type(error).__name__}: {error}")
        messages += [f"{file.name}: {message}" for message in found]
    if generated and len(members) == len(built.files) == len(DistributionKind):
        messages += _generated(members[DistributionKind.WHEEL], members[DistributionKind.SDIST], release)
    return messages


def _file(file: Distribution, data: bytes, release: Release) -> Iterator[str]:
    """The file is the one that was built, and its name is that of the release."""
    if (len(data), hashlib.sha256(data).hexdigest()) != (file.size, file.sha256):
        yield "this is not the file that was built"
    if len(data) > _SIZE_LIMIT:
        yield f"{len(data)} bytes; PyPI takes at most {_SIZE_LIMIT}"
    try:
        parse = parse_wheel_filename if file.kind is DistributionKind.WHEEL else parse_sdist_filename
        name, version, *_ = parse(file.name)
    except ValueError as error:
        yield str(error)
    else:
        yield from _identity("the name", str(name), str(version), release)


def _identity(place: str, name: str, version: str, release: Release) -> Iterator[str]:
    if canonicalize_name(name) != canonicalize_name(release.distribution):
        yield f"{place} says {name}, not {release.distribution}"
    try:
        same = Version(version) == Version(release.version)
    except InvalidVersion:
        same = False
    if not same:
        yield f"{place} says version {version}, not {release.version}"


def _member(name: str, content: bytes | None) -> Iterator[str]:
    parts = PurePosixPath(name).parts
    if not is_inside(name):
        yield f"{name!r} leads out of the archive"
    elif _UNWANTED.intersection(parts) or name.endswith((".pyc", ".pyo")):
        yield f"{name} must not be shipped"
    if content is None:
        yield f"{name} is neither a file nor a folder"


def _wheel(_: Distribution, contents: Mapping[str, bytes], release: Release) -> Iterator[str]:
    folders = {name.partition("/")[0] for name in contents if name.partition("/")[0].endswith(".dist-info")}
    if len(folders) != 1:
        yield f"expected one .dist-info folder, found {len(folders)}"
        return
    info = folders.pop()
    for name in ("METADATA", "RECORD"):
        if f"{info}/{name}" not in contents:
            yield f"{info}/{name} is missing"
            return
    yield from _record(contents, f"{info}/RECORD")
    yield from _metadata("METADATA", contents[f"{info}/METADATA"], release)


def _record(contents: Mapping[str, bytes], record: str) -> Iterator[str]:
    """Every file is in the RECORD, with its hash (the wheel format, "The .dist-info directory")."""
    lines = csv.reader(io.StringIO(contents[record].decode()))
    rows = {name: digest for name, digest, *_ in lines}
    for name in sorted(set(contents) ^ set(rows)):
        yield f"{name} is in the wheel or in its RECORD, but not in both"
    for name in sorted(set(contents) & set(rows) - {record}):
        digest = base64.urlsafe_b64encode(hashlib.sha256(contents[name]).digest()).rstrip(b"=").decode()
        if rows[name] != f"sha256={digest}":
            yield f"{name} is not what the RECORD says"


def _metadata(place: str, data: bytes, release: Release) -> Iterator[str]:
    fields = BytesParser().parsebytes(data, headersonly=True)
    yield from _identity(place, str(fields["Name"]), str(fields["Version"]), release)


def _sdist(file: Distribution, contents: Mapping[str, bytes], release: Release) -> Iterator[str]:
    top = file.name.removesuffix(".tar.gz")
    for name in contents:
        if name.partition("/")[0] != top:
            yield f"{name} lies outside {top}/"
    if f"{top}/PKG-INFO" not in contents:
        yield f"{top}/PKG-INFO is missing"
    else:
        yield from _metadata("PKG-INFO", contents[f"{top}/PKG-INFO"], release)


def _generated(wheel: Mapping[str, bytes], sdist: Mapping[str, bytes], release: Release) -> Iterator[str]:
    """What paa assembled: import package, metadata and licences, the same in both files, as the manifest has it."""
    package = f"{release.package}/"
    info = next((name.partition("/")[0] for name in wheel if name.partition("/")[0].endswith(".dist-info")), "")
    licenses = {name.removeprefix(f"{info}/licenses/") for name in wheel if name.startswith(f"{info}/licenses/")}
    described = {f"{info}/{name}" for name in (*_DIST_INFO, *(f"licenses/{name}" for name in licenses))}
    for name in wheel:
        if not name.startswith(package) and name not in described:
            yield f"{name} does not belong into the wheel"
    sources = {name.partition("/")[2]: content for name, content in sdist.items()}
    for name in sources:
        if not name.startswith(package) and name not in {"pyproject.toml", "PKG-INFO", *_READMES, *licenses}:
            yield f"{name} does not belong into the sdist"
    shipped = {name: content for name, content in wheel.items() if name.startswith(package)}
    for name in sorted(shipped.keys() | {name for name in sources if name.startswith(package)}):
        if shipped.get(name) != sources.get(name):
            yield f"{name} is not the same in wheel and sdist"
    if f"{package}__init__.py" not in shipped:
        yield f"{package}__init__.py is missing"
    yield from _manifest(shipped, release)


def _manifest(shipped: Mapping[str, bytes], release: Release) -> Iterator[str]:
    manifest = parse_manifest(shipped.get(f"{release.package}/{MANIFEST_PATH}", b""))
    if manifest is None or (manifest.package, manifest.version) != (release.package, release.version):
        yield "there is no manifest that names this release"
        return
    if manifest.fingerprint != release.fingerprint:
        yield "the manifest's fingerprint is not the planned one"
    for path, digest in manifest.artifacts.items():
        content = shipped.get(f"{release.package}/{ARTIFACTS_FOLDER}/{path}")
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            yield f"the artifact {path} is missing or not what the manifest says"
