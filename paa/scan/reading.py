"""Source files → their facts, through the cache; new ones are parsed on all cores when there are many."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges.cache import cache_file, cache_folder, load_cache, store_cache
from paa.edges.tree import Tree
from paa.scan.facts import SourceFacts, facts_from_json, facts_to_json
from paa.scan.imports import read_source

# Raise this number whenever read_source or the form of the facts changes.
FACTS_VERSION = "1"
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
        """The facts of one file of the tree. Raises FileError or GitError when it can't be read."""
        blob = self.tree.blobs[path]
        if blob not in self.known and (facts := facts_from_json(self.stored.get(blob))) is not None:
            self.known[blob] = facts
        if blob not in self.known:
            self.read_all((path,))
        return self.known[blob]

    def read_all(self, paths: Iterable[str]) -> None:
        """Parse those of ``paths`` that the cache does not have, so that ``read`` finds them."""
        missing = {self.tree.blobs[path]: path for path in paths}
        missing = {blob: path for blob, path in missing.items() if blob not in self.known and blob not in self.stored}
        contents = self.tree.read(missing.values())
        blobs = list(missing)
        for blob, value in zip(blobs, _parse_all([contents[missing[blob]] for blob in blobs]), strict=True):
            facts = facts_from_json(value)
            if facts is not None:
                self.known[blob] = facts
                self.parsed[blob] = value

    def keep(self, used: Iterable[str] | None = None) -> None:
        """Store what was parsed for the next run; with ``used`` (paths) also drop what the tree no longer holds."""
        kept = self.stored
        if used is not None:
            blobs = {self.tree.blobs[path] for path in used}
            kept = {blob: value for blob, value in self.stored.items() if blob in blobs}
        if self.parsed or len(kept) * 2 < len(self.stored):
            store_cache(self.file, {**kept, **self.parsed})


def open_reader(tree: Tree, environment: Mapping[str, str] | None = None) -> SourceReader:
    """A reader over ``tree`` with what earlier runs have cached for its repository."""
    file = cache_file(cache_folder(os.environ if environment is None else environment), tree.root, FACTS_VERSION)
    return SourceReader(tree=tree, file=file, stored=load_cache(file))


def _parse(source: bytes) -> list[object]:
    return facts_to_json(read_source(source))


def _parse_all(sources: list[bytes]) -> Iterable[list[object]]:
    processes = os.cpu_count() or 1
    if len(sources) < _PARALLEL_FROM or processes == 1:
        return map(_parse, sources)
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=processes) as pool:
        return list(pool.map(_parse, sources, chunksize=_CHUNK))
