"""Source files → their facts, through the cache; new ones are parsed on all cores when there are many."""

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges.cache import cache_file, cache_folder, load_cache, store_cache
from paa.edges.tree import Tree
from paa.errors import FileError
from paa.scan.facts import Fault, SourceFacts, facts_from_json, facts_to_json
from paa.scan.imports import read_source

log = logging.getLogger(__name__)

# Raise this number whenever read_source or the form of the facts changes.
FACTS_VERSION = "3"
_PARALLEL_FROM = 200
_CHUNK = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReader:
    """The facts of a tree's Python files, by content hash; ``parsed`` holds what is new to the cache."""

    tree: Tree
    file: Path
    stored: dict[str, object]
    known: dict[str, SourceFacts] = field(default_factory=dict)
    parsed: dict[str, object] = field(default_factory=dict)

    def read(self, path: str) -> SourceFacts:
        """The facts of one file of the tree: none of a link, a fault where it can't be read. Raises GitError."""
        if path in self.tree.links:
            return SourceFacts()
        try:
            blob = self.tree.blobs[path]
            if blob not in self.known:
                self._recall(blob)
            if blob not in self.known:
                self._parse_new((path,))
        except FileError as error:
            return SourceFacts(faults=(Fault(rule="file", message=error.message, advice=error.advice),))
        return self.known[blob]

    def read_all(self, paths: Iterable[str]) -> None:
        """Parse those of ``paths`` that the cache does not have, so that ``read`` finds them. Raises GitError."""
        try:
            self._parse_new(paths)
        except FileError as error:
            log.debug("files are read one by one: %s", error)

    def keep(self, used: Iterable[str] | None = None) -> None:
        """Store what was parsed for the next run; with ``used`` (paths) also drop what the tree no longer holds."""
        kept = self.stored
        if used is not None:
            blobs = {self._blob(path) for path in used}
            kept = {blob: value for blob, value in self.stored.items() if blob in blobs}
        if self.parsed or len(kept) * 2 < len(self.stored):
            store_cache(self.file, {**kept, **self.parsed})

    def _recall(self, blob: str) -> None:
        facts = facts_from_json(self.stored[blob]) if blob in self.stored else None
        if facts is not None:
            self.known[blob] = facts
        else:
            self.stored.pop(blob, None)  # Damaged: the file is read again.

    def _parse_new(self, paths: Iterable[str]) -> None:
        blobs = {self.tree.blobs[path]: path for path in paths if path not in self.tree.links}
        missing = {blob: path for blob, path in blobs.items() if blob not in self.known and blob not in self.stored}
        contents = self.tree.read(missing.values())
        for blob, value in zip(missing, _parse_all([contents[path] for path in missing.values()]), strict=True):
            facts = facts_from_json(value)
            if facts is not None:
                self.known[blob] = facts
                self.parsed[blob] = value

    def _blob(self, path: str) -> str | None:
        try:
            return self.tree.blobs[path]
        except FileError:
            return None


def open_reader(tree: Tree, environment: Mapping[str, str] | None = None, *, load: bool = True) -> SourceReader:
    """A reader over ``tree``; with ``load`` it has what earlier runs have cached for its repository."""
    file = cache_file(cache_folder(os.environ if environment is None else environment), tree.root, FACTS_VERSION)
    return SourceReader(tree=tree, file=file, stored=load_cache(file) if load else {})


def _parse(source: bytes) -> list[object]:
    return facts_to_json(read_source(source))


def _parse_all(sources: list[bytes]) -> Iterable[list[object]]:
    processes = min(os.cpu_count() or 1, len(sources) // _CHUNK)
    if len(sources) < _PARALLEL_FROM or processes < 2:  # noqa: PLR2004  # one is what we have already
        return map(_parse, sources)
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        with ProcessPoolExecutor(max_workers=processes) as pool:
            return list(pool.map(_parse, sources, chunksize=_CHUNK))
    except (OSError, ImportError, BrokenProcessPool) as error:
        # No semaphores, no memory for more processes: slower, and the same result.
        log.debug("files are read by one process: %s", error)
        return map(_parse, sources)
