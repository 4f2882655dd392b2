"""A Git host on loopback, over https: real Git behind it, tokens that may read or write, and protected branches."""

import base64
import binascii
import os
import secrets
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import trustme

from tests.repository import Repository
from tests.servers import HOST

# Refuses whatever moves the branch, takes everything else: what a protected branch does to a push. With --atomic,
# all refs of the push are refused with it.
_PROTECTION = """\
#!/bin/sh
if [ "$1" = "refs/heads/{branch}" ]; then
    echo "GH006: Protected branch update failed for $1." >&2
    exit 1
fi
"""


class Access(Enum):
    """What somebody may do with repositories."""

    NONE = "none"
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHost:
    """A running host. ``authority`` is the certificate authority that clients have to trust (GIT_SSL_CAINFO).

    ``tokens`` says what each token may do. Repositories are private: without a token nothing is read. ``denied`` are
    the requests that were refused.
    """

    url: str
    folder: Path
    authority: Path
    tokens: dict[str, "Access"] = field(default_factory=dict)
    denied: list[str] = field(default_factory=list)

    def token(self, *, may_write: bool, may_read: bool = True, prefix: str = "ghs_") -> str:
        """A new token, as the platform makes one for each job."""
        made = f"{prefix}{secrets.token_hex(18)}"
        self.tokens[made] = Access.WRITE if may_write else Access.READ if may_read else Access.NONE
        return made

    def revoke(self, token: str) -> None:
        """Make ``token`` worthless, as at the end of a job."""
        del self.tokens[token]

    def remote(self, name: str) -> Repository:
        """Make the bare repository ``name`` (``owner/project``), on branch main, and return it."""
        made = Repository(self.folder / name)
        made.path.mkdir(parents=True)
        made.git("init", "--quiet", "--bare", "--initial-branch", "main")
        # A job asks for the commit that it is about, whatever the branches are at by then.
        made.git("config", "uploadpack.allowAnySHA1InWant", "true")
        return made

    def address(self, name: str) -> str:
        """The URL to clone ``name`` from."""
        return f"{self.url}{name}"

    def denied_at(self, address: str) -> list[str]:
        """The requests to the repository at ``address`` that were refused; all tests of a session share the host."""
        return [path for path in self.denied if path.startswith(f"{urlsplit(address).path}/")]


def protect(remote: Repository, branch: str = "main") -> None:
    """Have ``remote`` refuse every push to ``branch`` from now on; other refs get through."""
    hook = remote.path / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_PROTECTION.format(branch=branch), encoding="utf-8")
    hook.chmod(0o755)


@contextmanager
def git_host(folder: Path) -> Iterator[GitHost]:
    """Run a Git host over the repositories below ``folder``, and stop it in the end."""
    folder.mkdir(parents=True)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, "localhost").configure_cert(context)
    certificate = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(certificate))
    with ThreadingHTTPServer((HOST, 0), _Git) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        url = f"https://{HOST}:{server.server_address[1]}/"
        host = GitHost(url=url, folder=folder, authority=certificate)
        server.host = host  # type: ignore[attr-defined]  # how the handler comes to it
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield host
        finally:
            server.shutdown()
            thread.join()


class _Git(BaseHTTPRequestHandler):
    """Gives what is asked to ``git http-backend`` (a CGI program, RFC 3875), once the token allows it."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(body)

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        data = self.rfile.read(size)
        self.rfile.readline()
        return data

    def _answer(self, body: bytes) -> None:
        status = self._refusal()
        if status is not None:
            headers = {"WWW-Authenticate": 'Basic realm="git"'} if status == 401 else {}
            self._send(status, headers, b"not allowed\n")
            return
        url = urlsplit(self.path)
        environment = os.environ | {
            "GIT_PROJECT_ROOT": str(self._host.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": unquote(url.path),
            "QUERY_STRING": url.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "REMOTE_USER": "token",
            "REMOTE_ADDR": HOST,
        }
        done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        pairs = (line.split(": ", 1) for line in head.decode("latin-1").splitlines() if ": " in line)
        headers = dict(pairs)
        self._send(int(headers.pop("Status", "200").split()[0]), headers, content)

    def _refusal(self) -> int | None:
        """The HTTP status that the platform refuses this request with, if it does."""
        access = self._host.tokens.get(self._token() or "")
        wanted = {Access.WRITE} if "git-receive-pack" in self.path else {Access.READ, Access.WRITE}
        if access in wanted:
            return None
        if self._token() is not None:
            self._host.denied.append(self.path)
        return 401 if access is None else 403

    def _token(self) -> str | None:
        """The password of basic authentication, or the token of a bearer; None without."""
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return value
        if scheme.lower() != "basic":
            return None
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @property
    def _host(self) -> GitHost:
        host: GitHost = self.server.host  # type: ignore[attr-defined]  # set where the server is made
        return host
