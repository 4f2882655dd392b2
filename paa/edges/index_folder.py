"""The layout of a ``directory`` index on disk, and what such a folder serves. paa.publish.static_index writes it.

Below the index's path: ``simple/<name>/`` holds a project's files and pages (``<name>`` normalised as in PEP 503), and
``yanked.json`` names yanked files: ``{"schema": 1, "files": {"<file name>": "<reason>"}}``.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

from paa.edges.files import read_bytes, sha256_file, translated
from paa.edges.index_pages import is_distribution
from paa.errors import FileError, IndexReadError
from paa.model import IndexFile

YANKED = "yanked.json"


def project_folder(root: Path, distribution: str) -> Path:
    """Where the files of ``distribution`` lie. Raises IndexReadError for what is no valid name (PEP 508)."""
    return root / "simple" / normalised_name(distribution)


def normalised_name(distribution: str) -> str:
    """``distribution`` as PEP 503 writes it in addresses. Raises IndexReadError for what is no valid name (PEP 508)."""
    from packaging.utils import InvalidName, canonicalize_name

    try:
        return canonicalize_name(distribution, validate=True)
    except InvalidName as error:
        message = f"{distribution!r} is no name of a distribution"
        raise IndexReadError(message) from error


def read_yanked(root: Path) -> Mapping[str, str]:
    """File name → reason of every yanked file. Raises IndexReadError if ``yanked.json`` is not as it must be."""
    path = root / YANKED
    if not path.exists():
        return {}
    try:
        return parse_yanked(read_bytes(path), str(path))
    except FileError as error:
        raise IndexReadError(error.message, advice=error.advice) from error


def parse_yanked(data: bytes, where: str) -> Mapping[str, str]:
    """The same from the content of ``yanked.json``, which lies at ``where``. Raises IndexReadError."""
    try:
        return {str(name): str(reason) for name, reason in json.loads(data)["files"].items()}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        message = f'{where} is not of the form {{"schema": 1, "files": {{"<file name>": "<reason>"}}}}'
        raise IndexReadError(message, advice="correct or delete that file") from error


def list_files(root: Path, distribution: str) -> tuple[IndexFile, ...]:
    """The files of ``distribution`` with the hashes of what is on disk, by name; empty where there is no such folder.

    Raises IndexReadError for a folder that can't be read.
    """
    folder = project_folder(root, distribution)
    if root.exists() and not root.is_dir():
        message = f"{root} is no folder, so it can't be an index"
        raise IndexReadError(message)
    try:
        with translated("read", folder):
            names = sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
        hashes = {name: sha256_file(folder / name) for name in names if is_distribution(name)}
    except FileError as error:
        raise IndexReadError(error.message, advice=error.advice) from error
    yanked = read_yanked(root)
    return tuple(
        IndexFile(name=name, url=(folder / name).absolute().as_uri(), sha256=sha256, yanked=name in yanked)
        for name, sha256 in hashes.items()
    )


class FolderReader:
    """A ``directory`` index. The files on disk are what it has, whatever its pages say."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def files(self, distribution: str) -> tuple[IndexFile, ...]:
        """As an IndexReader (paa.edges.index) does it, like all that follows."""
        return list_files(self._root, distribution)

    def read(self, file: IndexFile, *, limit_bytes: int) -> bytes:
        """The bytes on disk, checked. Raises IndexReadError, also for a file that is not in this index."""
        path = Path(url2pathname(urlsplit(file.url).path))
        if not path.resolve().is_relative_to((self._root / "simple").resolve()):
            message = f"{path} is not in the index {self._root}"
            raise IndexReadError(message)
        try:
            data = read_bytes(path)
        except FileError as error:
            raise IndexReadError(error.message, advice=error.advice) from error
        return checked(data, file, limit_bytes)

    def open(self, file: IndexFile, *, limit_bytes: int) -> io.BufferedIOBase:
        """The same as a stream."""
        return io.BytesIO(self.read(file, limit_bytes=limit_bytes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def checked(data: bytes, file: IndexFile, limit_bytes: int) -> bytes:
    """``data`` if it can be the content of ``file``, whose hash may not be known. Raises IndexReadError."""
    if len(data) > limit_bytes:
        message = f"{file.name} on the index is larger than {limit_bytes} bytes"
        raise IndexReadError(message)
    if file.sha256 is not None and hashlib.sha256(data).hexdigest() != file.sha256:
        message = f"{file.name} on the index does not have the hash that the index gives for it"
        raise IndexReadError(message, advice="run again; if it stays so, the index is damaged")
    return data
