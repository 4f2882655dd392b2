"""Where generated files go: to plain files in plain folders of the repository, which is looked at beforehand."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from paa.edges.files import is_inside, read_bytes, translated
from paa.errors import UsageError


def check_places(root: Path, paths: Iterable[str]) -> None:
    """Raise UsageError that names all that is in the way of writing ``paths`` (POSIX, relative to ``root``).

    In the way are paths out of the repository or into Git's own folder, symbolic links, files where folders belong,
    and anything that is no plain file at a path itself. Raises FileError where that can't be found out.
    """
    faults = sorted({fault for path in paths if (fault := _fault(root, path)) is not None})
    if faults:
        message = "\n".join(["these are in the way, so nothing was written:", *(f"  {fault}" for fault in faults)])
        raise UsageError(message, advice="move or remove them, then run again")


def read_place(root: Path, path: str) -> bytes | None:
    """The content of the file at ``path``, None if there is none. Raises FileError."""
    return read_bytes(root / path) if os.path.lexists(root / path) else None


def _fault(root: Path, path: str) -> str | None:
    if not is_inside(path) or PurePosixPath(path).parts[0].lower() == ".git":
        return f"{path}: leads out of the repository"
    place = PurePosixPath()
    parts = PurePosixPath(path).parts
    for number, part in enumerate(parts, start=1):
        place /= part
        mode = _mode(root / place)
        if mode is None:
            return None
        if stat.S_ISLNK(mode):
            return f"{place}: is a symbolic link, and links are not followed"
        if number < len(parts) and not stat.S_ISDIR(mode):
            return f"{place}: is no folder"
        if number == len(parts) and not stat.S_ISREG(mode):
            return f"{place}: is no plain file"
    return None


def _mode(path: Path) -> int | None:
    with translated("look at", path):
        try:
            return path.lstat().st_mode
        except FileNotFoundError:
            return None
