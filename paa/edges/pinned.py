"""Contents that are known by their SHA-256: fetched once, kept in the user's cache folder, compared at every use."""

import contextlib
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paa import __version__
from paa.edges.addresses import without_user_info
from paa.edges.download import Limits, TooLargeError, download
from paa.edges.fetch import open_session
from paa.edges.files import read_bytes, write_atomic
from paa.edges.waiting import Backoff
from paa.errors import FileError, FindingsError
from paa.model import Pin

if TYPE_CHECKING:
    import requests

_SECONDS = 600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedContents:
    """Where pinned contents come from: ``folder`` keeps them by hash, ``session`` fetches what is not there yet."""

    folder: Path
    session: "requests.Session"
    backoff: Backoff

    def read(self, pin: Pin) -> bytes:
        """The content of ``pin``; the network is used only where it is not kept yet.

        Raises FetchError when it can't be fetched, FindingsError when something else came than was pinned.
        """
        kept = _load(self.folder, pin)
        if kept is not None:
            return kept
        log.info("%s: fetching %d bytes", without_user_info(pin.url), pin.size)
        shown = without_user_info(pin.url)
        advice = "if the new content is wanted: paa refresh-module-artifacts, and commit artifacts.lock"
        try:
            data = download(self.session, pin.url, Limits(size_bytes=pin.size, seconds=_SECONDS), self.backoff)
        except TooLargeError as error:
            message = f"{shown} gives more than the {pin.size} bytes that artifacts.lock has"
            raise FindingsError(message, advice=advice) from error
        found = pin_of(pin.url, data)
        if found != pin:
            message = f"{shown} gives something else than artifacts.lock has: SHA-256 {found.sha256}, not {pin.sha256}"
            raise FindingsError(message, advice=advice)
        _store(self.folder, pin, data)
        return data

    def fetch(self, url: str, limits: Limits) -> tuple[Pin, bytes]:
        """What ``url`` gives now, and the pin for it; it is kept for later uses. Raises FetchError."""
        data = download(self.session, url, limits, self.backoff)
        pin = pin_of(url, data)
        _store(self.folder, pin, data)
        return pin, data


@contextlib.contextmanager
def open_pinned_contents(cache: Path, backoff: Backoff | None = None) -> Iterator[PinnedContents]:
    """Pinned contents kept below the cache folder ``cache``; nothing is connected before something is fetched."""
    with open_session(f"paa/{__version__}") as session:
        yield PinnedContents(folder=cache / "artifacts", session=session, backoff=backoff or Backoff())


def pin_of(url: str, data: bytes) -> Pin:
    """The pin of an address that gave ``data``."""
    return Pin(url=url, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _file(folder: Path, pin: Pin) -> Path:
    return folder / pin.sha256[:2] / pin.sha256


def _load(folder: Path, pin: Pin) -> bytes | None:
    """What is kept for ``pin``; None where there is nothing, or something damaged."""
    path = _file(folder, pin)
    try:
        data = read_bytes(path)
    except FileError:
        return None
    if pin_of(pin.url, data) != pin:
        log.warning("%s is damaged and is fetched again", path)
        return None
    return data


def _store(folder: Path, pin: Pin, data: bytes) -> None:
    try:
        write_atomic(_file(folder, pin), data, durable=False)
    except FileError as error:
        log.debug("not kept: %s", error)
