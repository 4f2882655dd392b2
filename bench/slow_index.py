"""An index for measurements that takes its time for every answer: PORT SECONDS. POST to /clear forgets every file."""

import email
import email.policy
import hashlib
import http.server
import sys
import time
from typing import cast

FILES: dict[str, bytes] = {}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seconds = 0.0

    def do_GET(self) -> None:
        time.sleep(self.seconds)
        project = self.path.strip("/").rpartition("/")[2]
        links = [
            f'<a href="/files/{name}#sha256={hashlib.sha256(data).hexdigest()}">{name}</a>'
            for name, data in sorted(FILES.items())
            if name.replace("_", "-").startswith(f"{project}-")
        ]
        page = (
            f"<!DOCTYPE html><html><head><title>Links for {project}</title></head><body>{''.join(links)}</body></html>"
        )
        self._answer(200 if links or not project else 404, page.encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/clear":
            FILES.clear()
            self._answer(200, b"")
            return
        time.sleep(self.seconds)
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        content = next(part for part in form.walk() if part.get_filename())
        FILES[str(content.get_filename())] = cast("bytes", content.get_payload(decode=True))
        self._answer(200, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (its name in the standard library)
        """Nothing: only the time counts."""


if __name__ == "__main__":
    _Handler.seconds = float(sys.argv[2])
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), _Handler).serve_forever()
