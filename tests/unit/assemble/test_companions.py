"""Licence files and artifacts go along as they are, each under a name of its own, and nothing leads outside."""

from pathlib import Path, PurePosixPath

import pytest

from paa.assemble.companions import artifacts, license_files
from paa.errors import FindingsError
from tests.packages import MODULES, build_package, scan_files, unpack, wheel_path

MODULE = f"{MODULES}/tool.py"


def test_licence_files_keep_their_names() -> None:
    made = license_files({"LICENSE": b"a", "licenses/tool/NOTICE.txt": b"b"}, ())
    assert made == {"LICENSE": b"a", "NOTICE.txt": b"b"}


def test_files_of_one_name_are_all_there() -> None:
    contents = {"licenses/tool/LICENSE": b"a", "licenses/tool/third/LICENSE": b"b", "licenses/tool/other/License": b"c"}
    made = license_files(contents, ())
    assert sorted(made.values()) == [b"a", b"b", b"c"]
    assert "licenses_tool_third_LICENSE" in made


def test_names_that_are_taken_or_equal_after_cleaning_are_not_used_twice() -> None:
    contents = {"a/LICENSE [1]": b"a", "b/LICENSE (1)": b"b", "c/pyproject.toml": b"c", "d/License..md": b"d"}
    made = license_files(contents, ("pyproject.toml", "tool"))
    assert sorted(made.values()) == [b"a", b"b", b"c", b"d"]
    assert "pyproject.toml" not in made
    assert not [name for name in made if ".." in name or set("[]() ") & set(name)]


def test_every_licence_file_is_in_the_wheel(tmp_path: Path) -> None:
    files = {
        MODULE: "",
        "licenses/tool/LICENSE": "mine",
        "licenses/tool/vendored/LICENSE": "theirs",
        "licenses/tool/NOTICE [draft]": "note",
    }
    site = unpack(wheel_path(tmp_path / "dist", build_package(tmp_path, files, "tool")), tmp_path / "site")
    found = sorted(path.read_text() for path in (site / "tool-1.0.0.dist-info" / "licenses").iterdir())
    assert found == ["mine", "note", "theirs"]


def test_artifacts_are_shipped_inside_the_package_byte_for_byte(tmp_path: Path) -> None:
    data = bytes(range(256)) * 100
    files: dict[str, str | bytes] = {
        MODULE: "",
        "artifacts/tool/data.bin": data,
        "artifacts/tool/deep/er/ü.txt": "ü",
        "artifacts/tool/script.py": "raise SystemExit\n",
        "artifacts/other/data.bin": "not ours",
    }
    site = unpack(wheel_path(tmp_path / "dist", build_package(tmp_path, files, "tool")), tmp_path / "site")
    folder = site / "tool" / "artifacts"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "data.bin",
        "deep/er/ü.txt",
        "script.py",
    }
    assert (folder / "data.bin").read_bytes() == data


def test_artifacts_at_the_top_of_the_repository(tmp_path: Path) -> None:
    files = {MODULE: "", "tool/data.txt": "x"}
    setup = scan_files(tmp_path, files, "artifacts_dir: .\n").assemble("tool")
    assert setup.files["tool/artifacts/data.txt"] == b"x"


@pytest.mark.parametrize("name", ["a,b.csv", 'a"b', "a\\b", "a\nb", "a\x07b"])
def test_a_name_that_no_wheel_can_hold_is_refused(name: str) -> None:
    with pytest.raises(FindingsError, match="a wheel can't hold a file of this name") as caught:
        artifacts({f"artifacts/tool/{name}": b""}, PurePosixPath("artifacts/tool"))
    assert caught.value.advice is not None


@pytest.mark.parametrize("name", ["a.pyc", "__pycache__/a.txt"])
def test_compiled_files_are_refused(name: str) -> None:
    with pytest.raises(FindingsError, match="compiled files are not shipped"):
        artifacts({f"artifacts/tool/{name}": b""}, PurePosixPath("artifacts/tool"))
