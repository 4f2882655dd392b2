"""Whether indexes serve what is going to be recorded: nothing else proves that it was published."""

import hashlib
from collections.abc import Iterable, Mapping

from paa.edges.index import FILE_LIMIT, IndexReader
from paa.errors import OutsideError
from paa.model import BuiltRelease, Distribution, IndexFile

_LACKS = "does not have"


def unconfirmed(built: BuiltRelease, indexes: Iterable[str], readers: Mapping[str, IndexReader]) -> str | None:
    """Why ``built`` is not proven to be on all of ``indexes``; None when each serves every file with its hash.

    An index that can't be read is such a reason: others may be read all the same.
    """
    for name in indexes:
        try:
            problem = _missing(built, readers[name])
        except OutsideError as error:
            return f"{name} could not be asked: {error.message}"
        if problem is not None:
            return f"{name} {problem}"
    return None


def lacks(built: BuiltRelease, reader: IndexReader) -> bool:
    """Whether the index could be asked, and lacks a file of ``built``, with other bytes for none."""
    try:
        problem = _missing(built, reader)
    except OutsideError:
        return False
    return problem is not None and problem.startswith(_LACKS)


def _missing(built: BuiltRelease, reader: IndexReader) -> str | None:
    served = {file.name: file for file in reader.files(built.release.distribution)}
    for file in built.files:
        if file.name not in served:
            return f"{_LACKS} {file.name}"
        if not _serves(reader, served[file.name], file):
            return f"has {file.name} with other bytes"
    return None


def _serves(reader: IndexReader, served: IndexFile, file: Distribution) -> bool:
    """Whether these bytes are what the index serves; a file without a hash there is fetched and compared."""
    if served.sha256 is not None:
        return served.sha256 == file.sha256
    return hashlib.sha256(reader.read(served, limit_bytes=FILE_LIMIT)).hexdigest() == file.sha256
