"""One file from an https address, whatever it is: bounded in size, in time and in where a redirect may lead."""

import ipaddress
import logging
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from paa.edges.addresses import without_user_info
from paa.edges.fetch import FetchError, is_temporary_status, reason_of
from paa.edges.waiting import Backoff, retry_after_seconds, sleep

if TYPE_CHECKING:
    import requests

_TIMEOUTS = (10, 30)  # seconds to connect, and between two parts of an answer
_CHUNK = 1 << 16
_MOST_REDIRECTS = 5
_OK = 200

logger = logging.getLogger(__name__)


class TooLargeError(FetchError):
    """More came, or was announced, than the limit allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many bytes a file may have, and how many seconds it may take from the first request to the last byte."""

    size_bytes: int
    seconds: float


class Reach(IntEnum):
    """How far away a host is: this machine, the network around it, or the internet."""

    MACHINE = 0
    PRIVATE = 1
    PUBLIC = 2


def download(session: "requests.Session", url: str, limits: Limits, backoff: Backoff) -> bytes:
    """The content behind ``url``. What fails for the moment (429, 5xx, time-outs, broken connections) is tried again.

    Raises FetchError when no whole file came within ``limits``, TooLargeError (one of them) when it is too large. A
    redirect is followed to https only, five times at most, and never to a host that is nearer than where ``url`` leads:
    a server on the internet can't make paa ask the machines around it. No message holds user info or a query.
    """
    attempt = 1
    while True:
        try:
            return _download_once(session, url, limits)
        except FetchError as error:
            pause = backoff.pause_after(attempt, error.retry_after) if error.is_temporary else None
            if pause is None:
                raise
        logger.info("%s: trying again in %.1f s", without_user_info(url), pause)
        sleep(pause)
        attempt += 1


def reach_of(host: str) -> Reach:
    """How far away the nearest address of ``host`` is. A name that can't be resolved here is taken for a public one."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        # Behind a proxy names may be known to the proxy alone; without one the connection fails too.
        return Reach.PUBLIC
    return _nearest(str(address[0]) for *_, address in found)


def _nearest(addresses: Iterable[str]) -> Reach:
    return min((_reach_of_address(address.partition("%")[0]) for address in addresses), default=Reach.PUBLIC)


def _reach_of_address(text: str) -> Reach:
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast:
        # Link-local is where clouds keep what a machine must not tell anybody.
        return Reach.MACHINE
    return Reach.PUBLIC if address.is_global else Reach.PRIVATE


def _download_once(session: "requests.Session", url: str, limits: Limits) -> bytes:
    import requests
    import urllib3

    deadline = time.monotonic() + limits.seconds
    shown = without_user_info(url)
    try:
        with _follow(session, url) as response:
            return _body(response, shown, limits, deadline)
    except requests.exceptions.SSLError as error:
        message = f"{shown}: the connection is not secure: {reason_of(error)}"
        raise FetchError(message, advice="check its certificate; REQUESTS_CA_BUNDLE can name your own") from error
    except requests.exceptions.RequestException as error:
        passing = isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.Timeout)
        message = f"{shown} can't be fetched: {reason_of(error)}"
        raise FetchError(message, advice="check the address and the network", is_temporary=passing) from error
    except (urllib3.exceptions.HTTPError, OSError) as error:
        message = f"{shown} can't be fetched: the connection broke before the whole file was there"
        raise FetchError(message, advice="run again", is_temporary=True) from error


def _follow(session: "requests.Session", url: str) -> "requests.Response":
    """The answer that has the file, after redirects; its body is not read yet."""
    target = url
    for _ in range(_MOST_REDIRECTS + 1):
        response = _ask(session, target)
        if not response.is_redirect:
            return _with_file(response, without_user_info(url))
        with response:
            target = _redirected(url, target, response.headers["Location"])
    message = f"{without_user_info(url)} redirects more than {_MOST_REDIRECTS} times"
    raise FetchError(message, advice="write the address that it ends at")


def _ask(session: "requests.Session", url: str) -> "requests.Response":
    """One answer, whatever it is, with nothing of its body read: a session would read that of a redirect whole."""
    import requests

    headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
    request = session.prepare_request(requests.Request("GET", url, headers=headers))
    settings = session.merge_environment_settings(url, {}, stream=True, verify=True, cert=None)
    return session.get_adapter(url).send(
        request, stream=True, timeout=_TIMEOUTS, verify=settings["verify"] or True, proxies=settings["proxies"]
    )


def _redirected(url: str, target: str, location: str) -> str:
    shown = without_user_info(url)
    try:
        found = urljoin(target, location)
        parts = urlsplit(found)
    except ValueError as error:
        message = f"{shown} redirects to something that is no address"
        raise FetchError(message, advice="link to another address") from error
    if parts.scheme != "https" or not parts.hostname:
        message = f"{shown} redirects to {without_user_info(found)!r}, which is not https"
        raise FetchError(message, advice="link to an address that stays on https")
    if "@" in parts.netloc:
        message = f"{shown} redirects to an address with a user name or password in it"
        raise FetchError(message, advice="link to another address")
    if reach_of(parts.hostname) < reach_of(urlsplit(url).hostname or ""):
        message = f"{shown} redirects to {parts.hostname!r}, a host inside the network that the link does not name"
        raise FetchError(message, advice="if that is meant, link to the host itself")
    return found


def _with_file(response: "requests.Response", shown: str) -> "requests.Response":
    if response.status_code == _OK:
        return response
    with response:
        failure = FetchError(
            f"{shown}: the server answered with status {response.status_code}",
            advice="check the address: it must lead to the file itself, without a login",
            is_temporary=is_temporary_status(response.status_code),
        )
        failure.retry_after = retry_after_seconds(response.headers.get("Retry-After"))
        raise failure


def _body(response: "requests.Response", shown: str, limits: Limits, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    announced = _announced(response)
    while max(size, announced) <= limits.size_bytes:
        # What has come and no more: a server that sends a byte a minute must not hold us.
        part = response.raw.read1(_CHUNK, decode_content=True)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if time.monotonic() > deadline:
            message = f"{shown} has not come whole within {limits.seconds:g} s"
            raise FetchError(message, advice="try again, or give it more time with --time-limit")
    message = f"{shown} is larger than {limits.size_bytes} bytes"
    raise TooLargeError(message)


def _announced(response: "requests.Response") -> int:
    """The size in bytes that the server gives, 0 where it gives none."""
    text = response.headers.get("Content-Length", "")
    return int(text[:20]) if text.isascii() and text.isdigit() else 0
