"""Fresh environments, and wheels put together from what is installed."""

import base64
import csv
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from paa.edges.environments import create_environment, pip_install, rebuild_wheel
from paa.errors import FileError, OutsideError
from tests.packages import MODULES, build_package, unpack, wheel_path


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment."""
    return create_environment(tmp_path_factory.mktemp("fresh") / "an environment")


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    files = {f"{MODULES}/tool.py": "value = 1\n", "cli/tool.py": "import click\n@click.group()\ndef cli(): pass\n"}
    return wheel_path(tmp_path / "dist", build_package(tmp_path, files, "tool"))


@pytest.fixture
def site(tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on this process's path in which ``tool`` is installed."""
    folder = unpack(wheel, tmp_path / "site")
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_a_fresh_environment_holds_nothing_of_this_one(programs: Path) -> None:
    code = "import importlib.metadata as m; print(*sorted({d.name for d in m.distributions()} - {'pip', 'setuptools'}))"
    done = subprocess.run([str(programs / "python"), "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_an_environment_that_can_t_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutsideError, match="python -m venv failed"):
        create_environment(tmp_path / "file")


def test_a_module_in_the_current_folder_is_not_taken_for_the_library_s(
    tmp_path: Path, wheel: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("email", "venv", "pip", "shutil"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('user code has been run')\n")
    monkeypatch.chdir(tmp_path)
    pip_install(programs, ["--no-deps", "--no-index", str(wheel)])
    assert create_environment(tmp_path / "environment").is_dir()


def test_the_user_s_settings_of_pip_have_no_say(
    programs: Path, wheel: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_REQUIRE_HASHES", "1")
    (home / ".pip").mkdir()
    (home / ".pip" / "pip.conf").write_text("[install]\nrequire-hashes = true\n")
    pip_install(programs, ["--no-deps", "--no-index", "--force-reinstall", str(wheel)])
    code = "import tool; print(tool.value)"
    done = subprocess.run([str(programs / "python"), "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_a_failure_of_pip_is_told_without_credentials(programs: Path) -> None:
    arguments = ["--retries=0", "--index-url", "http://user:pa55word@127.0.0.1:9/simple/", "no-such-distribution"]
    with pytest.raises(OutsideError, match=r"pip install failed: .*no-such-distribution") as caught:
        pip_install(programs, arguments)
    assert "pa55word" not in caught.value.message


def test_a_wheel_is_put_together_from_what_is_installed(site: Path, wheel: Path) -> None:
    (site / "tool" / "__pycache__").mkdir()
    (site / "tool" / "__pycache__" / "x.pyc").write_bytes(b"compiled")
    (site / "tool-1.0.0.dist-info" / "INSTALLER").write_text("pip\n")
    with (site / "tool-1.0.0.dist-info" / "RECORD").open("a") as record:
        record.write("../bin/tool,,\n/etc/passwd,,\ntool/__pycache__/x.pyc,,\ntool-1.0.0.dist-info/INSTALLER,,\n")
    name, data = rebuild_wheel("tool")
    assert name == wheel.name
    with zipfile.ZipFile(wheel) as original, zipfile.ZipFile(io.BytesIO(data)) as rebuilt:
        record_name = "tool-1.0.0.dist-info/RECORD"
        assert set(rebuilt.namelist()) == set(original.namelist())
        assert all(rebuilt.read(item) == original.read(item) for item in original.namelist() if item != record_name)
        rows = {row[0]: row[1] for row in csv.reader(io.StringIO(rebuilt.read(record_name).decode()))}
        assert set(rows) == set(original.namelist())
        digest = base64.urlsafe_b64encode(hashlib.sha256(rebuilt.read("tool/__init__.py")).digest()).rstrip(b"=")
        assert rows["tool/__init__.py"] == f"sha256={digest.decode()}"
        assert {item.external_attr >> 16 for item in rebuilt.infolist()} == {0o100644}
    assert rebuild_wheel("tool") == (name, data)


def test_what_was_put_together_can_be_installed(site: Path, programs: Path, tmp_path: Path) -> None:
    assert site.is_dir()
    name, data = rebuild_wheel("tool")
    (tmp_path / name).write_bytes(data)
    pip_install(programs, ["--no-deps", "--no-index", "--force-reinstall", str(tmp_path / name)])
    assert (programs / ("tool.exe" if os.name == "nt" else "tool")).is_file()


def test_a_distribution_that_this_project_needs_can_be_put_together() -> None:
    name, data = rebuild_wheel("click")
    assert name.startswith("click-")
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        assert wheel.testzip() is None
        assert "click/__init__.py" in wheel.namelist()


def test_what_is_not_installed_is_an_error() -> None:
    with pytest.raises(OutsideError, match="no-such-distribution is not installed here"):
        rebuild_wheel("no-such-distribution")


@pytest.mark.parametrize("damage", ["record", "purelib", "editable"])
def test_what_can_t_be_put_together_faithfully_is_an_error(site: Path, damage: str) -> None:
    info = site / "tool-1.0.0.dist-info"
    if damage == "record":
        (info / "RECORD").unlink()
    elif damage == "purelib":
        (info / "WHEEL").write_text("Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-linux_x86_64\n")
    else:
        (info / "direct_url.json").write_text('{"url": "file:///x", "dir_info": {"editable": true}}')
    with pytest.raises(OutsideError, match="tool is not installed here as a wheel of pure Python") as caught:
        rebuild_wheel("tool")
    assert caught.value.advice is not None


def test_a_file_that_is_recorded_and_gone_is_named(site: Path) -> None:
    shutil.rmtree(site / "tool")
    with pytest.raises(FileError, match="tool"):
        rebuild_wheel("tool")


def test_this_python_is_the_one_of_the_environment(programs: Path) -> None:
    code = "import sys; print(*sys.version_info[:3])"
    done = subprocess.run([str(programs / "python"), "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(part) for part in sys.version_info[:3]]
