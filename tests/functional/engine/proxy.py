"""A proxy in front of a real index server that spoils what it is told to spoil, and passes on the rest."""

import http.client
import http.server
import re
import socket
import struct
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from tests.servers import HOST

_FILE_NAME = re.compile(rb'filename="([^"]+)"')
_LONGEST_HANG_SECONDS = 60.0
_HANDED_ON = ("content-type", "retry-after")
_PASSED_ON = ("accept", "authorization", "content-type", "user-agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server says."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Proxy:
    """A running proxy, and what it is told.

    ``faults`` are tried in turn on every request that they are for. ``stored`` counts, by file name, uploads that the
    server took; ``asked`` counts requests by method.
    """

    url: str
    server_url: str
    faults: list["Fault"] = field(default_factory=list)
    stored: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    def reset(self) -> None:
        """Forget all that was told and seen."""
        self.faults.clear()
        self.stored.clear()
        self.asked.clear()


@dataclass(slots=True)
class Exchange:
    """One request: what is asked, and the means to answer it."""

    proxy: Proxy
    handler: http.server.BaseHTTPRequestHandler
    body: bytes | None = None

    @property
    def method(self) -> str:
        """GET or POST."""
        return self.handler.command

    def read(self, share: float = 1.0) -> bytes:
        """That share of the body."""
        if self.body is None:
            length = int(self.handler.headers.get("Content-Length") or 0)
            self.body = self.handler.rfile.read(int(length * share))
        return self.body

    def forward(self) -> Answer:
        """What the server says to it."""
        headers = {name: value for name, value in self.handler.headers.items() if name.lower() in _PASSED_ON}
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.proxy.server_url).netloc, timeout=30)
        body = self.read()
        try:
            connection.request(self.method, self.handler.path, body=body or None, headers=headers)
            response = connection.getresponse()
            answer = Answer(status=response.status, headers=dict(response.getheaders()), body=response.read())
        finally:
            connection.close()
        if self.method == "POST" and answer.status == http.HTTPStatus.OK and (named := _FILE_NAME.search(body)):
            self.proxy.stored[named[1].decode()] += 1
        return answer

    def answer(self, answer: Answer, *, cut_at: int | None = None) -> None:
        """Say it; with ``cut_at`` the connection breaks after so many bytes of the body."""
        handler = self.handler
        handler.send_response(answer.status)
        kept = {name: value for name, value in answer.headers.items() if name.lower() in _HANDED_ON}
        for name, value in {**kept, "Content-Length": str(len(answer.body)), "Connection": "close"}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body[:cut_at])
        if cut_at is not None:
            self.break_off()

    def break_off(self) -> None:
        """Reset the connection, as a server that dies does."""
        self.handler.wfile.flush()
        linger = struct.pack("ii", 1, 0)
        self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.handler.connection.close()

    def hang(self) -> None:
        """Say nothing until nobody listens any more."""
        self.read()
        self.handler.connection.settimeout(_LONGEST_HANG_SECONDS)
        try:
            self.handler.connection.recv(1)
        except OSError:
            return


@dataclass(slots=True, kw_only=True)
class Fault:
    """What is done with the next ``times`` requests of ``method`` whose path has ``path``: they are not passed on."""

    method: str
    act: Callable[[Exchange], None]
    times: int = 1
    path: str = ""


def says(status: int, **headers: str) -> Callable[[Exchange], None]:
    """Answers so, and passes nothing on."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def act(exchange: Exchange) -> None:
        exchange.read()
        exchange.answer(Answer(status=status, headers=named, body=b"as told" if status >= 300 else b""))

    return act


def stores_but_says(status: int) -> Callable[[Exchange], None]:
    """Passes it on, and answers something else."""

    def act(exchange: Exchange) -> None:
        exchange.forward()
        exchange.answer(Answer(status=status, body=b"as told"))

    return act


def stores_and_breaks_off(exchange: Exchange) -> None:
    """Passes it on; the answer gets lost."""
    exchange.forward()
    exchange.break_off()


def breaks_off_within_the_body(exchange: Exchange) -> None:
    """Of an upload half is read; of a page half is sent."""
    if exchange.method == "POST":
        exchange.read(0.5)
        exchange.break_off()
    else:
        answer = exchange.forward()
        exchange.answer(answer, cut_at=len(answer.body) // 2)


def hangs(exchange: Exchange) -> None:
    """Never answers."""
    exchange.hang()


def sends_a_part_as_if_it_were_all(exchange: Exchange) -> None:
    """The page ends somewhere in the middle, and nothing shows it."""
    answer = exchange.forward()
    exchange.answer(Answer(status=answer.status, headers=answer.headers, body=answer.body[: len(answer.body) // 2]))


def shows_nothing_new_for(seconds: float) -> Callable[[Exchange], None]:
    """Pages are those of ``seconds`` before; at first there are none."""
    seen: dict[str, list[tuple[float, Answer]]] = {}

    def act(exchange: Exchange) -> None:
        now = time.monotonic()
        pages = seen.setdefault(exchange.handler.path, [(now - 2 * seconds, Answer(status=404))])
        pages.append((now, exchange.forward()))
        exchange.answer(next(page for moment, page in reversed(pages) if moment <= now - seconds))

    return act


@contextmanager
def proxy_to(server_url: str) -> Iterator[Proxy]:
    """Run a proxy in front of ``server_url``, and stop it in the end."""
    with http.server.ThreadingHTTPServer((HOST, 0), _Handler) as server:
        server.daemon_threads = True
        proxy = Proxy(f"http://{HOST}:{server.server_port}/", server_url)
        server.proxy = proxy  # type: ignore[attr-defined]  # how the handler comes to it
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        proxy = cast("Proxy", self.server.proxy)  # type: ignore[attr-defined]  # set where the server is made
        self.close_connection = True
        proxy.asked[self.command] += 1
        exchange = Exchange(proxy, self)
        for fault in proxy.faults:
            if fault.times and fault.method == self.command and fault.path in self.path:
                fault.times -= 1
                fault.act(exchange)
                return
        exchange.answer(exchange.forward())

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (its name in the standard library)
        """Nothing."""
