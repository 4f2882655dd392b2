"""What an index serves, read through the Simple API or, for a ``directory`` index, from its folder."""

import contextlib
import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import urlsplit

from paa import __version__
from paa.edges import index_folder
from paa.edges.addresses import without_user_info
from paa.edges.credentials import Credentials, ReadingLogin, credentials_advice, find_credentials
from paa.edges.fetch import Answer, FetchError, Request, fetch, open_session
from paa.edges.index_pages import ACCEPT, parse_page
from paa.edges.parts import open_parts
from paa.edges.waiting import Backoff
from paa.errors import ConfigError, IndexReadError, OutsideError
from paa.model import Index, IndexFile, IndexKind

if TYPE_CHECKING:
    import requests
    from packaging.version import Version

FILE_LIMIT = 100 << 20  # bytes; PyPI's limit for one wheel or sdist
_PAGE_LIMIT = 64 << 20  # bytes; the largest project pages have some 20 MB
_PAGE_HEADERS = (("Accept", ACCEPT), ("Cache-Control", "max-age=0"))
_FILE_HEADERS = (("Accept-Encoding", "identity"),)  # some servers call .gz an encoding, and clients would unpack it
_DEFAULT_PORTS = {"http": 80, "https": 443}
_OK, _PARTIAL, _NOT_FOUND = 200, 206, 404
_NOT_ALLOWED = (401, 403)

logger = logging.getLogger(__name__)


class IndexUnavailableError(IndexReadError):
    """The index can't be reached, whatever page it is about."""


