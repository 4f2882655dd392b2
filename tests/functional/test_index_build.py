"""``paa index build``: pip installs from a folder of distributions."""

import subprocess
import sys
from pathlib import Path

from tests.functional.command_line import done, paa
from tests.packages import build_package


def test_a_folder_of_distributions_becomes_an_index(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "dist"
    build_package(tmp_path / "work", {"python_modules/my_tool.py": '"""A tool."""\n'}, "my_tool")
    result = done(paa(tmp_path, "index", "build", str(folder)))
    assert "1 packages, 2 new files" in result.out
    assert "my-tool" in (folder / "simple" / "index.html").read_text()
    where = ["--index-url", (folder / "simple").as_uri(), "--dest", str(tmp_path / "got")]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-cache-dir", *where, "my-tool"]
    subprocess.run(command, check=True, capture_output=True)
    assert [path.name for path in (tmp_path / "got").iterdir()] == ["my_tool-1.0.0-py3-none-any.whl"]
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    assert "0 new files" in done(paa(tmp_path, "index", "build", str(folder))).out
    assert {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()} == before


def test_what_was_removed_by_hand_is_listed_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "dist"
    build_package(tmp_path / "work", {"python_modules/tool.py": '"""A tool."""\n'}, "tool")
    done(paa(tmp_path, "index", "build", str(folder)))
    for path in (*folder.glob("*.tar.gz"), *folder.glob("simple/tool/*.tar.gz")):
        path.unlink()
    done(paa(tmp_path, "index", "-C", str(folder), "build", "."))
    assert "tar.gz" not in (folder / "simple/tool/index.html").read_text()


def test_a_folder_without_distributions_is_an_error(tmp_path: Path) -> None:
    assert paa(tmp_path, "index", "build", "nowhere").code == 3
    (tmp_path / "empty").mkdir()
    result = paa(tmp_path, "index", "build", "empty")
    assert result.code == 2
    assert "holds no wheels" in result.err


def test_other_bytes_under_a_name_that_is_there_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "dist"
    build_package(tmp_path / "work", {"python_modules/tool.py": '"""A tool."""\n'}, "tool")
    done(paa(tmp_path, "index", "build", str(folder)))
    build_package(tmp_path / "work", {"python_modules/tool.py": '"""Another."""\n'}, "tool")
    result = paa(tmp_path, "index", "build", str(folder))
    assert result.code == 3
    assert "never overwritten" in result.err
