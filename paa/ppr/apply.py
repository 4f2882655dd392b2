"""What was decided about generated files, done: each file atomically, what is known of them last."""

import stat
from pathlib import Path

from paa.edges.files import read_bytes, translated, write_atomic, write_new
from paa.errors import FileError
from paa.ppr.generated import GENERATED_FILE
from paa.ppr.init import BESIDE, KEPT, SetUp
from paa.ppr.upgrade import Change

_MOST_KEPT = 100


def apply(set_up: SetUp) -> dict[str, str]:
    """Write what is to be written; return the places that replaced files are kept at, by path.

    A run that is stopped on the way is made up for by the next. Raises FileError.
    """
    kept = {}
    for change in set_up.changes:
        if change.keep is not None:
            kept[change.path] = _keep(set_up.root, change.path, change.keep)
        _write(set_up.root, change)
    path = set_up.root / GENERATED_FILE
    if not path.exists() or read_bytes(path) != set_up.state:
        write_atomic(path, set_up.state)
    return kept


def _write(root: Path, change: Change) -> None:
    path, beside = root / change.path, root / f"{change.path}{BESIDE}"
    if change.write is not None:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
        write_atomic(path, change.write)
        if mode is not None:
            with translated("change the mode of", path):
                path.chmod(mode)
    if change.beside is not None:
        write_atomic(beside, change.beside)
    with translated("remove", path):
        if change.drop:
            path.unlink(missing_ok=True)
        if change.drop_beside:
            beside.unlink(missing_ok=True)


def _keep(root: Path, path: str, data: bytes) -> str:
    """Put ``data`` beside the file, under a name that holds nothing else, and return that."""
    for number in range(1, _MOST_KEPT):
        name = f"{path}{KEPT}{number if number > 1 else ''}"
        if write_new(root / name, data) or ((root / name).is_file() and read_bytes(root / name) == data):
            return name
    message = f"there are {_MOST_KEPT - 1} files {path}{KEPT}… already"
    raise FileError(message, advice="remove those that are not needed any more")
