"""The file system: atomic writes, temporary folders, a lock. Every ``OSError`` leaves here as a FileError."""

import contextlib
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from paa.errors import FileError

_LOCK_POLL_SECONDS = 0.05
_CHUNK = 1 << 20
_TEMPORARY_SUFFIX = ".tmp"
_LEFTOVER = re.compile(r"\..+\.\d+\.\d+" + re.escape(_TEMPORARY_SUFFIX))


@contextlib.contextmanager
def translated(action: str, path: Path) -> Iterator[None]:
    """Turn an ``OSError`` inside the block into a FileError that names ``action`` and ``path``."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"cannot {action} {path}: {reason}"
        raise FileError(message, advice="check the path, its permissions and the free space, then run again") from error


def read_bytes(path: Path) -> bytes:
    """The content of ``path``. Raises FileError."""
    with translated("read", path):
        return path.read_bytes()


def write_atomic(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put ``data`` at ``path`` so that a reader sees the old content or the new, never a part.

    Makes the folders on the way. The file gets the permissions that a newly made file has here (the umask counts).
    ``durable`` waits for the disk, so that the content survives a power cut too. Raises FileError and leaves what was
    there untouched.
    """
    with translated("write", path), _temporary(path, data, durable=durable) as temporary:
        temporary.replace(path)


def append_text(path: Path, text: str) -> None:
    """Write ``text`` behind what is in ``path``, which is made if it is not there. Raises FileError."""
    with translated("write", path), path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)


def write_new(path: Path, data: bytes) -> bool:
    """Put ``data`` at ``path`` only if nothing is there; return whether it was written. Atomic. Raises FileError."""
    with translated("write", path), _temporary(path, data, durable=True) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        return True


@contextlib.contextmanager
def _temporary(path: Path, data: bytes, *, durable: bool) -> Iterator[Path]:
    """A complete file beside ``path``, on the same file system, gone at the end if it was not moved."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}{_TEMPORARY_SUFFIX}")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def is_leftover(name: str) -> bool:
    """Whether a file of that name is what a process that was killed while it wrote has left behind."""
    return _LEFTOVER.fullmatch(name) is not None


def remove_leftovers(path: Path) -> None:
    """Remove what processes that were killed while they wrote ``path`` have left beside it. Raises FileError.

    Only for whoever holds a lock that all who write it respect.
    """
    with translated("read", path.parent):
        for other in sorted(path.parent.iterdir()) if path.parent.is_dir() else ():
            if other.name.startswith(f".{path.name}.") and is_leftover(other.name):
                other.unlink(missing_ok=True)


def move_file(source: Path, target: Path) -> None:
    """Put the file at ``source`` in place of whatever is at ``target``, on the same file system. Raises FileError."""
    with translated("write", target):
        source.replace(target)


def remove_file(path: Path) -> None:
    """Remove the file at ``path``, if there is one. Raises FileError."""
    with translated("remove", path):
        path.unlink(missing_ok=True)


def remove_folder_if_empty(path: Path) -> bool:
    """Remove the folder at ``path`` if nothing is in it; return whether it is gone. Raises FileError."""
    with translated("remove", path):
        if any(path.iterdir()):
            return False
        path.rmdir()
    return True


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files`` (path inside the folder → bytes) below ``folder``, which must be new or empty.

    Raises FileError, also for a path that would leave the folder.
    """
    with translated("write", folder):
        folder.mkdir(parents=True, exist_ok=True)
        made: set[Path] = {folder}
        for name, data in files.items():
            if not is_inside(name):
                message = f"refusing to write {name!r}: the path leaves {folder}"
                raise FileError(message)
            target = folder / name
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            target.write_bytes(data)


def is_inside(name: str) -> bool:
    """Whether ``name`` is a relative POSIX path that stays below the folder it is joined to."""
    path = PurePosixPath(name)
    return (
        bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    )


def list_special(folder: Path) -> list[str]:
    """What lies below ``folder`` and is neither a plain file nor a folder, such as symbolic links, sorted.

    They are not followed. Raises FileError.
    """
    found = []
    with translated("read", folder):
        for place, folders, names in os.walk(folder, onerror=_raise):
            for name in (*folders, *names):
                path = Path(place, name)
                mode = path.lstat().st_mode
                if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                    found.append(path.relative_to(folder).as_posix())
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def sha256_file(path: Path) -> str:
    """SHA-256 of the file's content, as hexadecimal digits. Raises FileError."""
    digest = hashlib.sha256()
    with translated("read", path), path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextlib.contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A new folder outside the work tree, removed at the end with all that is in it."""
    with translated("make a temporary folder in", Path(tempfile.gettempdir())):
        folder = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def lock(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold an exclusive lock on ``path`` (made if absent); wait up to ``seconds`` for whoever holds it.

    The operating system drops the lock when the process ends, however it ends. Raises FileError on time-out.
    """
    with translated("lock", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+b")
    with stream:
        deadline = time.monotonic() + seconds
        while not _try_lock(stream.fileno()):
            if time.monotonic() > deadline:
                message = f"another paa has held {path} for {seconds:.0f} s"
                raise FileError(message, advice="wait for it to end, or stop it, then run again")
            time.sleep(_LOCK_POLL_SECONDS)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
