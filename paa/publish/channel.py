"""One index as a place to publish to: what it has, how a file gets there, how it is seen to have arrived."""

import contextlib
import functools
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from paa.edges.credentials import Credentials
from paa.edges.files import read_bytes
from paa.edges.index import IndexReader, check_url, open_index
from paa.edges.waiting import Backoff, sleep, wait_until
from paa.errors import IndexReadError, UploadError
from paa.model import Distribution, Index, IndexFile, IndexKind
from paa.publish.static_index import add_file
from paa.publish.upload import TemporaryUploadError, Uploader, open_uploader

_SLACK_BYTES = 1 << 20  # how much larger than ours a file on the index may be and still be fetched to compare it

logger = logging.getLogger(__name__)


class Presence(Enum):
    """Whether an index has a file: not at all, with our bytes, or with other bytes under the same name."""

    ABSENT = auto()
    SAME = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file to be sent: the ``distribution`` that it belongs to, what it must be, and where it lies."""

    distribution: str
    file: Distribution
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """An index that is being published to.

    ``send`` makes one try and raises UploadError. Where ``mends`` is set, sending a file that is there already changes
    nothing but puts right what an interrupted run left half done. ``confirm_seconds`` bounds the wait for a result.
    """

    index: Index
    reader: IndexReader
    send: Callable[[Parcel], None]
    mends: bool
    backoff: Backoff
    confirm_seconds: float


@contextlib.contextmanager
def open_channel(
    index: Index, credentials: Credentials | None, *, backoff: Backoff, confirm_seconds: float
) -> Iterator[Channel]:
    """A channel to ``index``. Nothing is asked yet, and nobody logs in before the first file has to be sent.

    Raises ConfigError for an index without addresses.
    """
    is_folder = index.kind is IndexKind.DIRECTORY
    if not is_folder:
        check_url(index.name, index.upload_url, "upload_url")
    with contextlib.ExitStack() as stack:
        reader = stack.enter_context(open_index(index, credentials, backoff=backoff))

        @functools.cache
        def uploader() -> Uploader:
            return stack.enter_context(open_uploader(index, credentials))

        def upload(parcel: Parcel) -> None:
            uploader().upload(parcel.path, parcel.file.sha256)

        yield Channel(
            index=index,
            reader=reader,
            send=functools.partial(_put, index) if is_folder else upload,
            mends=is_folder,
            backoff=backoff,
            confirm_seconds=confirm_seconds,
        )


def _put(index: Index, parcel: Parcel) -> None:
    data = read_bytes(parcel.path)
    if hashlib.sha256(data).hexdigest() != parcel.file.sha256:
        message = f"{parcel.path} changed while it was being published"
        raise UploadError(message, advice="build it again")
    if index.path is not None:
        add_file(index.path, parcel.distribution, parcel.file.name, data)


def look(channel: Channel, parcels: Sequence[Parcel]) -> Mapping[str, Presence]:
    """Ask the index once about ``parcels`` of one distribution: file name → whether it is there.

    A file for which the index gives no hash is fetched and compared. Raises IndexReadError.
    """
    served = channel.reader.files(parcels[0].distribution) if parcels else ()
    return {parcel.file.name: _presence(channel, parcel.file, served) for parcel in parcels}


def _presence(channel: Channel, file: Distribution, served: Sequence[IndexFile]) -> Presence:
    hashes = {
        entry.sha256 or _fetched_hash(channel.reader, entry, file.size) for entry in served if entry.name == file.name
    }
    if not hashes:
        return Presence.ABSENT
    return Presence.SAME if hashes == {file.sha256} else Presence.OTHER


def _fetched_hash(reader: IndexReader, entry: IndexFile, size: int) -> str:
    return hashlib.sha256(reader.read(entry, limit_bytes=size + _SLACK_BYTES)).hexdigest()


def refuse_others(channel: Channel, presences: Mapping[str, Presence]) -> None:
    """Raise UploadError if the index has other bytes under one of the names: nothing is ever overwritten."""
    others = sorted(name for name, presence in presences.items() if presence is Presence.OTHER)
    if others:
        message = f"index {channel.index.name} has {', '.join(others)} with other bytes; it is never overwritten"
        raise UploadError(message, advice="release a new version, or publish the files that were released first")


def deliver(channel: Channel, parcel: Parcel) -> None:
    """Send one file, again after a pause where that may help, and only if the index still lacks it.

    Whatever a failed try looked like, the index is asked: servers answer a second upload in every way there is.
    Raises UploadError.
    """
    attempt = 1
    while True:
        try:
            channel.send(parcel)
        except UploadError as error:
            failure = error
        else:
            return
        asked = failure.retry_after if isinstance(failure, TemporaryUploadError) else None
        is_temporary = isinstance(failure, TemporaryUploadError)
        pause = channel.backoff.pause_after(attempt, asked) if is_temporary else None
        if pause is not None:
            logger.info("%s; trying again in %.1f s", failure.message, pause)
            sleep(pause)
        if _has_arrived(channel, parcel, failure):
            return
        if pause is None:
            raise failure
        attempt += 1


def _has_arrived(channel: Channel, parcel: Parcel, failure: UploadError) -> bool:
    try:
        presences = look(channel, [parcel])
    except IndexReadError as error:
        raise failure from error
    refuse_others(channel, presences)
    return presences[parcel.file.name] is Presence.SAME


def confirm(channel: Channel, parcels: Sequence[Parcel]) -> None:
    """Wait until the index serves every one of ``parcels`` with our bytes. Raises UploadError, IndexReadError."""

    def is_served() -> bool:
        presences = look(channel, parcels)
        refuse_others(channel, presences)
        return all(presence is Presence.SAME for presence in presences.values())

    if not wait_until(is_served, channel.confirm_seconds):
        names = ", ".join(parcel.file.name for parcel in parcels)
        message = (
            f"index {channel.index.name} took {names}, but does not serve it after {channel.confirm_seconds:.0f} s"
        )
        raise UploadError(message, advice="run `paa publish` again later: it looks before it sends")
