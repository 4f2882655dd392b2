"""A pypiserver on loopback that can be emptied between runs."""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a server listens, and the folder that it serves."""

    url: str
    folder: Path

    def clear(self) -> None:
        """Forget every file."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()


@contextlib.contextmanager
def pypiserver(folder: Path) -> Iterator[Server]:
    """Start a server that takes every upload, wait until it answers, and stop it at the end."""
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["run", "-i", "127.0.0.1", "-p", str(port), "-P", ".", "-a", ".", "--disable-fallback", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", "pypiserver", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait(url, process)
        yield Server(url=url, folder=folder)
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url):  # our own address on loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    message = "pypiserver ended before it answered"
    raise RuntimeError(message)
