"""The receipts that publishing leaves, as anybody can read them (docs/reference/formats.md)."""

import json
from pathlib import Path

from paa.model import Receipt


def read_receipts(folder: Path) -> tuple[Receipt, ...]:
    """Every receipt below ``folder``, by index and file; a key too many or too few fails the test."""
    documents = [json.loads(path.read_bytes()) for path in sorted(folder.glob(".paa/receipts/*/*.json"))]
    assert {document.pop("schema") for document in documents} <= {1}
    return tuple(Receipt(**document) for document in documents)
