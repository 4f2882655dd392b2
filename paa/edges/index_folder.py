"""The layout of a ``directory`` index on disk, and what such a folder serves. paa.publish.static_index writes it.

Below the index's path: ``simple/<name>/`` holds a project's files and pages (``<name>`` normalised as in PEP 503), and
``yanked.json`` names yanked files: ``{"schema": 1, "files": {"<file name>": "<reason>"}}``.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from paa.edges.files import read_bytes, sha256_file, translated
from paa.edges.index_pages import is_distribution
from paa.errors import FileError, IndexReadError
from paa.model import IndexFile


def project_folder(root: Path, distribution: str) -> Path:
    """Where the files of ``distribution`` lie. Raises IndexReadError for what is no valid name (PEP 508)."""
    from packaging.utils import InvalidName, canonicalize_name

    try:
        return root / "simple" / canonicalize_name(distribution, validate=True)
    except InvalidName as error:
        message = f"{distribution!r} is no name of a distribution"
        raise IndexReadError(message) from error


def read_yanked(root: Path) -> Mapping[str, str]:
    """File name → reason of every yanked file. Raises IndexReadError if ``yanked.json`` is not as it must be."""
    path = root / "yanked.json"
    if not path.exists():
        return {}
    try:
        document = json.loads(read_bytes(path))
        yanked = {str(name): str(reason) for name, reason in document["files"].items()}
    except (FileError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        message = f'{path} is not of the form {{"schema": 1, "files": {{"<file name>": "<reason>"}}}}'
        raise IndexReadError(message, advice="correct or delete that file") from error
    return yanked


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
