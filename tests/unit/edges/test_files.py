"""Files: whole or not at all, and never outside of their folder."""

import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from paa.edges.files import (
    is_inside,
    lock,
    read_bytes,
    sha256_file,
    temporary_folder,
    write_atomic,
    write_new,
    write_tree,
)
from paa.errors import FileError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_on_the_way_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    write_atomic(path, b"one")
    write_atomic(path, b"two", durable=False)
    assert read_bytes(path) == b"two"
    assert names(path.parent) == ["file"]


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").write_bytes(b"x")
    with pytest.raises(FileError, match=r"cannot write .*folder"):
        write_atomic(tmp_path / "folder", b"data")
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(FileError, match=r"cannot write .*below"):
        write_atomic(tmp_path / "file" / "below", b"data")
    assert names(tmp_path) == ["file", "folder"]
    assert names(tmp_path / "folder") == ["inside"]


@pytest.mark.skipif(os.name == "nt", reason="there is no umask")
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_file_has_the_permissions_of_any_new_file(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_atomic(tmp_path / "file", b"x")
        write_new(tmp_path / "new", b"x")
    finally:
        os.umask(before)
    for name in ("file", "new"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o666 & ~umask


def test_a_new_file_is_never_put_over_another(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "file"
    assert write_new(path, b"first")
    assert not write_new(path, b"second")
    assert path.read_bytes() == b"first"
    assert names(path.parent) == ["file"]


def test_a_tree_is_written_as_it_is_given(tmp_path: Path) -> None:
    write_tree(tmp_path / "tree", {"a.txt": b"a", "b/c/d.txt": b"d", "b/e.txt": b""})
    found = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"tree/a.txt": b"a", "tree/b/c/d.txt": b"d", "tree/b/e.txt": b""}


OUTSIDE = ["../x", "/etc/passwd", "a/../../x", "..", "", ".", "a\\..\\x", "C:\\x", "a\0b"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    assert not is_inside(name)
    with pytest.raises(FileError, match="refusing to write"):
        write_tree(tmp_path / "tree", {name: b"x"})
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["a", "a/b", "a/./b", "...", "a..b/c", ".hidden"])
def test_a_path_that_stays_inside_is_none_of_those(name: str) -> None:
    assert is_inside(name)


def test_a_file_that_can_t_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot read .*missing: No such file") as caught:
        read_bytes(tmp_path / "missing")
    assert caught.value.advice
    assert caught.value.exit_code == 3
    with pytest.raises(FileError, match="cannot read"):
        sha256_file(tmp_path)


def test_the_hash_of_a_large_file(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"abc" * (1 << 20))
    assert sha256_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_temporary_folder_is_gone_afterwards_with_all_in_it() -> None:
    seen = []

    def fail_inside() -> None:
        with temporary_folder("paa-test-") as folder:
            seen.append(folder)
            (folder / "a").mkdir()
            (folder / "a" / "file").write_bytes(b"x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert seen[0].name.startswith("paa-test-")
    assert not seen[0].exists()


HOLDER = """
import sys
from pathlib import Path
from paa.edges.files import lock
with lock(Path(sys.argv[1]), seconds=0):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_lock_is_held_by_one_process_and_dropped_when_it_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "lock"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FileError, match="another paa has held"), lock(path, seconds=0):
            pytest.fail("two hold it")
        holder.kill()
        holder.wait()
    with lock(path, seconds=0), pytest.raises(FileError), lock(path, seconds=0):
        pytest.fail("two hold it")
    with lock(path, seconds=0):
        pass
