"""A devpi-server on loopback: an index that serves JSON, takes the same bytes twice, and refuses others."""

import base64
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import HOST, server_process

USER, PASSWORD = "tester", "hunter2-pässword"
_PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Devpi:
    """A running devpi-server with one user."""

    url: str

    def make_index(self, name: str) -> str:
        """Make an index that never changes a file, and return its address."""
        settings = {"type": "stage", "bases": [], "volatile": False, "acl_upload": [USER]}
        self._ask("PUT", f"{USER}/{name}", settings)
        return f"{self.url}{USER}/{name}/"

    def hashes(self, index_url: str, project: str) -> dict[str, str]:
        """Name → SHA-256 of the files of ``project``, as the index's JSON has them."""
        request = urllib.request.Request(
            f"{index_url}+simple/{project}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
        )
        with urllib.request.urlopen(request) as response:
            return {file["filename"]: file["hashes"]["sha256"] for file in json.load(response)["files"]}

    def _ask(self, method: str, path: str, document: dict[str, object]) -> None:
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            f"{self.url}{path}",
            method=method,
            data=json.dumps(document).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Basic {pair}"},
        )
        urllib.request.urlopen(request).close()


@contextmanager
def devpi_server(folder: Path) -> Iterator[Devpi]:
    """Run a devpi-server that keeps its files in ``folder``, and stop it in the end. It takes seconds to start."""
    data = str(folder / "data")
    subprocess.run(
        [_PROGRAMS / "devpi-init", "--serverdir", data, "--no-root-pypi", "--root-passwd", "made-up"],
        check=True,
        capture_output=True,
    )
    command = [str(_PROGRAMS / "devpi-server"), "--serverdir", data, "--host", HOST, "--offline-mode"]
    folder.mkdir(exist_ok=True)
    with server_process(lambda port: [*command, "--port", str(port)], folder / "log", "+status") as url:
        server = Devpi(url)
        server._ask("PUT", USER, {"password": PASSWORD})  # noqa: SLF001  # its own
        yield server
