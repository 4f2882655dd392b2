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

# Made once: an encoder costs more than most of what it encodes here.
_encoded = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


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


def cache_file(folder: Path, root: Path, name: str) -> Path:
    """The file of one repository for what is called ``name``.

    Facts come from the running interpreter's parser, so its version is part of the file's name.
    """
    repository = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return folder / "facts" / f"{repository}-{python}-{name}.json"


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


def load_cache(path: Path, key: str) -> dict[str, object]:
    """The entries that were stored in ``path`` under ``key``.

    Empty when there is nothing that can be read, or what is there was stored under another key (by another version).
    """
    try:
        content = json.loads(read_bytes(path))
    except (FileError, ValueError, RecursionError) as error:
        log.debug("no cache: %s", error)
        return {}
    entries = content.get("entries") if isinstance(content, dict) and content.get("key") == key else None
    return entries if isinstance(entries, dict) else {}


def store_cache(path: Path, key: str, entries: Mapping[str, str]) -> None:
    """Store ``entries`` (the values are JSON texts) for the next run.

    The file is replaced as a whole: of two runs at once the last one wins, and no run reads half a file. A cache that
    can't be written is told to the log and nothing else.
    """
    texts = ",".join(f"{json.dumps(name)}:{entry}" for name, entry in sorted(entries.items()))
    try:
        write_atomic(path, f'{{"key":{json.dumps(key)},"entries":{{{texts}}}}}'.encode(), durable=False)
    except FileError as error:
        log.debug("the cache was not written: %s", error)


def compact(value: object) -> str:
    """``value`` as the JSON text of an entry."""
    return _encoded(value)
