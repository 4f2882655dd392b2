"""Git LFS: pointers in place of large files, and the files themselves as a checkout has them."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from paa.errors import FindingsError

# A pointer is a text of fewer than 1024 bytes (Git LFS, "Specification": The Pointer).
_MOST_BYTES = 1024
_POINTER = re.compile(
    rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n"
)


def is_pointer(data: bytes) -> bool:
    """Whether ``data`` is a pointer of Git LFS, not the file that it stands for."""
    return len(data) < _MOST_BYTES and _POINTER.match(data) is not None


def with_large_files(root: Path, contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """``contents`` (by path below ``root``) with the file itself for each pointer, from the checkout at ``root``.

    A commit holds the pointer, whose SHA-256 says which bytes it stands for: no others are taken. Raises FindingsError
    for a file that the checkout does not have.
    """
    return {path: _large_file(root, path, data) if is_pointer(data) else data for path, data in contents.items()}


def _large_file(root: Path, path: str, pointer: bytes) -> bytes:
    found = _POINTER.match(pointer)
    try:
        data = (root / path).read_bytes()
    except OSError:
        data = pointer
    if found is not None and hashlib.sha256(data).hexdigest().encode() == found[1]:
        return data
    message = f"{path} is a pointer of Git LFS, and the file that it stands for is not in this checkout"
    raise FindingsError(message, advice="run 'git lfs pull' (in CI: check out with LFS, as with 'lfs: true' on GitHub)")
