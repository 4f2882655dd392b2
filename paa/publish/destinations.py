"""The ways to the kinds of index: how it is asked what it has there, and how a file gets there.

To add a kind: write a function like ``_folder``, which returns what opens a Destination, and put it into ``WAYS`` at
the end. What a Destination does is one try of one thing. When to ask, send, try again, wait and give up is decided
elsewhere (paa.publish.states), the same for every kind.
"""

import contextlib
import functools
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paa.edges.credentials import Credentials
from paa.edges.files import read_bytes
from paa.edges.index import IndexReader, check_url, open_index
from paa.edges.waiting import Backoff
from paa.errors import UploadError
from paa.model import Distribution, Index, IndexKind
from paa.publish.login import Login, log_in
from paa.publish.static_index import add_file
from paa.publish.upload import Uploader, open_uploader

if TYPE_CHECKING:
    from paa.edges.git_store import GitStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file to be sent: the package and distribution that it belongs to, what it must be, and where it lies."""

    package: str
    distribution: str
    file: Distribution
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """An open connection to one index; one thread at a time uses it.

    ``reader`` says what is there, with hashes; its ``files`` and ``read`` are asked again after every try. ``send``
    makes one try with one file, checks its SHA-256 first, and returns when the file is there for good (or the index
    says so); it raises UploadError, and TemporaryUploadError where the same may work later. Where ``mends`` is set,
    sending what is there already changes nothing but puts right what an interrupted run left half done, and every
    file is sent. ``takes`` says which files of a release have a place there at all.
    """

    reader: IndexReader
    send: Callable[[Parcel], None]
    mends: bool = False
    takes: Callable[[Distribution], bool] = lambda _: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How to reach an index of ``kinds``.

    ``connect`` is called once for an index, connects to nothing yet, and returns what opens a Destination: once for
    each thread that needs one, or, with ``alone``, once in all, and the threads take turns. With ``uses_twine`` twine
    is kept from printing meanwhile.
    """

    kinds: tuple[IndexKind, ...]
    connect: Callable[[Index, Credentials | None, Backoff], Callable[[], AbstractContextManager[Destination]]]
    alone: bool = False
    uses_twine: bool = False


def way_to(index: Index) -> Way:
    """The way to ``index``. Nothing is opened. Raises ConfigError for an index without the addresses it needs."""
    for way in WAYS:
        if index.kind in way.kinds:
            return way
    check_url(index.name, index.upload_url, "upload_url")
    check_url(index.name, index.simple_url, "simple_url")
    return _SERVER


def _server(
    index: Index, credentials: Credentials | None, backoff: Backoff
) -> Callable[[], AbstractContextManager[Destination]]:
    """Whatever takes legacy uploads. Who sends the first file logs in, for all threads; before, nobody does."""
    lock = threading.Lock()
    logins: list[Login] = []

    def login() -> Login:
        with lock:
            if not logins:
                logins.append(log_in(index, credentials))
            return logins[0]

    @contextlib.contextmanager
    def connection() -> Iterator[Destination]:
        with contextlib.ExitStack() as stack:
            reader = stack.enter_context(open_index(index, credentials, backoff=backoff))

            @functools.cache
            def uploader() -> Uploader:
                return stack.enter_context(open_uploader(index, login()))

            yield Destination(reader=reader, send=lambda parcel: uploader().upload(parcel.path, parcel.file.sha256))

    return connection


def _folder(
    index: Index, credentials: Credentials | None, backoff: Backoff
) -> Callable[[], AbstractContextManager[Destination]]:
    @contextlib.contextmanager
    def connection() -> Iterator[Destination]:
        with open_index(index, credentials, backoff=backoff) as reader:
            yield Destination(reader=reader, send=functools.partial(_put, index), mends=True)

    return connection


def _put(index: Index, parcel: Parcel) -> None:
    data = _content(parcel)
    if index.path is not None:
        add_file(index.path, parcel.distribution, parcel.file.name, data)


def _repository(
    index: Index, credentials: Credentials | None, backoff: Backoff
) -> Callable[[], AbstractContextManager[Destination]]:
    """References of a Git repository; Git itself knows who we are there."""
    from paa.edges.git_store import open_store
    from paa.edges.index_branches import remote_of

    remote = remote_of(index)
    push = _push_setup_directory if index.kind is IndexKind.GIT else _push_pages

    @contextlib.contextmanager
    def connection() -> Iterator[Destination]:
        with open_index(index, credentials, backoff=backoff) as reader, open_store(remote) as store:
            yield Destination(reader=reader, send=functools.partial(push, index, store), mends=True)

    return connection


def _push_setup_directory(index: Index, store: "GitStore", parcel: Parcel) -> None:
    from paa.edges.index_branches import branch_of
    from paa.publish.git_branch import Sending, send_to_branch

    sending = Sending(
        package=parcel.package,
        distribution=parcel.distribution,
        name=parcel.file.name,
        data=_content(parcel),
        branch=branch_of(index).replace("{package}", parcel.package),
    )
    send_to_branch(store, sending)


def _push_pages(index: Index, store: "GitStore", parcel: Parcel) -> None:
    from paa.edges.index_branches import branch_of
    from paa.publish.pages_branch import PageFile, send_to_pages

    file = PageFile(distribution=parcel.distribution, name=parcel.file.name, data=_content(parcel))
    send_to_pages(store, branch_of(index), file)


def _content(parcel: Parcel) -> bytes:
    data = read_bytes(parcel.path)
    if hashlib.sha256(data).hexdigest() != parcel.file.sha256:
        message = f"{parcel.path} changed while it was being published"
        raise UploadError(message, advice="build it again")
    return data


_SERVER = Way(kinds=(), connect=_server, uses_twine=True)
# What is not named here takes legacy uploads.
WAYS = (
    Way(kinds=(IndexKind.DIRECTORY,), connect=_folder, alone=True),
    Way(kinds=(IndexKind.GIT, IndexKind.GITHUB_PAGES), connect=_repository, alone=True),
)
