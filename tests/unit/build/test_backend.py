"""One setup directory → wheel and sdist: the same bytes everywhere, and nothing left behind."""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import flit_core
import pytest

from paa.build.backend import SOURCE_DATE_EPOCH, build, builder_name
from paa.errors import BuildError, FileError
from paa.model import DistributionKind, SetupDirectory
from tests.packages import MODULES, scan_files

FILES: Mapping[str, str | bytes] = {
    f"{MODULES}/tool.py": '"""A tool."""\nfrom components.words import count\n',
    f"{MODULES}/components/words.py": "count = len\n",
    "artifacts/tool/run.sh": "#!/bin/sh\n",
    "artifacts/tool/" + "deep/" * 30 + "file.txt": "a path too long for an old tar header\n",
    "LICENSE": "MIT",
}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders are made; nothing may be left there."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def setup_directory(tmp_path: Path) -> SetupDirectory:
    return scan_files(tmp_path / "ppr", FILES).assemble("tool")


def broken(setup: SetupDirectory) -> SetupDirectory:
    files = {**setup.files, "pyproject.toml": setup.files["pyproject.toml"].replace(b'version = "1.0.0"', b"")}
    return SetupDirectory(package="tool", distribution="tool", version="1.0.0", import_package="tool", files=files)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_files_are_described_as_they_are(tmp_path: Path, temporary: Path, setup_directory: SetupDirectory) -> None:
    files = build(setup_directory, tmp_path / "new" / "dist")
    assert [(file.name, file.kind) for file in files] == [
        ("tool-1.0.0-py3-none-any.whl", DistributionKind.WHEEL),
        ("tool-1.0.0.tar.gz", DistributionKind.SDIST),
    ]
    assert {file.name: file.sha256 for file in files} == hashes(tmp_path / "new" / "dist")
    assert all((tmp_path / "new" / "dist" / file.name).stat().st_size == file.size for file in files)
    assert temporary.is_dir()


_CHILD = """
import os, sys, time
from pathlib import Path
os.umask(int(sys.argv[1], 8))
if hasattr(time, "tzset"): time.tzset()
from tests.packages import scan_files
from tests.unit.build.test_backend import FILES
from paa.build.backend import build
state = scan_files(Path(sys.argv[2]), FILES)
# Modes and times of the sources are none of the distributions' business either.
build(state.assemble("tool"), Path(sys.argv[3]))
"""


def test_neither_folder_time_zone_umask_nor_environment_reach_the_bytes(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    variants: list[tuple[str, str, Mapping[str, str]]] = [
        ("0o022", "a", {"TZ": "UTC"}),
        ("0o077", "b/with a longer name ü", {"TZ": "Asia/Kathmandu", "SOURCE_DATE_EPOCH": "1600000000"}),
        ("0o000", "c", {"TZ": "America/St_Johns", "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C"}),
        ("0o027", "d", {"PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "not a number", "PYTHONUTF8": "0"}),
    ]
    found = []
    for umask, folder, environment in variants:
        dist = tmp_path / folder / "dist"
        subprocess.run(
            [sys.executable, "-c", _CHILD, umask, str(tmp_path / folder / "ppr"), str(dist)],
            env={**os.environ, "PYTHONPATH": str(root), **environment},
            check=True,
        )
        found.append(hashes(dist))
    assert found[0] == found[1] == found[2] == found[3]
    assert len(found[0]) == 2


def test_times_and_modes_in_the_archives_are_constant(tmp_path: Path, setup_directory: SetupDirectory) -> None:
    build(setup_directory, tmp_path)
    with zipfile.ZipFile(tmp_path / "tool-1.0.0-py3-none-any.whl") as wheel:
        assert {item.date_time for item in wheel.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        assert {item.external_attr >> 16 & 0o777 for item in wheel.infolist()} == {0o644}
    with tarfile.open(tmp_path / "tool-1.0.0.tar.gz") as sdist:
        members = sdist.getmembers()
        assert {item.mtime for item in members} <= {0, int(SOURCE_DATE_EPOCH)}
        assert {(item.uid, item.gid, item.uname, item.gname, item.mode) for item in members} == {(0, 0, "", "", 0o644)}


def test_the_environment_and_the_current_folder_are_as_before(
    tmp_path: Path, setup_directory: SetupDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for value in ("123", None):
        if value is None:
            monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
        else:
            monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
        build(setup_directory, Path("dist"))
        with pytest.raises(BuildError):
            build(broken(setup_directory), Path("dist"))
        assert os.environ.get("SOURCE_DATE_EPOCH") == value
        assert Path.cwd() == tmp_path
    assert len(list((tmp_path / "dist").iterdir())) == 2


def test_a_refusal_of_the_backend_changes_nothing(
    tmp_path: Path, temporary: Path, setup_directory: SetupDirectory
) -> None:
    dist = tmp_path / "dist"
    build(setup_directory, dist)
    (dist / "kept.txt").write_text("kept")
    before = hashes(dist)
    with pytest.raises(BuildError, match=r"flit_core can't build tool 1\.0\.0: .*version"):
        build(broken(setup_directory), dist)
    assert hashes(dist) == before
    assert temporary.is_dir()


@pytest.mark.usefixtures("temporary")
def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path, setup_directory: SetupDirectory) -> None:
    (tmp_path / "dist").write_text("in the way")
    with pytest.raises(FileError, match=str(tmp_path / "dist")) as caught:
        build(setup_directory, tmp_path / "dist")
    assert caught.value.exit_code == 3
    assert (tmp_path / "dist").read_text() == "in the way"


@pytest.mark.usefixtures("temporary")
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write to")
def test_a_folder_that_nobody_can_write_to_is_named(setup_directory: SetupDirectory) -> None:
    with pytest.raises(FileError, match=r"/proc/self/dist/tool-1\.0\.0"):
        build(setup_directory, Path("/proc/self/dist"))


@pytest.mark.usefixtures("temporary")
def test_a_folder_in_the_way_of_a_file_is_named(tmp_path: Path, setup_directory: SetupDirectory) -> None:
    (tmp_path / "dist" / "tool-1.0.0.tar.gz").mkdir(parents=True)
    with pytest.raises(FileError, match=r"tool-1\.0\.0\.tar\.gz"):
        build(setup_directory, tmp_path / "dist")
    assert not [path for path in (tmp_path / "dist").iterdir() if path.name.startswith(".")]


def test_old_files_of_the_same_name_are_replaced(tmp_path: Path, setup_directory: SetupDirectory) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "tool-1.0.0-py3-none-any.whl").write_bytes(b"old")
    build(setup_directory, dist)
    assert zipfile.is_zipfile(dist / "tool-1.0.0-py3-none-any.whl")


def test_a_module_of_fifty_lines_makes_a_small_wheel(tmp_path: Path) -> None:
    functions = "".join(
        f"def function_{number}(value: int) -> int:\n    {'x' * 30!r}\n    return value * {number}\n\n\n"
        for number in range(10)
    )
    setup = scan_files(tmp_path / "ppr", {f"{MODULES}/tool.py": f'"""A tool."""\n{functions}'}).assemble("tool")
    assert setup.files["tool/__init__.py"].count(b"\n") > 50
    wheel, sdist = build(setup, tmp_path / "dist")
    assert wheel.size < 4 * 1024
    assert sdist.size < 4 * 1024


def test_the_builder_is_named_with_its_version() -> None:
    assert builder_name() == f"flit_core {flit_core.__version__}"
