"""Index servers on loopback that can be emptied between runs: a pypiserver, and one that is slow to answer."""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a server listens, and what makes it forget every file."""

    url: str
    clear: Callable[[], None]


@contextlib.contextmanager
def pypiserver(folder: Path) -> Iterator[Server]:
    """Start a server that takes every upload, wait until it answers, and stop it at the end."""
    folder.mkdir()
    port = _free_port()

    def clear() -> None:
        shutil.rmtree(folder)
        folder.mkdir()

    arguments = ["run", "-i", "127.0.0.1", "-p", str(port), "-P", ".", "-a", ".", "--disable-fallback", str(folder)]
    with _running([sys.executable, "-m", "pypiserver", *arguments], port) as url:
        yield Server(url=url, clear=clear)


@contextlib.contextmanager
def slow_index(seconds: float) -> Iterator[Server]:
    """Start a server that takes every upload, and so long for each answer."""
    port = _free_port()
    program = str(Path(__file__).with_name("slow_index.py"))
    with _running([sys.executable, program, str(port), str(seconds)], port) as url:

        def clear() -> None:
            urllib.request.urlopen(urllib.request.Request(f"{url}clear", data=b"")).close()  # our own, on loopback

        yield Server(url=url, clear=clear)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[str]:
    """Run a server until the end; its address, as soon as it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        _wait(url, process)
        yield url
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
    message = "the server ended before it answered"
    raise RuntimeError(message)