class IndexReader(Protocol):
    """What an index serves. A context manager, which ends the connection."""

    def files(self, distribution: str) -> tuple[IndexFile, ...]:
        """The wheels and sdists of ``distribution``; empty if the index has no such project, or redirects to another.

        Raises IndexReadError; IndexUnavailableError if the index can't be reached at all.
        """

    def read(self, file: IndexFile, *, limit_bytes: int) -> bytes:
        """The bytes of ``file``, checked against its SHA-256 where that is known.

        Raises IndexReadError, also for a file of more than ``limit_bytes``.
        """

    def open(self, file: IndexFile, *, limit_bytes: int) -> io.BufferedIOBase:
        """``file`` as a stream for who needs a part: where the server sends parts, the rest is not fetched.

        No hash is checked. Reading raises IndexReadError, also for more than ``limit_bytes``.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def open_index(index: Index, credentials: Credentials | None = None, *, backoff: Backoff | None = None) -> IndexReader:
    """A reader for ``index``; nothing is asked yet. ``backoff`` says how to go on when the server fails for the moment.

    The credentials go to the Simple API's own host only. Raises ConfigError for an index without an address, or with
    one that holds a user name or a password.
    """
    if index.kind is IndexKind.DIRECTORY:
        if index.path is None:
            message = f"index {index.name}: a directory index needs a path"
            raise ConfigError(message)
        return index_folder.FolderReader(index.path)
    if index.kind in (IndexKind.GIT, IndexKind.GITHUB_PAGES):
        from paa.edges.index_branches import open_branches

        return open_branches(index)
    check_url(index.name, index.simple_url, "simple_url")
    return _SimpleReader(index, open_session(f"paa/{__version__}"), credentials, backoff or Backoff())


@contextlib.contextmanager
def open_indexes(indexes: Sequence[Index], environment: Mapping[str, str]) -> Iterator[tuple[IndexReader, ...]]:
    """A reader for each of ``indexes``, with the credentials that ``environment`` has for it; closed at the end."""
    alone = len(indexes) == 1
    with contextlib.ExitStack() as stack:
        found = [find_credentials(index, environment=environment, only_target=alone) for index in indexes]
        yield tuple(stack.enter_context(open_index(index, login)) for index, login in zip(indexes, found, strict=True))


def check_url(index_name: str, url: str | None, key: str) -> str:
    """``url`` if it is an http or https address without user name or password; ConfigError otherwise."""
    scheme, host, _ = _origin(url or "")
    if not url or scheme not in _DEFAULT_PORTS or not host:
        message = f"index {index_name}: {key} must be an http or https address"
        raise ConfigError(message, advice=f"set indexes.{index_name}.{key} in .paa.config")
    if "@" in urlsplit(url).netloc:
        message = f"index {index_name}: {key} holds a user name or a password"
        raise ConfigError(message, advice=f"take it out of the address; {credentials_advice(index_name)}")
    return url


def version_of(file_name: str, distribution: str) -> "Version | None":
    """The version that a wheel or sdist of ``distribution`` has by its name; None for any other file name."""
    from packaging.utils import canonicalize_name

    found = name_and_version(file_name)
    return found[1] if found is not None and found[0] == canonicalize_name(distribution) else None


def name_and_version(file_name: str) -> "tuple[str, Version] | None":
    """The distribution (normalised as in PEP 503) and version of a wheel or sdist; None for any other file name."""
    from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

    try:
        if file_name.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(file_name)
        else:
            name, version = parse_sdist_filename(file_name)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
    return name, version


class _SimpleReader:
    """An index behind http. One session for all that is asked."""

    def __init__(
        self, index: Index, session: "requests.Session", credentials: Credentials | None, backoff: Backoff
    ) -> None:
        self._name = index.name
        self._simple_url = index.simple_url or ""
        self._session = session
        self._login = ReadingLogin(index, credentials)
        self._backoff = backoff

    def files(self, distribution: str) -> tuple[IndexFile, ...]:
        name = index_folder.project_folder(Path(), distribution).name
        answer = self._ask(f"{self._simple_url.rstrip('/')}/{name}/", _PAGE_HEADERS, _PAGE_LIMIT)
        if answer.status == _NOT_FOUND or self._leads_elsewhere(answer):
            return ()
        try:
            return parse_page(answer.body, url=answer.url, content_type=answer.content_type, distribution=distribution)
        except IndexReadError as error:
            message = f"index {self._name}, {without_user_info(answer.url)}: {error.message}"
            raise IndexReadError(message, advice="check simple_url of that index") from error

    def read(self, file: IndexFile, *, limit_bytes: int) -> bytes:
        answer = self._ask(check_url(self._name, file.url, "a file's address"), _FILE_HEADERS, limit_bytes)
        if answer.status == _NOT_FOUND:
            message = f"index {self._name} lists {file.name}, but does not serve it (status {answer.status})"
            raise IndexReadError(message)
        return index_folder.checked(answer.body, file, limit_bytes)

    def open(self, file: IndexFile, *, limit_bytes: int) -> io.BufferedIOBase:
        url = check_url(self._name, file.url, "a file's address")

        def fetch_part(wanted: str, limit_bytes: int) -> Answer:
            return self._ask(url, (*_FILE_HEADERS, ("Range", wanted)), limit_bytes)

        return open_parts(file.name, fetch_part, limit_bytes=limit_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def _leads_elsewhere(self, answer: Answer) -> bool:
        """Whether the project's page is another host's: pypiserver and others point to PyPI for what they lack."""
        leads = _origin(answer.url)[1] != _origin(self._simple_url)[1]
        if leads:
            logger.info("index %s does not have it and points to %s", self._name, without_user_info(answer.url))
        return leads

    def _ask(self, url: str, headers: tuple[tuple[str, str], ...], limit_bytes: int) -> Answer:
        """The answer: 200, 404, or 206 for a part. The credentials go along only to the host that they are for."""
        own = _origin(url) == _origin(self._simple_url)
        request = Request(url=url, headers=headers, limit_bytes=limit_bytes)
        try:
            answer = self._fetch(request, own=own)
            if own and answer.status in _NOT_ALLOWED and self._login.look_further():
                answer = self._fetch(request, own=own)
        except OutsideError as error:
            is_down = isinstance(error, FetchError) and error.is_temporary
            message = f"index {self._name}: {error.message}"
            raise (IndexUnavailableError if is_down else IndexReadError)(message, advice=error.advice) from error
        where = f"index {self._name}, {without_user_info(answer.url)}"
        if answer.status in _NOT_ALLOWED:
            message = f"{where}: the index does not let us read it (status {answer.status})"
            raise IndexReadError(message, advice=credentials_advice(self._name))
        if answer.is_temporary:
            message = f"{where}: the index fails for the moment (status {answer.status})"
            raise IndexReadError(message, advice="wait a while, then run again")
        if answer.status not in (_OK, _NOT_FOUND) and (answer.status != _PARTIAL or "Range" not in dict(headers)):
            message = f"{where}: unexpected status {answer.status}"
            raise IndexReadError(message, advice="check simple_url of that index")
        return answer

    def _fetch(self, request: Request, *, own: bool) -> Answer:
        credentials = self._login.current() if own else None
        return fetch(self._session, replace(request, credentials=credentials), self._backoff)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return "", None, None
