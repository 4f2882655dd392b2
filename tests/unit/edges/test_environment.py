"""Installed distributions, found by the files that they list."""

from pathlib import Path

import pytest

from paa.edges.environment import installed_with


def _dist_info(site: Path, name: str, *, record: bytes | None = None, top_level: str | None = None) -> None:
    folder = site / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    if record is not None:
        (folder / "RECORD").write_bytes(record)
    if top_level is not None:
        (folder / "top_level.txt").write_text(top_level, encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "acme/__init__.py",
        "acme/web/server.py",
        "acme.py",
        "acme.so",
        "acme.abi3.so",
        "acme.cpython-311-x86_64-linux-gnu.so",
        "acme.cp311-win_amd64.pyd",
    ],
)
def test_a_listed_module_counts(tmp_path: Path, line: str) -> None:
    _dist_info(tmp_path, "holder", record=f"holder.txt,,\n{line},sha256=x,1\n".encode())
    assert installed_with(["acme"], path=[str(tmp_path)])["acme"] == (("holder", "1.0"),)


@pytest.mark.parametrize(
    "line", ["acmex/__init__.py", "acme_web.py", "src/acme.py", "acme-1.0.dist-info/x.py", "acme/data.json", "acme.pyc"]
)
def test_other_files_do_not_count(tmp_path: Path, line: str) -> None:
    _dist_info(tmp_path, "holder", record=f"{line},sha256=x,1\n".encode())
    assert installed_with(["acme"], path=[str(tmp_path)])["acme"] == ()


def test_submodules_count_by_their_whole_name(tmp_path: Path) -> None:
    _dist_info(tmp_path, "one", record=b"acme/web/__init__.py,,\n")
    _dist_info(tmp_path, "two", record=b"acme/db.py,,\n")
    assert installed_with(["acme.db"], path=[str(tmp_path)])["acme.db"] == (("two", "1.0"),)
    assert [name for name, _ in installed_with(["acme"], path=[str(tmp_path)])["acme"]] == ["one", "two"]


def test_editable_installations_are_found_by_their_top_level_names(tmp_path: Path) -> None:
    _dist_info(tmp_path, "holder", record=b"__editable__.holder.pth,,\n", top_level="acme\nother\n")
    assert installed_with(["acme"], path=[str(tmp_path)])["acme"] == (("holder", "1.0"),)


def test_damaged_installations_are_no_evidence(tmp_path: Path) -> None:
    _dist_info(tmp_path, "broken", record=b"\xff\xfe acme.py,,\n")
    (tmp_path / "empty-1.0.dist-info").mkdir()
    _dist_info(tmp_path, "nothing")
    (tmp_path / "headless-1.0.dist-info").mkdir()
    (tmp_path / "headless-1.0.dist-info" / "RECORD").write_bytes(b"acme.py,,\n")
    assert installed_with(["acme"], path=[str(tmp_path)])["acme"] == ()


def test_a_name_that_no_requirement_can_have_is_no_evidence(tmp_path: Path) -> None:
    _dist_info(tmp_path, "holder", record=b"acme.py,,\n")
    (tmp_path / "holder-1.0.dist-info" / "METADATA").write_text('Name: a", "x": "y\nVersion: 1.0\n', encoding="utf-8")
    assert installed_with(["acme"], path=[str(tmp_path)])["acme"] == ()


def test_many_modules_are_looked_for_at_once(tmp_path: Path) -> None:
    _dist_info(tmp_path, "one", record=b"acme/web.py,,\n")
    _dist_info(tmp_path, "two", record=b"other.py,,\n")
    found = installed_with(["acme.web", "acme", "other", "absent"], path=[str(tmp_path)])
    one, two = (("one", "1.0"),), (("two", "1.0"),)
    assert found == {"acme.web": one, "acme": one, "other": two, "absent": ()}
    assert installed_with([], path=[str(tmp_path)]) == {}


def test_the_running_environment_is_the_default() -> None:
    assert "pytest" in [name for name, _ in installed_with(["_pytest"])["_pytest"]]
