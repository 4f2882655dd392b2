"""Legacy uploads through twine as a library: one session for many files, one try a call, nothing printed.

Nothing here decides whether a file is on the index. Servers answer a second upload in every way there is (200, 400,
403, 409), so whoever calls asks the index afterwards.
"""

import base64
import binascii
import configparser
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
from paa.edges.credentials import Credentials, credentials_advice
from paa.edges.fetch import is_temporary_status, reason_of
from paa.edges.index import check_url
from paa.edges.waiting import retry_after_seconds
from paa.errors import UploadError
from paa.model import Index, IndexKind

if TYPE_CHECKING:
    import requests
    from twine.repository import Repository
    from twine.settings import Settings

_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 120  # an index may check a large file before it answers
_SHOWN_CHARACTERS = 300
_NOT_ALLOWED = (401, 403)
_TAKE_TOKENS = (IndexKind.PYPI, IndexKind.TESTPYPI)
_REDIRECTS = range(300, 400)
_NEW_NAME_QUOTA = re.compile(r"too many new projects", re.IGNORECASE)

logger = logging.getLogger(__name__)


class TemporaryUploadError(UploadError):
    """The upload failed for the moment; ``retry_after`` is the pause in seconds that the server asks for, if any."""

    def __init__(self, message: str, *, advice: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, advice=advice)
        self.retry_after = retry_after


class Uploader:
    """An open session with one index."""

    def __init__(self, index: Index, repository: "Repository") -> None:
        self._index = index
        self._repository = repository

    def upload(self, file: Path, sha256: str) -> None:
        """Send ``file``, which must have that SHA-256. Returns when the index has taken it, or says so.

        Raises UploadError; TemporaryUploadError when it may work later.
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
            raise UploadError(message, advice="check the certificate of the index") from error
        except requests.exceptions.RequestException as error:
            message = f"cannot send {where}: {reason_of(error)}"
            broken = isinstance(error, (requests.exceptions.ConnectionError, requests.exceptions.Timeout))
            kind = TemporaryUploadError if broken else UploadError
            raise kind(message, advice="check upload_url of that index, and the network") from error
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
        if status in _NOT_ALLOWED:
            raise UploadError(message, advice=credentials_advice(self._index.name))
        if _NEW_NAME_QUOTA.search(reason):
            advice = "the index takes only so many new names a day: run again tomorrow, what is done stays done"
            raise UploadError(message, advice=advice)
        if is_temporary_status(status):
            wait = retry_after_seconds(response.headers.get("Retry-After"))
            raise TemporaryUploadError(message, advice="wait a while, then run again", retry_after=wait)
        raise UploadError(message)


@contextlib.contextmanager
def open_uploader(index: Index, credentials: Credentials | None) -> Iterator[Uploader]:
    """A session that uploads to ``index``, which must have its upload_url.

    Without ``credentials`` (or without a password in them) twine looks for them: ``.pypirc``, keyring and, on PyPI and
    TestPyPI, trusted publishing. Other indexes are then tried without any. While it is open, rich's default console,
    on which twine prints, is quiet. Raises UploadError.
    """
    import rich

    url = check_url(index.name, index.upload_url, "upload_url")
    console = rich.get_console()
    was_quiet = console.quiet
    console.quiet = True
    try:
        repository = _open_repository(index, url, credentials)
        with contextlib.closing(repository):
            yield Uploader(index, repository)
    finally:
        console.quiet = was_quiet


def _open_repository(index: Index, url: str, credentials: Credentials | None) -> "Repository":
    import requests
    from twine.exceptions import TwineException
    from twine.repository import Repository
    from twine.settings import Settings

    given = credentials or Credentials(username="")
    if given.password is None:
        given = _from_pypirc(index, url, given)
    try:
        settings = Settings(
            non_interactive=True,
            disable_progress_bar=True,
            repository_url=url,
            username=given.username or None,
            password=given.password or None,
        )
        settings.check_repository_url()
        authentication = _authentication(index, given, settings)
    except TwineException as error:
        message = f"cannot log in to index {index.name}: {error}"
        raise UploadError(message, advice=credentials_advice(index.name)) from error
    except requests.exceptions.RequestException as error:
        message = f"cannot log in to index {index.name}: {reason_of(error)}"
        raise UploadError(message, advice=credentials_advice(index.name)) from error
    repository = Repository(url, None, None, disable_progress_bar=True)
    repository.session.auth = authentication
    _set_time_outs(repository.session)
    return repository


def _authentication(index: Index, given: Credentials, settings: "Settings") -> "requests.auth.AuthBase | None":
    """How to log in; None to try without. A token from trusted publishing is renewed as it grows old."""
    from requests.auth import HTTPBasicAuth
    from twine.exceptions import NonInteractive

    if pair := given.for_basic_authentication():
        return HTTPBasicAuth(*pair)
    try:
        return settings.auth.authenticator
    except NonInteractive:
        if index.kind in _TAKE_TOKENS or given.username:
            raise
        return None


def _from_pypirc(index: Index, url: str, given: Credentials) -> Credentials:
    """The credentials in ``~/.pypirc`` for that very address; the section named like the index counts first."""
    from twine.exceptions import TwineException
    from twine.utils import DEFAULT_CONFIG_FILE, get_config

    try:
        sections = get_config(DEFAULT_CONFIG_FILE)
    except (configparser.Error, TwineException, OSError):
        message = f"{DEFAULT_CONFIG_FILE} can't be read"
        # Not from the error: configparser's texts quote the line, and with it the password.
        raise UploadError(message, advice="correct it, or set the credentials in the environment") from None
    fitting = [
        (name != index.name, name, section)
        for name, section in sections.items()
        if (section.get("repository") or "").rstrip("/") == url.rstrip("/")
        and section.get("password")
        and given.username in ("", section.get("username"))
    ]
    if not fitting:
        return given
    _, _, section = min(fitting, key=lambda candidate: candidate[:2])
    default = "__token__" if index.kind in _TAKE_TOKENS else ""
    return Credentials(username=section.get("username") or default, password=section.get("password"))


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
    body = re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", response.text)
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
    password = decoded.partition(":")[2]
    return [secret for secret in (encoded, decoded, password) if secret]
