"""One index as a place to publish to, for many threads: what it has, and one try to send a file.

How a kind of index plugs in: paa.publish.destinations.
"""

import contextlib
import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from paa.edges.credentials import Credentials
from paa.edges.files import write_atomic
from paa.edges.waiting import Backoff
from paa.model import Distribution, Index, IndexFile
from paa.publish.destinations import Destination, Parcel, Way, way_to
from paa.publish.states import Presence

_SLACK_BYTES = 1 << 20  # how much larger than ours a file on the index may be and still be fetched to compare it


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """An index that is being published to. Every thread gets a connection of its own, as long as it needs one."""

    index: Index
    way: Way
    connect: Callable[[], AbstractContextManager[Destination]]
    free: deque[Destination]
    opened: ExitStack
    turn: threading.Lock

    @contextlib.contextmanager
    def connection(self) -> Iterator[Destination]:
        """A connection that nobody else has; it stays open for the next."""
        with self.turn if self.way.alone else contextlib.nullcontext():
            try:
                destination = self.free.pop()
            except IndexError:
                destination = self.opened.enter_context(self.connect())
            try:
                yield destination
            finally:
                self.free.append(destination)

    def files(self, distribution: str) -> tuple[IndexFile, ...]:
        """What the index has of ``distribution``. Raises IndexReadError."""
        with self.connection() as destination:
            return destination.reader.files(distribution)

    def read(self, file: IndexFile, *, limit_bytes: int) -> bytes:
        """The bytes of ``file``, as IndexReader has it. Raises IndexReadError."""
        with self.connection() as destination:
            return destination.reader.read(file, limit_bytes=limit_bytes)

    def send(self, parcel: Parcel) -> None:
        """One try to send a file. Raises UploadError."""
        with self.connection() as destination:
            destination.send(parcel)

    def mends(self) -> bool:
        """Whether sending what is there already puts right what is half done."""
        with self.connection() as destination:
            return destination.mends

    def takes(self, file: Distribution) -> bool:
        """Whether ``file`` has a place on that index at all."""
        with self.connection() as destination:
            return destination.takes(file)


@contextlib.contextmanager
def open_channel(index: Index, credentials: Credentials | None, *, backoff: Backoff) -> Iterator[Channel]:
    """A channel to ``index``. Nothing is asked yet, and nobody logs in before the first file has to be sent.

    Raises ConfigError for an index without addresses.
    """
    way = way_to(index)
    with ExitStack() as opened:
        yield Channel(
            index=index,
            way=way,
            connect=way.connect(index, credentials, backoff),
            free=deque(),
            opened=opened,
            turn=threading.Lock(),
        )


def presences(channel: Channel, files: Sequence[Distribution], served: Sequence[IndexFile]) -> Mapping[str, Presence]:
    """File name → whether it is among what ``channel`` was seen to serve. Raises IndexReadError.

    A file for which the index gives no hash is fetched and compared.
    """
    return {file.name: _presence(channel, file, served) for file in files}


def _presence(channel: Channel, file: Distribution, served: Sequence[IndexFile]) -> Presence:
    hashes = {entry.sha256 or _fetched_hash(channel, entry, file.size) for entry in served if entry.name == file.name}
    if not hashes:
        return Presence.ABSENT
    return Presence.SAME if hashes == {file.sha256} else Presence.OTHER


def _fetched_hash(channel: Channel, entry: IndexFile, size: int) -> str:
    return hashlib.sha256(channel.read(entry, limit_bytes=size + _SLACK_BYTES)).hexdigest()


def fetch_file(channel: Channel, file: Distribution, served: Sequence[IndexFile], folder: Path) -> Path | None:
    """Bring ``file`` from the index into ``folder``; None if it has no such file with exactly those bytes there.

    Raises IndexReadError and FileError.
    """
    for entry in served:
        if entry.name == file.name and entry.sha256 in (file.sha256, None):
            data = channel.read(entry, limit_bytes=file.size + _SLACK_BYTES)
            if hashlib.sha256(data).hexdigest() == file.sha256:
                path = folder / file.name
                write_atomic(path, data, durable=False)
                return path
    return None
