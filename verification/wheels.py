"""Where wheels can be looked into: what is installed, wheels in a folder, an index."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.edges.credentials import Credentials
from paa.edges.index import IndexReader, open_index, version_of
from paa.edges.run import run
from paa.edges.wheels import WheelContents, read_wheel
from paa.errors import IndexReadError
from paa.model import Index, IndexKind
from paa.publish.targets import resolve_index
from paa.scan.distribution.index_answers import newest_wheel

_WHEEL_LIMIT = 128 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a wheel of a distribution was seen to hold, and of which version it is."""

    version: str
    contents: WheelContents


class Source(Protocol):
    """A place where wheels can be looked into; ``name`` is how the record calls it."""

    name: str

    def look(self, distribution: str) -> Seen | None:
        """What the newest wheel of ``distribution`` holds; None if there is none. Raises IndexReadError."""


class Installed:
    """The distributions that are installed in the folders of ``path``: RECORD has what their wheels held."""

    name = "installed"

    def __init__(self, path: list[str] | None) -> None:
        self._found: dict[str, metadata.Distribution] = {}
        for item in metadata.distributions() if path is None else metadata.distributions(path=path):
            headers = item.metadata
            if "Name" not in headers or "Version" not in headers:
                continue  # A damaged installation.
            name = canonicalize_name(headers["Name"])
            if name not in self._found or Version(self._found[name].version) < Version(headers["Version"]):
                self._found[name] = item

    def look(self, distribution: str) -> Seen | None:
        """As ``Source`` has it."""
        found = self._found.get(canonicalize_name(distribution))
        record = (found.read_text("RECORD") or "") if found else ""
        files = tuple(line.rpartition(",")[0].rpartition(",")[0].strip('"') for line in record.splitlines())
        # Of an editable installation, nothing is known.
        if found is None or not any(file.endswith((".py", ".so", ".pyd")) for file in files):
            return None
        return Seen(version=found.version, contents=WheelContents(name=distribution, files=files))


class WheelFolder:
    """The wheels in a folder, such as ``pip download --no-deps`` fills it."""

    name = "wheel"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def look(self, distribution: str) -> Seen | None:
        """As ``Source`` has it."""
        wheels = [
            (version, path)
            for path in self._folder.glob("*.whl")
            if (version := version_of(path.name, distribution)) is not None
        ]
        if not wheels:
            return None
        version, path = max(wheels)
        with path.open("rb") as stream:
            return Seen(version=str(version), contents=read_wheel(stream, path.name))


class OnIndex:
    """What an index has: of each newest wheel, the list of files alone is fetched where the index sends parts."""

    name = "index"

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader

    def look(self, distribution: str) -> Seen | None:
        """As ``Source`` has it."""
        found = newest_wheel(self._reader.files(distribution), distribution)
        if found is None:
            return None
        wheel, version = found
        with self._reader.open(wheel, limit_bytes=_WHEEL_LIMIT) as stream:
            return Seen(version=str(version), contents=read_wheel(stream, wheel.name))


@contextmanager
def open_pip_index() -> Iterator[OnIndex]:
    """The index that pip uses here: from its environment or its settings, else PyPI. Its address is shown nowhere."""
    address = os.environ.get("PIP_INDEX_URL") or _pip_setting("global.index-url")
    index, credentials = resolve_index(Index(name="pypi", kind=IndexKind.PYPI)), None
    if address:
        parts = urlsplit(address)
        if parts.username:
            credentials = Credentials(username=unquote(parts.username), password=unquote(parts.password or ""))
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        index = Index(name="pip", kind=IndexKind.GENERIC, simple_url=bare)
    with open_index(index, credentials) as reader:
        yield OnIndex(reader)


def _pip_setting(key: str) -> str | None:
    done = run(["pip", "config", "get", key])
    text = done.output.decode("utf-8", "replace").strip()
    return text if done.code == 0 and text else None


def look(source: Source, distribution: str) -> Seen | str:
    """What ``source`` has, or why it could not be looked into, in words."""
    try:
        return source.look(distribution) or f"no wheel of it: {source.name}"
    except IndexReadError as error:
        return error.message
