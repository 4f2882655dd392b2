"""Licence files and artifacts go along as they are, each under a name of its own, and nothing leads outside."""

import re
from pathlib import Path

import pytest

from paa.assemble.companions import license_files
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


def test_licence_files_with_odd_names_and_letters_are_all_in_the_wheel(tmp_path: Path) -> None:
    names = [
        "LICENSE (old, new).txt",
        "LICENSE-ü日本.md",
        "COPYING.LESSER",
        "NOTICE'\".txt",
        "license$(id)",
        "AUTHORS*",
    ]
    files = {MODULE: "", **{f"licenses/tool/{name}": f"© ü 日本 {name}\n" for name in names}}
    built = build_package(tmp_path, files, "tool")
    site = unpack(wheel_path(tmp_path / "dist", built), tmp_path / "site")
    found = {path.name: path.read_text() for path in (site / "tool-1.0.0.dist-info" / "licenses").iterdir()}
    assert sorted(found.values()) == sorted(f"© ü 日本 {name}\n" for name in names)
    listed = (site / "tool-1.0.0.dist-info" / "METADATA").read_text()
    assert sorted(found) == sorted(re.findall("License-File: (.*)", listed))


def test_a_licence_file_that_is_not_utf_8_is_an_error_with_its_line(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {MODULE: "", "LICENSE": "MIT\n\nCopyright © me\n".encode("latin-1")}
    state = scan_files(tmp_path, files)
    with pytest.raises(FindingsError, match=r"LICENSE:3: this licence file is not UTF-8 \(PEP 639\)"):
        state.assemble("tool")


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
