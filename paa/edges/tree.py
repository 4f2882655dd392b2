"""A state of the repository that can be listed and read: a commit, or what is on disk."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from paa.edges import git
from paa.edges.files import translated

_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "dist", "build"})
_LINK, _SUBMODULE = "120000", "160000"
_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Files by path relative to ``root`` with their content hashes (Git's blob hash).

    ``links`` are the paths that are symbolic links or submodules: listed, and never followed. ``commit`` is the
    commit that was read, None for the disk; ``changed`` holds the paths on disk that are not as committed.
    """

    root: Path
    blobs: Mapping[str, str]
    links: frozenset[str]
    commit: str | None
    changed: frozenset[str]
    read_files: Callable[[Iterable[str]], dict[str, bytes]]

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents of ``paths``, by path. Raises FileError or GitError."""
        return self.read_files(paths)

    def read_one(self, path: str) -> bytes | None:
        """The content of ``path``, or None when the tree has no such file."""
        return self.read((path,))[path] if path in self.blobs else None


def commit_tree(root: Path, commit: str) -> Tree:
    """The files of ``commit`` below ``root``. Raises GitError."""
    entries = git.list_commit(root, commit)
    blobs = {path: entry.blob for path, entry in entries.items()}

    def read_files(paths: Iterable[str]) -> dict[str, bytes]:
        wanted = list(paths)
        contents = git.read_blobs(root, (blobs[path] for path in wanted))
        return {path: contents[blobs[path]] for path in wanted}

    return Tree(
        root=root, blobs=blobs, links=_links(entries), commit=commit, changed=frozenset(), read_files=read_files
    )


def disk_tree(root: Path) -> Tree:
    """What is on disk below ``root``: tracked files and untracked ones that Git does not ignore.

    Outside Git: every file, but for hidden folders and build output. Raises GitError or FileError.
    """
    top = git.find_top(root)
    if top is None:
        return _folder_tree(root)
    entries = git.list_index(root)
    present, gone = git.list_changed(root)
    blobs = {path: entry.blob for path, entry in entries.items() if path not in gone}
    links = {path for path in _links(entries) if path not in present}
    links |= {path for path in present if (root / path).is_symlink()}
    # An untracked repository inside this one is listed as "folder/": not ours to look into.
    dirty = {path for path in present if path not in links and not path.endswith("/")}
    sha256 = any(len(blob) == _SHA256_DIGITS for blob in blobs.values())
    blobs |= git.blob_hashes(_read_disk(root, dirty), sha256=sha256)
    blobs |= dict.fromkeys(links, "link")
    changed = frozenset(present | gone)
    return Tree(
        root=root, blobs=blobs, links=frozenset(links), commit=None, changed=changed, read_files=_disk_reader(root)
    )


def _folder_tree(root: Path) -> Tree:
    paths, links = [], set()
    with translated("list", root):
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS and not name.startswith("."))
            base = Path(folder)
            for name in sorted(names):
                path = (base / name).relative_to(root).as_posix()
                paths.append(path)
                if (base / name).is_symlink():
                    links.add(path)
    blobs = git.blob_hashes(_read_disk(root, (path for path in paths if path not in links)))
    blobs |= dict.fromkeys(links, "link")
    return Tree(
        root=root,
        blobs=blobs,
        links=frozenset(links),
        commit=None,
        changed=frozenset(paths),
        read_files=_disk_reader(root),
    )


def _disk_reader(root: Path) -> Callable[[Iterable[str]], dict[str, bytes]]:
    return lambda paths: _read_disk(root, paths)


def _read_disk(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    contents = {}
    for path in paths:
        with translated("read", root / path):
            contents[path] = (root / path).read_bytes()
    return contents


def _links(entries: Mapping[str, git.BlobEntry]) -> frozenset[str]:
    return frozenset(path for path, entry in entries.items() if entry.mode in {_LINK, _SUBMODULE})
