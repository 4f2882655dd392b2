"""Results of earlier scans, taken again for packages none of whose inputs has changed.

What a result depends on is written beside it: the content hash of every file that was looked into, and one key for all
that concerns every package alike (settings, mapping, which files and packages there are, the code that scans).
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from paa.edges.cache import cache_file, cache_folder, compact, load_cache, store_cache
from paa.edges.tree import Tree
from paa.errors import FileError
from paa.model import Package, ScannedPackage, Standing
from paa.scan.entries import decoded, decoded_standing, how_found

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory(Generic[_Result]):
    """What earlier scans found under ``key``: module → how it was found, its inputs with hashes, the result.

    ``decode`` makes the result of an entry.
    """

    tree: Tree
    file: Path
    key: str
    decode: Callable[[Package, Any], _Result]
    entries: Mapping[str, Any]

    def recall(self, package: Package) -> _Result | None:
        """The result for ``package`` if it was found the same and every input has the content it had; else None."""
        entry: Any = self.entries.get(package.module)
        try:
            found, inputs, _ = entry
            if found != how_found(package):
                return None
            # One loop, no generator: there are thousands of packages.
            for path, blob in inputs.items():
                if self.tree.blobs.get(path) != blob:
                    return None
            return self.decode(package, entry)
        except (TypeError, ValueError, AttributeError, FileError):
            # Nothing there, a damaged cache, a file that can't be read: the package is scanned again.
            return None

    def keep(self, entries: Mapping[str, str]) -> None:
        """Store ``entries`` (``encoded``, by module) for the next run, beside those of modules that are still there."""
        blobs = self.tree.blobs
        kept = {module: compact(entry) for module, entry in self.entries.items() if module in blobs}
        store_cache(self.file, self.key, {**kept, **entries})


def open_packages(tree: Tree, key: str) -> Memory[ScannedPackage]:
    """The packages that are stored for the repository of ``tree`` in full; none when stored under another key."""
    file = cache_file(cache_folder(os.environ), tree.root, "packages")
    return Memory(tree=tree, file=file, key=key, decode=decoded, entries=load_cache(file, key))


def open_standings(tree: Tree, key: str) -> Memory[Standing]:
    """The same at a glance: much less to read, for those who list packages or look for what has changed."""
    file = cache_file(cache_folder(os.environ), tree.root, "standings")
    return Memory(tree=tree, file=file, key=key, decode=decoded_standing, entries=load_cache(file, key))


def memory_key(code: str, *parts: object) -> str:
    """One hash of all that every result depends on: the ``code`` that scans, and ``parts``."""
    return _hash(code, *parts)


def code_key() -> str:
    """One hash for the files of the scanner, as they are installed here."""
    folder = Path(__file__).parent
    return _hash(
        *sorted(
            (path.as_posix(), status.st_mtime_ns, status.st_size)
            for path in (*folder.rglob("*.py"), *folder.glob("data/*.json"))
            for status in (path.stat(),)
        )
    )


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()
