"""Index servers on loopback: a real pypiserver, and one of our own that fails as it is told."""

import base64
import email
import email.message
import email.policy
import hashlib
import http.server
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from paa.model import Index, IndexKind

HOST = "127.0.0.1"
_START_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PypiServer:
    """A running pypiserver. ``folder`` is where its files lie, ``log`` what it wrote about requests."""

    url: str
    folder: Path
    log: Path

    def index(self, name: str = "company") -> Index:
        """The server as a configured index."""
        return Index(name=name, kind=IndexKind.PYPISERVER, upload_url=self.url, simple_url=f"{self.url}simple/")

    def uploads(self) -> int:
        """How many uploads were tried."""
        return self.log.read_text(encoding="utf-8", errors="replace").count('"POST / ')


@contextmanager
def pypiserver(folder: Path, *, user: tuple[str, str] | None = None, hashes: bool = True) -> Iterator[PypiServer]:
    """Run a pypiserver over ``folder``, and stop it in the end.

    With ``user`` (name, password) uploads need that login; without, anybody may do anything. Without ``hashes`` its
    pages give none.
    """
    store = folder / "packages"
    store.mkdir(parents=True)
    log = folder / "log"
    access = ["-P", ".", "-a", "."]
    if user is not None:
        digest = base64.b64encode(hashlib.sha1(user[1].encode()).digest()).decode()  # noqa: S324 (a format of htpasswd)
        (folder / "htpasswd").write_text(f"{user[0]}:{{SHA}}{digest}\n", encoding="utf-8")
        access = ["-P", str(folder / "htpasswd"), "-a", "update"]
    # With watchdog installed it would list what was there a moment ago.
    options = ["-i", HOST, "--backend", "simple-dir", *access]
    command = [sys.executable, "-W", "ignore", "-m", "pypiserver", "run", *options]
    # Whatever else is installed: this one logs every request.
    command += [
        "--server",
        "wsgiref",
        "--disable-fallback",
        "--hash-algo",
        "sha256" if hashes else "off",
        "-v",
        str(store),
    ]
    with server_process(lambda port: [*command, "-p", str(port)], log) as url:
        yield PypiServer(url=url, folder=store, log=log)


@contextmanager
def server_process(command: Callable[[int], Sequence[str]], log: Path, path: str = "") -> Iterator[str]:
    """Run the server that ``command`` starts on a port, until it answers at ``path``; give its URL, and stop it.

    Its output goes to ``log``. Another program may take the free port first: then another one is tried.
    """
    # Nobody measures the coverage of a server, which would only make it slower.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    for last in (False, False, True):
        port = free_port()
        with log.open("wb") as stream:
            process = subprocess.Popen(command(port), env=environment, stdout=stream, stderr=stream)
        try:
            if answers(f"http://{HOST}:{port}/{path}", process):
                yield f"http://{HOST}:{port}/"
                return
            assert not last, f"the server ended: {log.read_text(encoding='utf-8', errors='replace')}"
        finally:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until there is an answer at ``url``, whatever it says; False when ``process``, the server, has ended."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)
            continue
        # What answers may be whoever took the port.
        return process.poll() is None
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server of our own says to a request.

    ``length`` is the length that it announces, if not the true one; with ``drops`` it says nothing and closes the
    connection; with ``trickles`` it sends the body again and again, slowly, until nobody listens any more. The next
    two are for uploads: whether the file is ``stored`` first, and what is done ``after`` that.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    drops: bool = False
    trickles: bool = False
    stored: bool = False
    after: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request that reached the server."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class ScriptedIndex:
    """An index that takes legacy uploads and serves PEP 503 pages, unless it is told to do something else.

    ``pages`` maps a path to the replies for it (to GET and POST), of which the last is given again and again;
    ``uploads`` holds replies for the next uploads, after which they are stored as they should be; ``refusals`` maps the
    begin of file names to the reply that such a file gets at any time. ``files`` is what it has; with ``parts`` it also
    sends parts of them.
    """

    url: str
    pages: dict[str, list[Reply]] = field(default_factory=dict)
    uploads: deque[Reply] = field(default_factory=deque)
    refusals: dict[str, Reply] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    parts: bool = False
    seen: list[Seen] = field(default_factory=list)
    uploaded: list[str] = field(default_factory=list)

    def index(self, name: str = "scripted") -> Index:
        """The server as a configured index."""
        return Index(
            name=name, kind=IndexKind.GENERIC, upload_url=f"{self.url}upload/", simple_url=f"{self.url}simple/"
        )

    def paths(self) -> list[str]:
        """The paths that were asked for with GET."""
        return [request.path for request in self.seen if request.method == "GET"]

    def answer(self, path: str) -> Reply:
        """The reply to a GET."""
        if told := self.pages.get(path):
            return told.pop(0) if len(told) > 1 else told[0]
        if path.startswith("/simple/"):
            return self._project_page(path.strip("/").rpartition("/")[2])
        data = self.files.get(path.rpartition("/")[2])
        return Reply(status=404) if data is None else Reply(body=data, headers={"Content-Type": "application/zip"})

    def _project_page(self, project: str) -> Reply:
        links = [
            f'<a href="/files/{name}#sha256={hashlib.sha256(data).hexdigest()}">{name}</a>'
            for name, data in sorted(self.files.items())
            if name.replace("_", "-").startswith(f"{project}-")
        ]
        return html_reply("\n".join(links)) if links else Reply(status=404)

    def take(self, name: str, data: bytes) -> Reply:
        """The reply to an upload."""
        self.uploaded.append(name)
        refusal = next((reply for begin, reply in self.refusals.items() if name.startswith(begin)), None)
        reply = refusal or (self.uploads.popleft() if self.uploads else Reply(stored=True))
        if reply.stored:
            self.files[name] = data
        if reply.after is not None:
            reply.after()
        return reply


