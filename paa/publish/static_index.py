"""The ``directory`` index: a folder that pip and uv install from, over ``file:`` or any static web server.

Layout: paa.edges.index_folder. Whoever writes holds a lock on the index; files never change once they are there; the
pages are made from the files, so whatever was interrupted is put right by the next write.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from paa.edges.files import is_leftover, lock, read_bytes, remove_leftovers, translated, write_atomic, write_new
from paa.edges.index import name_and_version, version_of
from paa.edges.index_folder import project_folder, read_yanked
from paa.errors import FileError, UploadError
from paa.publish.file_facts import find_facts, require_distribution
from paa.publish.static_pages import (
    Facts,
    Listed,
    in_order,
    parse_project_json,
    parse_root_json,
    project_html,
    project_json,
    root_html,
    root_json,
)

_LOCK_SECONDS = 120.0


def add_file(root: Path, distribution: str, name: str, data: bytes) -> bool:
    """Put a wheel or sdist of ``distribution`` into the index at ``root`` and list it; return whether it was missing.

    A file that is there with the same bytes stays as it is, and the pages are checked all the same. Raises UploadError,
    and changes nothing, if other bytes are there under that name or if it is no such file; FileError if the folder
    can't be written.
    """
    require_distribution(distribution, name, data)
    folder = project_folder(root, distribution)
    with _writing(root):
        is_new = not (folder / name).exists() and write_new(folder / name, data)
        if not is_new and read_bytes(folder / name) != data:
            message = f"{folder} has {name} with other bytes; files on an index are never overwritten"
            raise UploadError(message, advice="release a new version")
        _write_project_pages(folder, _known(folder), read_yanked(root))
        _list_project(root, folder.name)
    return is_new


def add_folder(root: Path) -> int:
    """Copy the wheels and sdists that lie in ``root`` itself to their places in the index there; return how many.

    Only those that were not there are counted. Raises UploadError and FileError as ``add_file`` does.
    """
    with translated("read", root):
        names = sorted(path.name for path in root.iterdir() if path.is_file() and not is_leftover(path.name))
    found = [(parsed[0], name) for name in names if (parsed := name_and_version(name)) is not None]
    return sum(add_file(root, distribution, name, read_bytes(root / name)) for distribution, name in found)


def build_pages(root: Path) -> None:
    """Make every page of the index at ``root`` again, from its files alone. Raises FileError and IndexReadError."""
    with _writing(root):
        yanked = read_yanked(root)
        projects = [folder for folder in _project_folders(root) if _files(folder)]
        for folder in projects:
            _write_project_pages(folder, {}, yanked)
        _write_root_pages(root, (folder.name for folder in projects))


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


def _files(folder: Path) -> list[Path]:
    """The wheels and sdists of the project in ``folder``; leftovers of killed runs are removed."""
    found = []
    with translated("read", folder):
        for path in sorted(folder.iterdir()):
            if is_leftover(path.name):
                path.unlink()
            elif path.is_file() and version_of(path.name, folder.name) is not None:
                found.append(path)
    return found


def _write_project_pages(folder: Path, known: Mapping[str, Listed], yanked: Mapping[str, str]) -> None:
    """Write both pages; ``known`` saves opening archives that did not change."""
    found = {path.name: _listed(path, known.get(path.name)) for path in _files(folder)}
    entries = in_order(folder.name, found, yanked)
    _write_if_other(folder / "index.json", project_json(folder.name, entries))
    _write_if_other(folder / "index.html", project_html(folder.name, entries))


def _known(folder: Path) -> Mapping[str, Listed]:
    """What the page that is there says."""
    try:
        return parse_project_json(read_bytes(folder / "index.json"))
    except (FileError, ValueError):
        return {}


def _listed(path: Path, known: Listed | None) -> Listed:
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    facts = known.facts if known is not None and known.sha256 == sha256 else None
    if facts is None or (facts.metadata_sha256 is not None and not _metadata_path(path).is_file()):
        facts = _facts(path, data)
    return Listed(sha256=sha256, size=len(data), facts=facts)


def _facts(path: Path, data: bytes) -> Facts:
    """The facts of a file; a wheel's metadata is also put beside it."""
    facts, metadata = find_facts(path.name, data)
    if metadata is not None:
        _write_if_other(_metadata_path(path), metadata)
    return facts


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
    pages = {"index.html": root_html(listed), "index.json": root_json(listed)}
    for name, page in pages.items():
        _write_if_other(root / "simple" / name, page)
        remove_leftovers(root / "simple" / name)


def _write_if_other(path: Path, data: bytes) -> None:
    if not path.is_file() or read_bytes(path) != data:
        write_atomic(path, data)
