"""A state of the repository that can be listed and read: a commit, or what is on disk."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from paa.edges import git
from paa.edges.files import translated

# What is no part of a repository outside Git, where no .gitignore counts: anywhere, and at the top.
_SKIPPED_ANYWHERE = frozenset({"__pycache__", "node_modules"})
_SKIPPED_AT_TOP = frozenset({"build", "dist"})
_OWN_FOLDER = ".paa"
_LINK, _SUBMODULE = "120000", "160000"
# In place of a hash, for what is never read.
_IS_LINK = "link"
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
    # No closure: a tree can go to another process.
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
    read_files = partial(_read_commit, root, blobs)
    return Tree(
        root=root, blobs=blobs, links=_links(entries), commit=commit, changed=frozenset(), read_files=read_files
    )


def _read_commit(root: Path, blobs: Mapping[str, str], paths: Iterable[str]) -> dict[str, bytes]:
    wanted = list(paths)
    contents = git.read_blobs(root, (blobs[path] for path in wanted))
    return {path: contents[blobs[path]] for path in wanted}


def loaded_tree(tree: Tree, contents: Mapping[str, bytes]) -> Tree:
    """``tree`` cut down to the files in ``contents`` and holding them, so that it can go to another process."""
    return Tree(
        root=tree.root,
        blobs={path: tree.blobs[path] for path in contents},
        links=frozenset(),
        commit=tree.commit,
        changed=tree.changed.intersection(contents),
        read_files=partial(_read_loaded, contents),
    )


def _read_loaded(contents: Mapping[str, bytes], paths: Iterable[str]) -> dict[str, bytes]:
    return {path: contents[path] for path in paths}


def disk_tree(root: Path, *, in_git: bool | None = None) -> Tree:
    """What is on disk below ``root``: tracked files and untracked ones that Git does not ignore.

    Outside Git: every file, but for hidden folders and build output. A file that is not as committed is read when its
    hash is asked for, and not before. ``in_git`` is for who knows already. Raises GitError, and FileError where a file
    can't be read.
    """
    if not (git.find_top(root) is not None if in_git is None else in_git):
        return _folder_tree(root)
    with git.uncommitted(root) as uncommitted:
        entries = git.list_index(root)
        changed = frozenset(uncommitted())
    modes = {path: _mode(root / path) for path in changed}
    unread = {path for path, mode in modes.items() if stat.S_ISREG(mode)}
    links = {path for path, mode in modes.items() if stat.S_ISLNK(mode)}
    links |= {path for path, entry in entries.items() if path not in changed and entry.mode == _LINK}
    links |= {path for path, entry in entries.items() if modes.get(path, 1) and entry.mode == _SUBMODULE}
    known = {path: entry.blob for path, entry in entries.items() if path not in changed}
    known |= dict.fromkeys(links, _IS_LINK)
    sha256 = any(len(entry.blob) == _SHA256_DIGITS for entry in entries.values())
    # Where every hash is known, a plain dictionary is asked: tens of thousands of times in a scan.
    hashes = _Hashes(root, known, unread, sha256=sha256) if unread else known
    return _on_disk(root, hashes, links, changed)


def blob_hash(data: bytes, *, sha256: bool = False) -> str:
    """Git's own hash of a content, without asking Git (gitformat-loose: header ``blob <size>`` and NUL first)."""
    algorithm = hashlib.sha256 if sha256 else hashlib.sha1
    return algorithm(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


class _Hashes(Mapping[str, str]):
    """Path → content hash; a file whose hash is not known is read when it is asked for the first time.

    So a large or unreadable file that goes into no package costs nothing and stops nothing.
    """

    def __init__(self, root: Path, known: dict[str, str], unread: Iterable[str], *, sha256: bool) -> None:
        self._root = root
        self._known = known
        self._paths = dict.fromkeys((*known, *unread))
        self._sha256 = sha256

    def __getitem__(self, path: str) -> str:
        if path not in self._known and path in self._paths:
            self._known[path] = blob_hash(_read_disk(self._root, (path,))[path], sha256=self._sha256)
        return self._known[path]

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _folder_tree(root: Path) -> Tree:
    files, links = [], []
    for folder, folders, names in os.walk(root):
        base = Path(folder)
        folders[:] = sorted(name for name in folders if not _is_skipped(name, at_top=base == root))
        for name in sorted((*names, *(name for name in folders if (base / name).is_symlink()))):
            mode = _mode(base / name)
            path = (base / name).relative_to(root).as_posix()
            if stat.S_ISLNK(mode):
                links.append(path)
            elif stat.S_ISREG(mode):
                files.append(path)
    hashes = _Hashes(root, dict.fromkeys(links, _IS_LINK), files, sha256=False)
    return _on_disk(root, hashes, links, frozenset(hashes))


def _is_skipped(name: str, *, at_top: bool) -> bool:
    if name.startswith("."):
        return not (at_top and name == _OWN_FOLDER)
    return name in _SKIPPED_ANYWHERE or (at_top and name in _SKIPPED_AT_TOP)


def _on_disk(root: Path, hashes: Mapping[str, str], links: Iterable[str], changed: frozenset[str]) -> Tree:
    return Tree(
        root=root,
        blobs=hashes,
        links=frozenset(links),
        commit=None,
        changed=changed,
        read_files=partial(_read_disk, root),
    )


def _mode(path: Path) -> int:
    """What kind of file is there; 0 when nothing is."""
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _read_disk(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    contents = {}
    for path in paths:
        with translated("read", root / path):
            contents[path] = (root / path).read_bytes()
    return contents


def _links(entries: Mapping[str, git.BlobEntry]) -> frozenset[str]:
    return frozenset(path for path, entry in entries.items() if entry.mode in {_LINK, _SUBMODULE})
