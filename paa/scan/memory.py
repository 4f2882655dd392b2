"""Results of earlier scans, taken again for packages none of whose inputs has changed.

What a result depends on is written beside it: the content hash of every file that was looked into, and one key for all
that concerns every package alike (settings, mapping, which files and packages there are, the code that scans).
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paa.edges.cache import cache_file, cache_folder, compact, load_cache, store_cache
from paa.edges.tree import Tree
from paa.errors import FileError
from paa.model import Package, ScannedPackage
from paa.scan.entries import decoded, how_found


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What earlier scans found under ``key``: module → how it was found, its inputs with hashes, the result.

    ``code`` stands for the code that scans, and ``key`` for all that every result depends on, ``code`` included.
    """

    tree: Tree
    file: Path
    code: str
    key: str
    entries: Mapping[str, Any]

    def recall(self, package: Package) -> ScannedPackage | None:
        """The result for ``package`` if it was found the same and every input has the content it had; else None."""
        entry: Any = self.entries.get(package.module)
        try:
            found, inputs, _ = entry
            if found != how_found(package) or any(self.tree.blobs.get(path) != blob for path, blob in inputs.items()):
                return None
            return decoded(package, entry)
        except (TypeError, ValueError, AttributeError, FileError):
            # Nothing there, a damaged cache, a file that can't be read: the package is scanned again.
            return None

    def keep(self, entries: Mapping[str, str]) -> None:
        """Store ``entries`` (``encoded``, by module) for the next run, beside those of modules that are still there."""
        blobs = self.tree.blobs
        kept = {module: compact(entry) for module, entry in self.entries.items() if module in blobs}
        store_cache(self.file, self.key, {**kept, **entries})


def open_memory(tree: Tree, *parts: object) -> Memory:
    """What is stored for the repository of ``tree``; empty when it was found by other code or with other ``parts``."""
    file = cache_file(cache_folder(os.environ), tree.root, "packages")
    code = _code_key()
    key = _hash(code, *parts)
    return Memory(tree=tree, file=file, code=code, key=key, entries=load_cache(file, key))


def _code_key() -> str:
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
