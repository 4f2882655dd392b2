"""Finding and reading the settings file of a repository."""

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from paa.config.settings import CONFIG_FILE, Config, default_config
from paa.errors import ConfigError

if TYPE_CHECKING:
    from paa.config.document import Document

    Compose = Callable[[bytes], Document]

FEEDS_FOLDER = ".azure/feeds/"
_NO_FEEDS: Mapping[str, bytes] = MappingProxyType({})


def load_config(root: Path, file: Path | None = None, *, compose: "Compose | None" = None) -> Config:
    """The settings of the repository at ``root``: those of ``.paa.config`` there, or the defaults if there is none.

    ``file`` is another file to read instead (relative to ``root``, or absolute); that one must exist. ``compose``
    reads its YAML, in place of ``paa.config.document.compose``. The feeds that files in ``.azure/feeds`` define are
    among the indexes. Raises ConfigError with every fault of the files, or with why they can't be read.
    """
    path = root / (file or CONFIG_FILE)
    source = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    data = _read(path, source)
    if data is None and file is not None:
        message = f"the settings file {source} does not exist"
        raise ConfigError(message, advice="check the path, or leave the option out to use .paa.config")
    feeds = _read_feed_files(root)
    if data is None and not feeds:
        return default_config()
    name = None if data is None else source
    return parse_config(data or b"", root=root, source=name, feeds=feeds, compose=compose)


def parse_config(  # noqa: PLR0913  # how it is read, and from where
    text: bytes,
    *,
    root: Path,
    source: str | None,
    feeds: Mapping[str, bytes] = _NO_FEEDS,
    check_paths: bool = True,
    compose: "Compose | None" = None,
) -> Config:
    """Read the settings in ``text``, which came from the file ``source`` (a name for messages; None for no file).

    Paths are relative to ``root``. ``feeds`` are the files that define feeds, as ``is_feed_file`` knows them: content
    by path. With ``check_paths`` paths are compared with what is on the disk there; without, the disk is not looked
    at. ``compose`` as for ``load_config``. Raises ConfigError with every fault, each as
    ``source:line: key: what is wrong``, in the order of the lines.
    """
    # The parser and what it needs are imported only where there is something to parse.
    from paa.config.parse import Origin, parse

    origin = Origin(root=root, source=source, check_paths=check_paths)
    return parse(text, origin, feeds, compose)


def is_feed_file(path: str) -> bool:
    """Whether the file ``path`` of a repository (POSIX, relative) defines a feed of Azure Artifacts."""
    return (
        path.startswith(FEEDS_FOLDER)
        and path.endswith((".yml", ".yaml"))
        and path.count("/") == FEEDS_FOLDER.count("/")
    )


def _read_feed_files(root: Path) -> dict[str, bytes]:
    folder = root / FEEDS_FOLDER
    try:
        names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        message = f"{FEEDS_FOLDER} can't be read: {error.strerror or error}"
        raise ConfigError(message, advice="check the folder and its permissions, then run again") from error
    paths = [path for name in names if is_feed_file(path := f"{FEEDS_FOLDER}{name}")]
    return {path: _read(root / path, path) or b"" for path in paths}


def _read(path: Path, source: str) -> bytes | None:
    """The bytes at ``path`` (never many more than settings can have), None if nothing is there."""
    try:
        # A link to nowhere is a mistake, and not the same as no file.
        if not path.is_symlink() and not path.exists():
            return None
        if not stat.S_ISREG(path.stat().st_mode):
            # A named pipe, say, would keep us waiting.
            message = f"{source} is not a file"
            raise ConfigError(message, advice="put the settings into a file of that name, or remove what is there")
        from paa.config.document import MAXIMUM_BYTES

        with path.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        message = f"{source} can't be read: {error.strerror or error}"
        raise ConfigError(message, advice="check the file and its permissions, then run again") from error