def html_reply(body: str, *, status: int = 200) -> Reply:
    """A page of HTML with ``body`` in it."""
    page = f"<!DOCTYPE html><html><head><title>Links</title></head><body>{body}</body></html>"
    return Reply(status=status, body=page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


@contextmanager
def scripted_index(tls: ssl.SSLContext | None = None) -> Iterator[ScriptedIndex]:
    """Run an index of our own on loopback, and stop it in the end. With ``tls`` it is served over https."""
    with http.server.ThreadingHTTPServer((HOST, 0), _Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        index = ScriptedIndex(url=f"http{'s' if tls else ''}://{HOST}:{server.server_port}/")
        server.index = index  # type: ignore[attr-defined]  # how the handler comes to it
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield index
        finally:
            server.shutdown()
            thread.join()


def _part(body: bytes, wanted: str) -> Reply:
    """The reply to a range request for one part (RFC 9110, 14)."""
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    start = int(first) if first else max(0, len(body) - int(last))
    end = min(int(last) + 1, len(body)) if first and last else len(body)
    headers = {"Content-Type": "application/zip", "Content-Range": f"bytes {start}-{end - 1}/{len(body)}"}
    return Reply(status=206, body=body[start:end], headers=headers)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        self._index.seen.append(Seen(method="GET", path=self.path, headers=dict(self.headers)))
        reply = self._index.answer(self.path.partition("?")[0])
        wanted = self.headers.get("Range") if self._index.parts else None
        self._send(reply if wanted is None or reply.status != http.HTTPStatus.OK else _part(reply.body, wanted))

    def do_POST(self) -> None:
        self._index.seen.append(Seen(method="POST", path=self.path, headers=dict(self.headers)))
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path in self._index.pages:
            self._send(self._index.answer(self.path))
            return
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        content = next(part for part in form.walk() if part.get_filename())
        self._send(self._index.take(str(content.get_filename()), cast("bytes", content.get_payload(decode=True))))

    @property
    def _index(self) -> ScriptedIndex:
        return cast("ScriptedIndex", self.server.index)  # type: ignore[attr-defined]  # set where the server is made

    def _send(self, reply: Reply) -> None:
        self.close_connection = True
        if reply.drops:
            return
        self.send_response(reply.status)
        length = len(reply.body) if reply.length is None else reply.length
        for name, value in {"Content-Length": str(length), "Connection": "close", **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        while reply.trickles:
            threading.Event().wait(0.01)
            try:
                self.wfile.write(reply.body)
            except OSError:
                return

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (its name in the standard library)
        """Nothing: a test reads ``seen``."""
