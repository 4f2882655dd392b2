"""Facts kept between runs, by content hash, outside the work tree. Losing the cache costs time and nothing else."""

import hashlib
import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from paa.edges.files import read_bytes, write_atomic
from paa.errors import FileError

log = logging.getLogger(__name__)


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Where paa keeps its caches: ``PAA_CACHE_DIR``, else the user's cache folder as the platform has it."""
    if chosen := environment.get("PAA_CACHE_DIR"):
        return Path(chosen)
    try:
        return _platform_folder(environment)
    except RuntimeError as error:
        # A user without a home, as in some containers: nothing can be stored there, and nothing has to be.
        log.debug("no cache: %s", error)
        return Path(os.devnull) / "paa"


def _platform_folder(environment: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home()) / "paa" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "paa"
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "paa"


def cache_file(folder: Path, root: Path, version: str) -> Path:
    """The file for one repository and one version of what is cached; another version never reads it.

    Facts come from the running interpreter's parser, so its version is part of the name.
    """
    repository = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return folder / "facts" / f"{repository}-{python}-{version}.json"


def work_lock(folder: Path, root: Path) -> Path | None:
    """The file to lock while work is done on the repository at ``root``; None where none can be made."""
    path = folder / "locks" / hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        log.debug("no lock: %s", error)
        return None
    return path


def load_cache(path: Path) -> dict[str, object]:
    """What was stored under ``path``, by content hash; empty when there is nothing there that can be read."""
    try:
        content = json.loads(read_bytes(path))
    except (FileError, ValueError, RecursionError) as error:
        log.debug("no cache: %s", error)
        return {}
    return content if isinstance(content, dict) else {}


def store_cache(path: Path, content: Mapping[str, object]) -> None:
    """Store ``content`` for the next run. A cache that can't be written is told to the log and nothing else."""
    try:
        write_atomic(path, json.dumps(content, separators=(",", ":"), sort_keys=True).encode())
    except FileError as error:
        log.debug("the cache was not written: %s", error)
