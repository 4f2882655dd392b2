"""Receipts: what was seen on which index, in ``.paa/receipts/`` beside the distributions.

They never count for more than the index. In ``.paa/taken/`` stands what an index took and was not yet seen to serve: a
run after one that was killed then waits for it, instead of sending it once more to an index that is only late. In
``.paa/burnt/`` stands which versions were found to be used up on an index, for whoever records: it asks once more.
"""

import json
import re
from pathlib import Path

from paa.edges.files import read_bytes, translated, write_atomic
from paa.errors import FileError, UsageError
from paa.model import Burnt, Receipt

_SCHEMA = 1
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+!-]*")


def receipt_path(folder: Path, index: str, file: str) -> Path:
    """Where the receipt for ``file`` on ``index`` lies below ``folder``. Raises UsageError for unfit names."""
    return _path(folder, "receipts", index, file)


def _path(folder: Path, kind: str, index: str, file: str) -> Path:
    for name in (index, file):
        if not _PLAIN_NAME.fullmatch(name):
            message = f"{name!r} can't be used in a file name"
            raise UsageError(message)
    return folder / ".paa" / kind / index / f"{file}.json"


def write_receipt(folder: Path, receipt: Receipt) -> Receipt:
    """Write ``receipt`` below ``folder``; return the one that counts.

    A receipt for the same bytes stays: it knows better whether it was us who sent the file. Raises FileError.
    """
    path = receipt_path(folder, receipt.index, receipt.file)
    if path.is_file():
        try:
            old = _parse(read_bytes(path))
        except ValueError:
            old = None
        if old is not None and old.sha256 == receipt.sha256:
            return old
    write_atomic(path, _document(receipt), durable=False)  # after a power cut the index is asked, as always
    return receipt


def note_taken(folder: Path, receipt: Receipt) -> None:
    """Note that an index took a file, before it was seen to serve it. Raises FileError."""
    write_atomic(_path(folder, "taken", receipt.index, receipt.file), _document(receipt), durable=False)


def is_taken(folder: Path, index: str, file: str, sha256: str) -> bool:
    """Whether it is noted that ``index`` took those bytes. A note that can't be read is none."""
    try:
        return _parse(read_bytes(_path(folder, "taken", index, file))).sha256 == sha256
    except (FileError, ValueError):
        return False


def forget_taken(folder: Path, index: str, file: str) -> None:
    """Remove such a note: the file is served, or was waited for in vain. Raises FileError."""
    path = _path(folder, "taken", index, file)
    with translated("remove", path):
        path.unlink(missing_ok=True)


def note_tried(folder: Path, receipt: Receipt) -> None:
    """Note that a try to send a file failed in a way that leaves open whether the index has it. Raises FileError."""
    write_atomic(_path(folder, "tried", receipt.index, receipt.file), _document(receipt), durable=False)


def is_tried(folder: Path, index: str, file: str) -> bool:
    """Whether that is noted."""
    return _path(folder, "tried", index, file).is_file()


def note_burnt(folder: Path, burnt: Burnt) -> None:
    """Note that a version is used up on an index. Raises FileError."""
    document = {"schema": _SCHEMA, "index": burnt.index, "package": burnt.package, "version": burnt.version}
    write_atomic(_burnt_path(folder, burnt), (json.dumps(document, indent=2) + "\n").encode(), durable=False)


def forget_burnt(folder: Path, burnt: Burnt) -> None:
    """Remove such a note: the index has the version after all. Raises FileError."""
    path = _burnt_path(folder, burnt)
    with translated("remove", path):
        path.unlink(missing_ok=True)


def read_burnt(folder: Path) -> tuple[Burnt, ...]:
    """What is noted to be used up, sorted; notes of several jobs may lie in a folder of each below ``.paa``.

    A note that can't be read is none: whoever publishes next finds out again. Raises FileError.
    """
    root = folder / ".paa"
    with translated("read", root):
        paths = sorted([*root.glob("burnt/*/*.json"), *root.glob("*/burnt/*/*.json")])
    found = {note for path in paths if (note := _burnt_of(path)) is not None}
    return tuple(sorted(found, key=lambda note: (note.package, note.version, note.index)))


def _burnt_of(path: Path) -> Burnt | None:
    try:
        document = json.loads(read_bytes(path))
        if document["schema"] != _SCHEMA:
            return None
        values = [document[key] for key in ("package", "version", "index")]
    except (FileError, KeyError, TypeError, ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        return None
    return Burnt(package=values[0], version=values[1], index=values[2])


def _burnt_path(folder: Path, burnt: Burnt) -> Path:
    return _path(folder, "burnt", burnt.index, f"{burnt.package}-{burnt.version}")


def _document(receipt: Receipt) -> bytes:
    document = {
        "schema": _SCHEMA,
        "index": receipt.index,
        "file": receipt.file,
        "sha256": receipt.sha256,
        "package": receipt.package,
        "version": receipt.version,
        "uploaded": receipt.uploaded,
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def _parse(data: bytes) -> Receipt:
    try:
        document = json.loads(data)
        if document["schema"] != _SCHEMA:
            message = "another schema"
            raise ValueError(message)
        return Receipt(
            index=str(document["index"]),
            file=str(document["file"]),
            sha256=str(document["sha256"]),
            package=str(document["package"]),
            version=str(document["version"]),
            uploaded=bool(document["uploaded"]),
        )
    except (KeyError, TypeError, RecursionError) as error:
        message = "no receipt"
        raise ValueError(message) from error
