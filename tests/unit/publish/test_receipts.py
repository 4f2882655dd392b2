import json
from dataclasses import replace
from pathlib import Path

import pytest

from paa.errors import UsageError
from paa.model import Receipt
from paa.publish.receipts import receipt_path, write_receipt
from tests.receipts import read_receipts

RECEIPT = Receipt(index="company", file="foo-1.0.tar.gz", sha256="a" * 64, package="foo", version="1.0", uploaded=True)


def test_a_receipt_says_what_was_seen_where(tmp_path: Path) -> None:
    other = replace(RECEIPT, index="another")
    write_receipt(tmp_path, RECEIPT)
    write_receipt(tmp_path, other)
    path = tmp_path / ".paa" / "receipts" / "company" / "foo-1.0.tar.gz.json"
    assert json.loads(path.read_bytes())["schema"] == 1
    assert read_receipts(tmp_path) == (other, RECEIPT)


def test_the_receipt_of_whoever_sent_the_file_stays(tmp_path: Path) -> None:
    write_receipt(tmp_path, RECEIPT)
    assert write_receipt(tmp_path, replace(RECEIPT, uploaded=False)) == RECEIPT
    changed = replace(RECEIPT, sha256="b" * 64, uploaded=False)
    assert write_receipt(tmp_path, changed) == changed
    assert read_receipts(tmp_path) == (changed,)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 2}', '{"schema": 1}'])
def test_a_damaged_receipt_is_written_again(tmp_path: Path, content: str) -> None:
    path = receipt_path(tmp_path, RECEIPT.index, RECEIPT.file)
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert write_receipt(tmp_path, RECEIPT) == RECEIPT
    assert read_receipts(tmp_path) == (RECEIPT,)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a\\b"])
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        receipt_path(tmp_path, name, "x.whl")
    with pytest.raises(UsageError):
        receipt_path(tmp_path, "company", name)
