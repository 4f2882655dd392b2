"""A server on loopback that is reached over https, with a certificate that programs trust while it runs."""

import os
import selectors
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import trustme

from tests.servers import HOST, ScriptedIndex, scripted_index

# An address on the internet that a certificate is made for; nothing ever goes there.
PUBLIC = "8.8.8.8"


@contextmanager
def https_server(folder: Path, *names: str) -> Iterator[ScriptedIndex]:
    """Run a server of our own over https, with a certificate that holds for ``names`` too.

    Its certificate authority, made for this run, is in ``folder``, and the environment names it, as a company's own is
    named. Give the server's ``url`` a path, and ``pages`` what is there.
    """
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST, "localhost", PUBLIC, *names).configure_cert(context)
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    os.environ["REQUESTS_CA_BUNDLE"] = str(bundle)
    with scripted_index(context) as server:
        yield server


@contextmanager
def on_the_internet(server: ScriptedIndex) -> Iterator[str]:
    """The address at which ``server`` seems to be on the internet, by a proxy on loopback that leads everything to it.

    The environment names the proxy.
    """
    with socketserver.ThreadingTCPServer((HOST, 0), _Tunnel) as proxy:
        proxy.target = (HOST, urlsplit(server.url).port)  # type: ignore[attr-defined]  # how the handler comes to it
        address = f"http://{HOST}:{proxy.server_address[1]}"
        os.environ |= {"HTTPS_PROXY": address, "https_proxy": address}
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"https://{PUBLIC}/"
        finally:
            proxy.shutdown()
            thread.join()


class _Tunnel(socketserver.StreamRequestHandler):
    """A proxy that knows CONNECT alone (RFC 9110, 9.3.6), and one place to connect to."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(self.server.target) as far, selectors.DefaultSelector() as waiting:  # type: ignore[attr-defined]  # set where the server is made
            near = self.connection
            waiting.register(near, selectors.EVENT_READ, far)
            waiting.register(far, selectors.EVENT_READ, near)
            while True:
                for key, _ in waiting.select():
                    data = key.fileobj.recv(1 << 16) if isinstance(key.fileobj, socket.socket) else b""
                    if not data:
                        return
                    key.data.sendall(data)
