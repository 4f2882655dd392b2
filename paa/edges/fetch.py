"""HTTP GET through requests, with time-outs, a size limit and bounded retries. Errors leave here as FetchError."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paa.edges.addresses import without_user_info
from paa.edges.credentials import Credentials
from paa.edges.waiting import Backoff, retry_after_seconds, sleep
from paa.errors import OutsideError

if TYPE_CHECKING:
    import requests

_TIMEOUTS = (10, 30)  # seconds to connect, and between two parts of an answer
_CHUNK = 1 << 16
_MOST_REDIRECTS = 10
_TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = range(500, 600)
_WITH_BODY = (200, 206)

logger = logging.getLogger(__name__)


class FetchError(OutsideError):
    """No usable answer came. ``is_temporary`` if the same request may work later."""

    def __init__(self, message: str, *, advice: str | None = None, is_temporary: bool = False) -> None:
        super().__init__(message, advice=advice)
        self.is_temporary = is_temporary
        self.retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for. The credentials are sent to the host of ``url`` and nowhere else, whatever it redirects to."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    credentials: Credentials | None = None
    limit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came. ``url`` is the address after redirects; ``body`` is empty unless ``status`` is 200 or 206.

    ``content_range`` says which part of the whole a 206 is (RFC 9110, 14.4).
    """

    status: int
    url: str
    content_type: str = ""
    content_range: str = ""
    body: bytes = b""
    retry_after: float | None = None

    @property
    def is_temporary(self) -> bool:
        """Whether the server says that it fails for the moment only."""
        return is_temporary_status(self.status)


def is_temporary_status(status: int) -> bool:
    """Whether an HTTP status says that the server fails for the moment only: 429 and 5xx."""
    return status == _TOO_MANY_REQUESTS or status in _SERVER_ERRORS


def open_session(user_agent: str) -> "requests.Session":
    """A session that keeps its connections; close it at the end. Nothing is connected yet."""
    import requests

    session = requests.Session()
    session.max_redirects = _MOST_REDIRECTS
    session.headers["User-Agent"] = user_agent
    return session


def fetch(session: "requests.Session", request: Request, backoff: Backoff) -> Answer:
    """Get one address. What fails for the moment (429, 5xx, time-outs, broken connections) is tried again.

    The answer's status is the caller's to judge; after the last try it may be a temporary one. Raises FetchError when
    there is no answer, one of more than ``limit_bytes``, or a redirect to anything but http and https.
    """
    attempt = 1
    while True:
        outcome = _fetch_once(session, request)
        pause = backoff.pause_after(attempt, outcome.retry_after) if outcome.is_temporary else None
        if pause is not None:
            logger.info("%s: trying again in %.1f s", without_user_info(request.url), pause)
            sleep(pause)
            attempt += 1
        elif isinstance(outcome, FetchError):
            raise outcome
        else:
            return outcome


def _fetch_once(session: "requests.Session", request: Request) -> Answer | FetchError:
    import requests

    shown = without_user_info(request.url)
    authentication = _authentication(request.credentials)
    try:
        with session.get(
            request.url, headers=dict(request.headers), auth=authentication, timeout=_TIMEOUTS, stream=True
        ) as response:
            return Answer(
                status=response.status_code,
                url=response.url,
                content_type=response.headers.get("Content-Type", ""),
                content_range=response.headers.get("Content-Range", ""),
                body=_body(response, request) if response.status_code in _WITH_BODY else b"",
                retry_after=retry_after_seconds(response.headers.get("Retry-After")),
            )
    except requests.exceptions.SSLError as error:
        message = f"{shown}: the connection is not secure: {reason_of(error)}"
        raise FetchError(
            message, advice="check its certificate; REQUESTS_CA_BUNDLE can name your own"
        ) from without_frames(error)
    except (
        requests.exceptions.ConnectionError,
        requests.exceptions.Timeout,
        requests.exceptions.ChunkedEncodingError,
    ) as error:
        failure = FetchError(
            f"{shown} can't be reached: {reason_of(error)}",
            advice="check the address and the network",
            is_temporary=True,
        )
        failure.__cause__ = without_frames(error)
        return failure
    except requests.exceptions.RequestException as error:
        message = f"{shown} can't be read: {reason_of(error)}"
        raise FetchError(message, advice="check the address") from without_frames(error)


def _authentication(credentials: Credentials | None) -> "requests.auth.AuthBase | None":
    import requests

    pair = credentials.for_basic_authentication() if credentials else None
    return requests.auth.HTTPBasicAuth(*pair) if pair else None


def _body(response: "requests.Response", request: Request) -> bytes:
    parts = []
    size = 0
    for part in response.iter_content(_CHUNK):
        size += len(part)
        if size > request.limit_bytes:
            message = f"{without_user_info(request.url)} is larger than {request.limit_bytes} bytes"
            raise FetchError(message)
        parts.append(part)
    return b"".join(parts)


def without_frames(error: BaseException) -> BaseException:
    """``error`` for the chain of ours, without the frames that it went through: they hold requests with passwords."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        part = waiting.pop()
        if part is not None and id(part) not in seen:
            seen.add(id(part))
            part.__traceback__ = None
            waiting += [
                part.__cause__,
                part.__context__,
                *(item for item in part.args if isinstance(item, BaseException)),
            ]
    return error


def reason_of(error: "requests.RequestException") -> str:
    """Why a request failed, without the address: requests' own texts hold it, with whatever was in it."""
    import requests

    if isinstance(error, requests.exceptions.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return "it redirects again and again"
    if isinstance(error, requests.exceptions.InvalidSchema):
        return "it leads to an address that is neither http nor https"
    cause: BaseException | None = error
    reason = None
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
            reason = cause.strerror
        cause = cause.__cause__ or cause.__context__
    return reason or "the connection broke, or what came was no HTTP"
