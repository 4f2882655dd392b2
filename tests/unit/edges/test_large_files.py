"""Pointers of Git LFS are never taken for the files that they stand for."""

import hashlib
from pathlib import Path

import pytest

from paa.edges.large_files import is_pointer, with_large_files
from paa.errors import FindingsError

FILE = b"\0large\xff" * 1000
OID = hashlib.sha256(FILE).hexdigest()


def pointer(oid: str = OID, extra: str = "") -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\n{extra}oid sha256:{oid}\nsize 7000\n".encode()


@pytest.mark.parametrize(
    "text",
    [
        pointer(),
        pointer(extra="ext-0-foo sha256:" + "0" * 64 + "\n"),
        pointer().replace(b"git-lfs.github.com", b"hawser.github.com"),
    ],
)
def test_pointers_are_known(text: bytes) -> None:
    assert is_pointer(text)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        FILE,
        b"# Large files\n\n" + pointer(),
        pointer() + b"x" * 1024,
        pointer("0" * 63),
        b"version https://git-lfs.github.com/spec/v1\n",
        b"version https://example.org/spec/v1\noid sha256:" + OID.encode() + b"\n",
    ],
)
def test_other_texts_are_not(text: bytes) -> None:
    assert not is_pointer(text)


def test_a_pointer_is_replaced_by_the_file_of_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "large.bin").write_bytes(FILE)
    contents = {"data/large.bin": pointer(), "other.txt": b"as it is"}
    assert with_large_files(tmp_path, contents) == {"data/large.bin": FILE, "other.txt": b"as it is"}


@pytest.mark.parametrize("there", [None, pointer(), FILE + b"edited"])
def test_no_other_bytes_are_taken(tmp_path: Path, there: bytes | None) -> None:
    if there is not None:
        (tmp_path / "large.bin").write_bytes(there)
    with pytest.raises(FindingsError, match=r"large\.bin is a pointer of Git LFS") as raised:
        with_large_files(tmp_path, {"large.bin": pointer()})
    assert "git lfs pull" in str(raised.value.advice)
