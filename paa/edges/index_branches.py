"""Indexes that are references of a Git repository: where everything is, and what such a repository has.

``git``: each file is in a commit of its own, at ``refs/paa/dist/<name>/<file name>`` (``<name>`` normalised as in
PEP 503). Such a reference can't be moved without force, and no clone fetches it unless it is asked to. For pip and uv
there are the tag ``dist/<package>-v<version>`` and a branch; all are written at once (paa.publish.git_branch).

``github-pages``: the layout of a ``directory`` index (paa.edges.index_folder) in the files of one branch. What the
branch holds is the truth; the web server shows it some minutes later (paa.publish.pages_branch writes it).

No hash is given for a file: whoever compares reads it, and so compares the bytes that are there.
"""

import contextlib
import io
from typing import Protocol, Self

from paa.edges.git_settings import Remote
from paa.edges.git_store import GitStore, open_store
from paa.edges.index import IndexReader, IndexUnavailableError, version_of
from paa.edges.index_folder import YANKED, normalised_name, parse_yanked
from paa.errors import ConfigError, GitError, IndexReadError
from paa.model import Index, IndexFile, IndexKind

_REGULAR = ("100644", "100755")


def file_reference(distribution: str, name: str) -> str:
    """Where a ``git`` index keeps a file; a ``name`` of ``*`` stands for every one. Raises IndexReadError."""
    return f"refs/paa/dist/{normalised_name(distribution)}/{name}"


def branch_reference(branch: str) -> str:
    """The full name of a branch."""
    return f"refs/heads/{branch}"


def pages_folder(distribution: str) -> str:
    """The folder of a project in a branch of pages. Raises IndexReadError for what is no valid name."""
    return f"simple/{normalised_name(distribution)}"


def branch_of(index: Index) -> str:
    """The branch of ``index``, with ``{package}`` in it for a ``git`` index. Raises ConfigError for one without."""
    if index.branch is None:
        message = f"index {index.name}: an index of kind {index.kind} needs a branch"
        raise ConfigError(message)
    return index.branch


def remote_of(index: Index) -> Remote:
    """The repository that holds ``index``. Raises ConfigError for an index that belongs to no repository."""
    if index.root is None:
        message = f"index {index.name}: an index of kind {index.kind} belongs to a Git repository"
        raise ConfigError(message)
    return Remote(root=index.root, address=index.remote or "origin")


def open_branches(index: Index) -> IndexReader:
    """A reader for an index of kind ``git`` or ``github-pages``; nothing is asked yet. Raises ConfigError."""
    layout = _Files() if index.kind is IndexKind.GIT else _Pages(branch_of(index))
    return _BranchReader(index.name, remote_of(index), layout)


class _Layout(Protocol):
    """Where the files of a distribution are: name → the id of the blob, or the reference to a commit with it."""

    def list_files(self, store: GitStore, distribution: str) -> dict[str, str]: ...

    def yanked(self, store: GitStore) -> frozenset[str]: ...


class _Files:
    """The layout of ``git``."""

    def list_files(self, store: GitStore, distribution: str) -> dict[str, str]:
        found = store.references(file_reference(distribution, "*"))
        return {reference.rpartition("/")[2]: reference for reference in found}

    def yanked(self, store: GitStore) -> frozenset[str]:
        del store
        return frozenset()


class _Pages:
    """The layout of ``github-pages``, as it is on the branch when it is asked."""

    def __init__(self, branch: str) -> None:
        self._reference = branch_reference(branch)
        self._commit: str | None = None

    def list_files(self, store: GitStore, distribution: str) -> dict[str, str]:
        self._commit = tip(store, self._reference)
        if self._commit is None:
            return {}
        folder = pages_folder(distribution)
        entries = store.list_files(self._commit, folder)
        pairs = ((path.removeprefix(f"{folder}/"), entry) for path, entry in entries.items())
        return {name: entry.blob for name, entry in pairs if entry.mode in _REGULAR and "/" not in name}

    def yanked(self, store: GitStore) -> frozenset[str]:
        entry = store.list_files(self._commit, YANKED).get(YANKED) if self._commit else None
        return frozenset(parse_yanked(store.read(entry.blob), YANKED)) if entry else frozenset()


def read_reference(store: GitStore, reference: str) -> bytes:
    """The file at a reference of a ``git`` index. Raises GitError for one that holds no such file."""
    name = reference.rpartition("/")[2]
    entry = store.list_files(store.fetch(reference, contents=True)).get(name)
    if entry is None or entry.mode not in _REGULAR:
        message = f"{reference} does not hold the file {name}"
        raise GitError(message)
    return store.read(entry.blob)


def tip(store: GitStore, reference: str) -> str | None:
    """The commit that ``reference`` leads to on the remote, in ``store`` by then; None if there is no such reference.

    Raises GitError.
    """
    target = store.references(reference).get(reference)
    return None if target is None else store.get(reference, target)


class _BranchReader:
    """Files that a Git repository has."""

    def __init__(self, name: str, remote: Remote, layout: _Layout) -> None:
        self._name = name
        self._remote = remote
        self._layout = layout
        self._stack = contextlib.ExitStack()
        self._store: GitStore | None = None

    def files(self, distribution: str) -> tuple[IndexFile, ...]:
        try:
            store = self._open()
            found = self._layout.list_files(store, distribution)
            yanked = self._layout.yanked(store)
        except GitError as error:
            raise self._unavailable(error) from error
        return tuple(
            IndexFile(name=name, url=place, yanked=name in yanked)
            for name, place in sorted(found.items())
            if version_of(name, distribution) is not None
        )

    def read(self, file: IndexFile, *, limit_bytes: int) -> bytes:
        try:
            store = self._open()
            data = read_reference(store, file.url) if file.url.startswith("refs/") else store.read(file.url)
        except GitError as error:
            raise self._unavailable(error) from error
        if len(data) > limit_bytes:
            message = f"{file.name} on index {self._name} is larger than {limit_bytes} bytes"
            raise IndexReadError(message)
        return data

    def open(self, file: IndexFile, *, limit_bytes: int) -> io.BufferedIOBase:
        return io.BytesIO(self.read(file, limit_bytes=limit_bytes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store = None
        self._stack.close()

    def _open(self) -> GitStore:
        if self._store is None:
            self._store = self._stack.enter_context(open_store(self._remote))
        return self._store

    def _unavailable(self, error: GitError) -> IndexUnavailableError:
        message = f"index {self._name} can't be read: {error.message}"
        return IndexUnavailableError(message, advice=f"try 'git ls-remote {self._remote.address}', then run again")
