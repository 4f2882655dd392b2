"""Receipts: what was seen on which index, in ``.paa/receipts/`` beside the distributions."""

import json
import re
from pathlib import Path

from paa.edges.files import read_bytes, translated, write_atomic
from paa.errors import FileError, UsageError
from paa.model import Receipt

_SCHEMA = 1
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+!-]*")


def receipt_path(folder: Path, index: str, file: str) -> Path:
    """Where the receipt for ``file`` on ``index`` lies below ``folder``. Raises UsageError for unfit names."""
    for name in (index, file):
        if not _PLAIN_NAME.fullmatch(name):
            message = f"{name!r} can't be used in a file name"
            raise UsageError(message)
    return folder / ".paa" / "receipts" / index / f"{file}.json"


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
    document = {
        "schema": _SCHEMA,
        "index": receipt.index,
        "file": receipt.file,
        "sha256": receipt.sha256,
        "package": receipt.package,
        "version": receipt.version,
        "uploaded": receipt.uploaded,
    }
    write_atomic(path, (json.dumps(document, indent=2) + "\n").encode())
    return receipt


def read_receipts(folder: Path) -> tuple[Receipt, ...]:
    """Every receipt below ``folder``, by index and file. Raises FileError for one that can't be read."""
    root = folder / ".paa" / "receipts"
    with translated("read", root):
        paths = sorted(root.glob("*/*.json"))
    receipts = []
    for path in paths:
        try:
            receipts.append(_parse(read_bytes(path)))
        except ValueError as error:
            message = f"{path} is no receipt"
            raise FileError(message, advice="delete it and run `paa publish` again: it asks the index") from error
    return tuple(receipts)


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
