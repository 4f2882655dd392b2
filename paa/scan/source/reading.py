"""Source files → their facts, through the cache."""

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paa.edges.cache import cache_file, cache_folder, compact, load_cache, store_cache
from paa.edges.tree import Tree
from paa.errors import FileError
from paa.scan.source.facts import Fault, SourceFacts, facts_from_json, facts_to_json
from paa.scan.source.imports import METADATA_NAME, read_source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReader:
    """The facts of a tree's Python files, by content hash; ``parsed`` holds what is new to the cache, as JSON texts.

    ``key`` stands for the code that reads: facts that other code has stored are not used.
    """

    tree: Tree
    file: Path
    key: str
    stored: dict[str, object]
    known: dict[str, SourceFacts] = field(default_factory=dict)
    parsed: dict[str, str] = field(default_factory=dict)

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

    def has_metadata(self, path: str) -> bool:
        """Whether the file may say something about its package: asked without parsing it. Raises GitError."""
        try:
            blob = self.tree.blobs[path]
            if path in self.tree.links or blob in self.known or blob in self.stored:
                return True
            content = self.tree.read((path,))[path]
        except FileError:
            return True
        # In what encoding the name would be written is not looked into.
        return METADATA_NAME.encode() in content or b"coding" in content

    def keep(self, parsed: Mapping[str, str], used: Iterable[str] | None = None) -> None:
        """Store what was ``parsed`` for the next run; with ``used`` (paths) drop what the tree no longer holds."""
        kept = self.stored
        if used is not None:
            blobs = {self._blob(path) for path in used}
            kept = {blob: value for blob, value in self.stored.items() if blob in blobs}
        if parsed or len(kept) * 2 < len(self.stored):
            store_cache(self.file, self.key, {**{blob: compact(value) for blob, value in kept.items()}, **parsed})

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
        for blob, path in missing.items():
            self.known[blob] = read_source(contents[path])
            self.parsed[blob] = compact(facts_to_json(self.known[blob]))

    def _blob(self, path: str) -> str | None:
        try:
            return self.tree.blobs[path]
        except FileError:
            return None


def open_reader(
    tree: Tree, key: str, environment: Mapping[str, str] | None = None, *, load: bool = True
) -> SourceReader:
    """A reader over ``tree``; with ``load`` it has what earlier runs have cached for its repository under ``key``."""
    file = cache_file(cache_folder(os.environ if environment is None else environment), tree.root, "facts")
    return SourceReader(tree=tree, file=file, key=key, stored=load_cache(file, key) if load else {})
