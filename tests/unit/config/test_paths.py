"""Paths: where they may lead, and what may be there."""

import os
from pathlib import Path

import pytest

from paa.config.keys import KEYS, Key, ValueType
from tests.unit.config.reading import faults, read

FOLDERS = [key for key in KEYS if key.value_type is ValueType.FOLDER]


@pytest.mark.parametrize("key", FOLDERS, ids=lambda key: key.name)
def test_folders_are_normalised_and_need_not_exist(key: Key, tmp_path: Path) -> None:
    for text in ("some/where", "./some/where", "some/where/", "some//./where/.", ".//some/where//"):
        assert getattr(read(f"{key.name}: {text}", tmp_path), key.name) == "some/where"


def test_the_root_can_be_a_folder_of_modules(tmp_path: Path) -> None:
    assert read("module_dir: ./", tmp_path).module_dir == "."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/etc", "is absolute; paths are relative to the root of the repository"),
        ("//host/share", "is absolute; paths are relative to the root of the repository"),
        ("C:\\x", "is absolute; paths are relative to the root of the repository"),
        ("c:x", "is absolute; paths are relative to the root of the repository"),
        ("a\\b", "has a backslash; folders are separated by '/'"),
        ("..\\b", "has a backslash; folders are separated by '/'"),
        ("..", "has '..', which can leave the repository"),
        ("../x", "has '..', which can leave the repository"),
        ("a/../../x", "has '..', which can leave the repository"),
        ("a/..", "has '..', which can leave the repository"),
        ("~/x", "begins with '~', which is not expanded"),
        ("~root", "begins with '~', which is not expanded"),
        (".git", "is in Git's own folder"),
        ("./.GIT/hooks", "is in Git's own folder"),
        ('"a\\0b"', "has control characters"),
        ('"a\\nb"', "has control characters"),
        ('"a\\x7fb"', "has control characters"),
        ("' x'", "begins or ends with white space"),
    ],
)
@pytest.mark.parametrize("key", ["module_dir", "license_path", "skills_dir"])
def test_impossible_paths(key: str, text: str, said: str, tmp_path: Path) -> None:
    (fault,) = faults(f"{key}: {text}", tmp_path)
    assert fault.startswith(f"1: {key}: ")
    assert fault.endswith(said)


@pytest.mark.parametrize("text", ["..a", "a..", "...", ".github", ".gitlab/x", "a/~b", "a b", "é", ".paa"])
def test_paths_that_only_look_impossible(text: str, tmp_path: Path) -> None:
    assert read(f"module_dir: {text}", tmp_path).module_dir == text


