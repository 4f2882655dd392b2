"""The folders that ``.paa.config`` names, as files that make Git keep them: missing folders are empty ones."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from paa.config import CONFIG_FILE, Config
from paa.config.document import compose
from paa.config.nodes import Mapping, Scalar, is_blank
from paa.ppr.scaffold import KEEP, folder_keys


def named_keys(settings: bytes) -> frozenset[str]:
    """The keys that settings give a value; the settings have been read before, so they are sound."""
    root = compose(settings).root
    entries = root.entries if isinstance(root, Mapping) else ()
    return frozenset(name.text for name, value in entries if isinstance(name, Scalar) and not is_blank(value))


def kept_folders(root: Path, config: Config, *, full: bool) -> tuple[str, ...]:
    """The paths of the files that keep folders, sorted: of those that are missing, or hold nothing else.

    Symbolic links to folders, and what lies behind them, are left alone. Where projects are released, folders to begin
    with are not needed.
    """
    source = root / (config.source or CONFIG_FILE)
    named = named_keys(source.read_bytes()) if config.source is not None else frozenset()
    keys = folder_keys(named, beginning=not config.projects, full=full)
    return tuple(sorted(set(_kept(root, config, keys))))


def _kept(root: Path, config: Config, keys: tuple[str, ...]) -> Iterator[str]:
    folders = {str(getattr(config, key)) for key in keys} - {"."}
    for folder in folders:
        # What lies in it keeps it.
        if any(other.startswith(f"{folder}/") for other in folders) or _is_linked(root, folder):
            continue
        if not (root / folder).is_dir() or not set(os.listdir(root / folder)) - {KEEP}:  # noqa: PTH208 (names alone)
            yield f"{folder}/{KEEP}"


def _is_linked(root: Path, folder: str) -> bool:
    return any((root / part).is_symlink() for part in (folder, *map(str, PurePosixPath(folder).parents)))
