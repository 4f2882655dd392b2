"""The ``directory`` index: a folder that pip and uv install from, over ``file:`` or any static web server.

Layout: paa.edges.index_folder. Whoever writes holds a lock on the index; files never change once they are there; the
pages are made from the files, so whatever was interrupted is put right by the next write.
"""

import email.parser
import email.policy
import hashlib
import io
import logging
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from paa.edges.files import lock, read_bytes, translated, write_atomic, write_new
from paa.edges.index import version_of
from paa.edges.index_folder import project_folder, read_yanked
from paa.errors import FileError, UploadError
from paa.publish.static_pages import (
    Entry,
    Facts,
    parse_project_json,
    parse_root_json,
    project_html,
    project_json,
    root_html,
    root_json,
)

if TYPE_CHECKING:
    from packaging.version import Version

_LOCK_SECONDS = 120.0
_METADATA_LIMIT = 16 << 20
_LEFTOVER = re.compile(r"\..+\.\d+\.\d+\.tmp")  # what paa.edges.files leaves behind when it is killed

logger = logging.getLogger(__name__)


def add_file(root: Path, distribution: str, name: str, data: bytes) -> bool:
    """Put a wheel or sdist of ``distribution`` into the index at ``root`` and list it; return whether it was missing.

    A file that is there with the same bytes stays as it is, and the pages are checked all the same. Raises UploadError,
    and changes nothing, if other bytes are there under that name or if it is no such file; FileError if the folder
    can't be written.
    """
    if version_of(name, distribution) is None:
        message = f"{name!r} is no name of a wheel or sdist of {distribution}"
        raise UploadError(message)
    if core_metadata(name, data) is None:
        message = f"{name} holds no metadata: it is no wheel or sdist"
        raise UploadError(message, advice="build it again")
    folder = project_folder(root, distribution)
    with _writing(root):
        is_new = not (folder / name).exists() and write_new(folder / name, data)
        if not is_new and read_bytes(folder / name) != data:
            message = f"{folder} has {name} with other bytes; files on an index are never overwritten"
            raise UploadError(message, advice="release a new version")
        _write_project_pages(folder, read_yanked(root))
        _list_project(root, folder.name)
    return is_new


def build_pages(root: Path) -> None:
    """Make every page of the index at ``root`` again, from its files alone. Raises FileError and IndexReadError."""
    with _writing(root):
        yanked = read_yanked(root)
        projects = [folder for folder in _project_folders(root) if _files(folder)]
        for folder in projects:
            (folder / "index.json").unlink(missing_ok=True)  # nothing that it says counts
            _write_project_pages(folder, yanked)
        _write_root_pages(root, (folder.name for folder in projects))


def core_metadata(name: str, data: bytes) -> bytes | None:
    """The core metadata in a wheel (``METADATA``) or sdist (``PKG-INFO``); None if there is none that can be read."""
    try:
        if name.endswith(".tar.gz"):
            return _from_tar(io.BytesIO(data))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = r"[^/]+\.dist-info/METADATA" if name.endswith(".whl") else r"[^/]+/PKG-INFO"
            for member in archive.infolist():
                if re.fullmatch(wanted, member.filename) and member.file_size <= _METADATA_LIMIT:
                    return archive.read(member)
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as error:
        logger.info("%s can't be opened: %s", name, error)
    return None


def _from_tar(stream: io.BytesIO) -> bytes | None:
    with tarfile.open(fileobj=stream, mode="r:gz") as archive:
        for member in archive:
            if re.fullmatch(r"[^/]+/PKG-INFO", member.name) and member.isfile() and member.size <= _METADATA_LIMIT:
                content = archive.extractfile(member)
                return content.read() if content else None
    return None


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    with lock(root / ".lock", seconds=_LOCK_SECONDS):
        yield


def _project_folders(root: Path) -> list[Path]:
    """The folders of projects, by name. What is not named as PEP 503 normalises names is not ours."""
    simple = root / "simple"
    with translated("read", simple):
        found = [path for path in simple.iterdir() if path.is_dir()] if simple.is_dir() else []
    return sorted(path for path in found if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.name))


def _files(folder: Path) -> dict[Path, "Version"]:
    """The wheels and sdists of the project in ``folder``, by version and name; leftovers of killed runs are removed."""
    found = {}
    with translated("read", folder):
        for path in folder.iterdir():
            if _LEFTOVER.fullmatch(path.name):
                path.unlink()
            elif path.is_file() and (version := version_of(path.name, folder.name)) is not None:
                found[path] = version
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0].name)))


def _write_project_pages(folder: Path, yanked: Mapping[str, str]) -> None:
    known = _known_facts(folder)
    entries = [_entry(path, str(version), known, yanked) for path, version in _files(folder).items()]
    _write_if_other(folder / "index.json", project_json(folder.name, entries))
    _write_if_other(folder / "index.html", project_html(folder.name, entries))


def _known_facts(folder: Path) -> Mapping[tuple[str, str], Facts]:
    """What the page that is there says: it saves opening archives that did not change."""
    try:
        return parse_project_json(read_bytes(folder / "index.json"))
    except (FileError, ValueError):
        return {}


def _entry(path: Path, version: str, known: Mapping[tuple[str, str], Facts], yanked: Mapping[str, str]) -> Entry:
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    facts = known.get((path.name, sha256))
    if facts is None or (facts.metadata_sha256 is not None and not _metadata_path(path).is_file()):
        facts = _facts(path, data)
    return Entry(
        name=path.name, version=version, size=len(data), sha256=sha256, facts=facts, yanked=yanked.get(path.name)
    )


def _facts(path: Path, data: bytes) -> Facts:
    """The facts of a file; a wheel's metadata is also put beside it. A file that can't be opened has none."""
    metadata = core_metadata(path.name, data)
    if metadata is None:
        return Facts()
    digest = None
    if path.name.endswith(".whl"):
        _write_if_other(_metadata_path(path), metadata)
        digest = hashlib.sha256(metadata).hexdigest()
    return Facts(requires_python=_requires_python(metadata), metadata_sha256=digest)


def _metadata_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.metadata")


def _list_project(root: Path, project: str) -> None:
    """List ``project`` on the root pages. The JSON is written last: what stands in it stands in the HTML too."""
    try:
        listed = set(parse_root_json(read_bytes(root / "simple" / "index.json")))
    except (FileError, ValueError):
        listed = set()
    if project not in listed or not (root / "simple" / "index.html").is_file():
        known = listed or {folder.name for folder in _project_folders(root) if (folder / "index.json").is_file()}
        _write_root_pages(root, known | {project})


def _write_root_pages(root: Path, projects: Iterable[str]) -> None:
    listed = sorted(projects)
    _write_if_other(root / "simple" / "index.html", root_html(listed))
    _write_if_other(root / "simple" / "index.json", root_json(listed))


def _requires_python(metadata: bytes) -> str | None:
    headers = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(metadata)
    value = headers.get("Requires-Python")
    return value.strip() if isinstance(value, str) else None


def _write_if_other(path: Path, data: bytes) -> None:
    if not path.is_file() or read_bytes(path) != data:
        write_atomic(path, data)