@pytest.mark.parametrize("key", FOLDERS, ids=lambda key: key.name)
def test_a_file_is_no_folder(key: Key, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello")
    assert faults(f"{key.name}: README.md", tmp_path) == (
        f"1: {key.name}: 'README.md' is a file; a folder is expected",
    )
    assert faults(f"{key.name}: README.md/x", tmp_path) == (f"1: {key.name}: 'README.md/x' leads through a file",)


@pytest.mark.parametrize("key", ["license_path", "notice_path"])
def test_a_file_has_to_be_there(key: str, tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("MIT")
    (tmp_path / "folder").mkdir()
    assert getattr(read(f"{key}: ./LICENSE", tmp_path), key) == "LICENSE"
    assert faults(f"{key}: LICENCE", tmp_path) == (f"1: {key}: there is no file 'LICENCE'",)
    assert faults(f"{key}: folder", tmp_path) == (f"1: {key}: 'folder' is not a file",)
    assert faults(f"{key}: .", tmp_path) == (f"1: {key}: '.' is the whole folder; name something in it",)


def test_a_named_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert faults("license_path: pipe", tmp_path) == ("1: license_path: 'pipe' is not a file",)


def test_links_stay_in_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "real").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/LICENSE").write_text("MIT")
    (root / "inside").symlink_to("real")
    (root / "way_out").symlink_to("../outside")
    (root / "nowhere").symlink_to("../missing")
    (root / "loop").symlink_to("loop")
    assert read("module_dir: inside", root).module_dir == "inside"
    out = "leads out of the repository through a symbolic link"
    assert faults("module_dir: way_out", root) == (f"1: module_dir: 'way_out' {out}",)
    assert faults("module_dir: way_out/x", root) == (f"1: module_dir: 'way_out/x' {out}",)
    assert faults("module_dir: nowhere", root) == (f"1: module_dir: 'nowhere' {out}",)
    assert faults("license_path: way_out/LICENSE", root) == (f"1: license_path: 'way_out/LICENSE' {out}",)
    assert faults("module_dir: loop", root)[0].startswith("1: module_dir: 'loop' can't be looked at: ")


def test_a_repository_behind_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real/mods").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    assert read("module_dir: mods", tmp_path / "link").module_dir == "mods"


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    (fault,) = faults(f"module_dir: {'x' * 5000}", tmp_path)
    assert "can't be looked at: " in fault
    assert len(fault) < 200


def test_the_disk_is_left_alone_when_asked(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello")
    config = read("module_dir: README.md\nlicense_path: missing\n", tmp_path, check_paths=False)
    assert (config.module_dir, config.license_path) == ("README.md", "missing")
    assert faults("module_dir: ../x", tmp_path, check_paths=False)


def test_two_folders_of_modules_can_not_be_one(tmp_path: Path) -> None:
    assert faults("cli_dir: python_modules/", tmp_path) == (
        "1: cli_dir: is the same folder as module_dir; each needs one of its own",
    )
    assert faults("mcp_dir: x\napi_routes_dir: ./x\n", tmp_path) == (
        "2: api_routes_dir: is the same folder as mcp_dir; each needs one of its own",
    )


@pytest.mark.parametrize("key", ["docs_file_paths", "artifacts_filepaths"])
def test_mappings_of_paths(key: str, tmp_path: Path) -> None:
    config = read(f"{key}: {{./a/b.md: c/d.md/, e: f}}", tmp_path)
    assert getattr(config, key) == {"a/b.md": "c/d.md", "e": "f"}
    found = faults(
        f"{key}:\n  ../a: b\n  c: /d\n  e: ''\n  f: 1\n  g: [h]\n  i: .\n  j: k\n  ./j: l\n  j: m\n  '': n\n",
        tmp_path,
    )
    assert found == (
        f"2: {key}.'../a': '../a' has '..', which can leave the repository",
        f"3: {key}.c: '/d' is absolute; paths are relative to the root of the repository",
        f"4: {key}.e: '' is empty",
        f"5: {key}.f: found the number 1, expected a path; put it in quotes: '1'",
        f"6: {key}.g: found a list, expected a path",
        f"7: {key}.i: '.' is the whole folder; name something in it",
        f"9: {key}.'./j': 'j' is there already, written differently; keep one",
        f"10: {key}.j: given twice, first on line 8; keep one",
        f"11: {key}.'': '' is empty",
    )
    assert faults(f"{key}: [a]", tmp_path) == (f"1: {key}: found a list, expected a mapping of paths to paths",)


def test_projects(tmp_path: Path) -> None:
    assert read("projects: [{path: .}, {path: ./sub/}, {path: sub}]", tmp_path).projects == (".", "sub")
    (tmp_path / "file").write_text("")
    found = faults("projects:\n- sub\n- pth: x\n- {path: ../x}\n- {path: ''}\n- {path: file}\n- {}\n- [a]\n", tmp_path)
    assert found == (
        "2: projects[0]: found the text 'sub', expected a mapping with 'path', such as {path: .}",
        "3: projects[1].pth: unknown key; did you mean 'path'?",
        "3: projects[1]: lacks 'path'",
        "4: projects[2].path: '../x' has '..', which can leave the repository",
        "5: projects[3].path: '' is empty",
        "6: projects[4].path: 'file' is a file; a folder is expected",
        "7: projects[5]: lacks 'path'",
        "8: projects[6]: found a list, expected a mapping with 'path', such as {path: .}",
    )
    assert faults("projects: {path: .}", tmp_path) == (
        "1: projects: found a mapping, expected a list such as [{path: .}]",
    )
