"""Packages that are new to the memory, scanned here or, when there are many, by several processes with a share each."""

import gc
import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paa.model import Package, ScannedPackage
from paa.scan.entries import decoded, encoded, is_lasting
from paa.scan.memory import open_packages, open_standings
from paa.scan.packages import ScanInput, read_packages, source_paths
from paa.scan.source.reading import SourceReader, open_reader

log = logging.getLogger(__name__)

# From here on reading and writing the caches costs less than parsing, and processes less than they save.
_MANY = 30
_PARALLEL_FROM = 200
_SMALLEST_SHARE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """What a process has scanned, as the texts that the caches hold.

    ``entries`` are those of the memories by module, in full and at a glance; ``lasting`` the modules whose result may
    be kept; ``parsed`` the facts of sources by content hash.
    """

    entries: Mapping[str, tuple[str, str]]
    lasting: frozenset[str]
    parsed: Mapping[str, str]


def scan_new(given: ScanInput, new: Sequence[Package], code: str, key: str) -> dict[str, ScannedPackage]:
    """The packages ``new`` scanned from their sources, by module; what was learnt is kept for the next run.

    ``code`` stands for the code that scans, ``key`` for all that every result depends on. Raises ConfigError for a
    mapping file that can't be read, GitError when the tree can't be.
    """
    reader = open_reader(given.tree, code, load=len(new) >= _MANY)
    shares = _in_processes(given, new, reader) if len(new) >= _PARALLEL_FROM else None
    if shares is None:
        found = read_packages(given, new, reader)
        shares = [_share(given, found, reader)]
    else:
        found = _found(new, shares)
    if len(new) >= _MANY:
        parsed = {blob: text for share in shares for blob, text in share.parsed.items()}
        reader.keep(parsed, list(source_paths(given, new)) if len(new) == len(given.modules) else None)
    if len(new) >= _MANY or len(given.modules) < _MANY * 10:
        # A few of many are scanned again next time: that is faster than writing down all.
        lasting = {module: share.entries[module] for share in shares for module in share.lasting}
        open_packages(given.tree, key).keep({module: text for module, (text, _) in lasting.items()})
        open_standings(given.tree, key).keep({module: text for module, (_, text) in lasting.items()})
    return found


def _in_processes(given: ScanInput, new: Sequence[Package], reader: SourceReader) -> list[_Share] | None:
    """The shares of as many processes as there are cores, or None where there can't be several."""
    count = min(_cores(), len(new) // _SMALLEST_SHARE)
    if count < 2:  # noqa: PLR2004  # one is what we have already
        return None
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        with ProcessPoolExecutor(max_workers=count) as pool:
            waiting = [pool.submit(_scan_share, given, new[part::count], reader) for part in range(count)]
            return [future.result() for future in waiting]
    except (OSError, ImportError, BrokenProcessPool) as error:
        # No semaphores, no memory for more processes: slower, and the same result.
        log.debug("packages are scanned by one process: %s", error)
        return None


def _scan_share(given: ScanInput, packages: Sequence[Package], reader: SourceReader) -> _Share:
    # Nothing here is thrown away before the process ends: looking for garbage takes a tenth of its time.
    gc.disable()
    return _share(given, read_packages(given, packages, reader), reader)


def _share(given: ScanInput, found: Mapping[str, ScannedPackage], reader: SourceReader) -> _Share:
    return _Share(
        entries={module: encoded(item, given.tree.blobs, given.modules) for module, item in found.items()},
        lasting=frozenset(module for module, item in found.items() if is_lasting(item)),
        parsed=reader.parsed,
    )


def _found(new: Sequence[Package], shares: Sequence[_Share]) -> dict[str, ScannedPackage]:
    texts = {module: text for share in shares for module, (text, _) in share.entries.items()}
    entries: list[Any] = json.loads(f"[{','.join(texts[package.module] for package in new)}]")
    return {package.module: decoded(package, entry) for package, entry in zip(new, entries, strict=True)}


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
