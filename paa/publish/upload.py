"""Legacy uploads through twine as a library: one session for many files, one try a call, nothing printed.

Nothing here decides whether a file is on the index. Servers answer a second upload in every way there is (200, 400,
403, 409), so whoever calls asks the index afterwards.
"""

import base64
import binascii
import contextlib
import html
import logging
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from paa.edges.addresses import without_user_info
from paa.edges.credentials import NO_PASSWORD, credentials_advice
from paa.edges.fetch import reason_of, without_frames
from paa.edges.waiting import retry_after_seconds
from paa.errors import UploadError
from paa.model import Index
from paa.publish.login import Login
from paa.publish.refusals import Refusal, refusal_of

if TYPE_CHECKING:
    import requests
    from twine.repository import Repository

_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 120  # an index may check a large file before it answers
_SHOWN_CHARACTERS = 300
_READ_CHARACTERS = 1 << 16
_TOO_MANY_REQUESTS = 429
_REDIRECTS = range(300, 400)

logger = logging.getLogger(__name__)


class TemporaryUploadError(UploadError):
    """The upload failed for the moment; ``retry_after`` is the pause in seconds that the server asks for, if any.

    ``is_rate_limit``: the server says that it gets too many requests (429).
    """

    def __init__(self, message: str, *, advice: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, advice=advice)
        self.retry_after = retry_after
        self.is_rate_limit = False


class RefusedError(UploadError):
    """The index answered that it does not take the file; ``refusal`` is why, as far as that can be told."""

    def __init__(self, message: str, *, advice: str | None = None, refusal: Refusal) -> None:
        super().__init__(message, advice=advice)
        self.refusal = refusal


class Uploader:
    """An open session with one index."""

    def __init__(self, index: Index, repository: "Repository") -> None:
        self._index = index
        self._repository = repository

    def upload(self, file: Path, sha256: str) -> None:
        """Send ``file``, which must have that SHA-256. Returns when the index has taken it, or says so.

        Raises UploadError: RefusedError when the index answered, TemporaryUploadError when it may work later.
        """
        import requests
        from twine.exceptions import TwineException
        from twine.package import PackageFile

        where = f"{file.name} to index {self._index.name}"
        try:
            package = PackageFile.from_filename(str(file), None)
            if package.sha2_digest != sha256:
                message = f"{file} changed while it was being published"
                raise UploadError(message, advice="build it again")
            response = self._repository.upload(package, max_redirects=1)
        except requests.exceptions.SSLError as error:
            message = f"cannot send {where}: the connection is not secure: {reason_of(error)}"
            raise UploadError(message, advice="check the certificate of the index") from without_frames(error)
        except requests.exceptions.RequestException as error:
            message = f"cannot send {where}: {reason_of(error)}"
            broken = isinstance(error, (requests.exceptions.ConnectionError, requests.exceptions.Timeout))
            kind = TemporaryUploadError if broken else UploadError
            advice = "check upload_url of that index, and the network"
            raise kind(message, advice=advice) from without_frames(error)
        except (TwineException, OSError, ValueError, zipfile.BadZipFile, tarfile.TarError) as error:
            message = f"cannot send {where}: {error}"
            raise UploadError(message, advice="build it again") from error
        with contextlib.closing(response):
            self._judge(response, where)

    def _judge(self, response: "requests.Response", where: str) -> None:
        status = response.status_code
        logger.info("%s: status %d", where, status)
        if response.ok and status not in _REDIRECTS:
            return
        reason = _reason(response)
        message = f"index {self._index.name} did not take {where.partition(' ')[0]}: {reason}"
        if status in _REDIRECTS:
            target = without_user_info(response.headers.get("Location", ""))
            message = f"{message}, it points to {target}"
            raise UploadError(message, advice="set upload_url to the address that takes uploads")
        wait = retry_after_seconds(response.headers.get("Retry-After"))
        if (refusal := refusal_of(status, reason)) is None:
            error = TemporaryUploadError(message, advice="wait a while, then run again", retry_after=wait)
            error.is_rate_limit = status == _TOO_MANY_REQUESTS
            raise error
        raise RefusedError(message, advice=_advice(refusal, self._index), refusal=refusal)


def _advice(refusal: Refusal, index: Index) -> str | None:
    match refusal:
        case Refusal.FORBIDDEN:
            return credentials_advice(index.name)
        case Refusal.QUOTA:
            return "the index takes only so many new names a day: run again tomorrow, what is done stays done"
        case _:
            return None


@contextlib.contextmanager
def quiet_twine() -> Iterator[None]:
    """Keep twine from printing and from warning of tries that are ours to judge, while this is open.

    It prints on rich's default console, of which there is one: open this once, and around all uploads.
    """
    import rich

    console = rich.get_console()
    twine = logging.getLogger("twine.repository")
    before = console.quiet, twine.level
    console.quiet = True
    twine.setLevel(logging.ERROR)
    try:
        yield
    finally:
        console.quiet = before[0]
        twine.setLevel(before[1])


@contextlib.contextmanager
def open_uploader(index: Index, login: Login) -> Iterator[Uploader]:
    """A session that uploads to ``index`` as ``login`` says. Nothing is connected yet."""
    from twine.repository import Repository

    repository = Repository(login.url, None, None, disable_progress_bar=True)
    repository.session.auth = login.authentication
    _set_time_outs(repository.session)
    with contextlib.closing(repository):
        yield Uploader(index, repository)


def _set_time_outs(session: "requests.Session") -> None:
    """Give every request of ``session`` time-outs: twine sets none, and a server that hangs would hold us for ever."""
    from requests.adapters import HTTPAdapter

    class AdapterWithTimeouts(HTTPAdapter):
        def send(
            self, request: "requests.PreparedRequest", *positional: object, **named: object
        ) -> "requests.Response":
            named["timeout"] = (_CONNECT_SECONDS, _ANSWER_SECONDS)
            return super().send(request, *positional, **named)  # type: ignore[arg-type]  # passed on as they came

    for scheme in ("http://", "https://"):
        session.mount(scheme, AdapterWithTimeouts())


def _reason(response: "requests.Response") -> str:
    """Status and what the server says about it, as one line of plain text without our secrets."""
    body = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", response.text[:_READ_CHARACTERS])
    status = f"{response.status_code} {response.reason}"
    text = f"{status}: {' '.join(html.unescape(body).split()).removeprefix(status)}"
    for secret in _secrets(response.request.headers.get("Authorization", "")):
        text = text.replace(secret, "***")
    printable = "".join(character for character in text if character.isprintable())
    return printable[:_SHOWN_CHARACTERS].rstrip(" :")


def _secrets(authorization: str) -> list[str]:
    encoded = authorization.partition(" ")[2]
    try:
        decoded = base64.b64decode(encoded).decode()
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    username, _, password = decoded.partition(":")
    token = username if password == NO_PASSWORD else password
    return [secret for secret in (encoded, decoded, token) if secret]
