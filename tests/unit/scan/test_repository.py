"""Where a repository begins, and which states of it can be read."""

import os
import sys
from pathlib import Path

import pytest

from paa.errors import ConfigError, FileError, GitError, UsageError
from paa.scan.repository import disk_state, head_state, open_repository, require_clean, require_commit
from tests.repository import Repository

CONFIG = "module_dir: modules\n"


def test_it_begins_at_the_top_of_the_work_tree(repository: Repository) -> None:
    repository.write({"a/b/c.txt": ""})
    commit = repository.commit("first")

    for folder in (repository.path, repository.path / "a", repository.path / "a/b"):
        found = open_repository(folder)
        assert (found.root, found.in_git, found.commit) == (repository.path.resolve(), True, commit)
        assert found.config.source is None


def test_it_begins_at_the_nearest_settings(repository: Repository) -> None:
    repository.write({".paa.config": "", "a/.paa.config": CONFIG, "a/b/c.txt": "", "d/e.txt": ""})

    assert open_repository(repository.path / "a/b").root == repository.path / "a"
    assert open_repository(repository.path / "a").config.module_dir == "modules"
    assert open_repository(repository.path / "d").root == repository.path
    assert open_repository(repository.path).config.module_dir == "python_modules"


def test_settings_above_the_work_tree_are_somebody_elses(tmp_path: Path, repository: Repository) -> None:
    (tmp_path / ".paa.config").write_text(CONFIG, encoding="utf-8")

    assert open_repository(repository.path).root == repository.path
    assert open_repository(repository.path).config.source is None


def test_outside_git_it_begins_at_the_settings_or_at_the_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "c/d").mkdir(parents=True)
    (tmp_path / "a/.paa.config").write_text(CONFIG, encoding="utf-8")

    with_settings, without = open_repository(tmp_path / "a/b"), open_repository(tmp_path / "c/d")

    assert (with_settings.root, with_settings.in_git, with_settings.commit) == (tmp_path / "a", False, None)
    assert with_settings.config.module_dir == "modules"
    assert without.root == tmp_path / "c/d"


def test_it_is_found_through_a_symbolic_link(tmp_path: Path, repository: Repository) -> None:
    repository.write({"a/.paa.config": CONFIG, "a/modules/pkg.py": ""})
    repository.commit("first")
    (tmp_path / "link").symlink_to(repository.path, target_is_directory=True)

    found = open_repository(tmp_path / "link" / "a")

    assert found.root == repository.path / "a"
    assert found.config.module_dir == "modules"
    assert list(disk_state(found).blobs) == [".paa.config", "modules/pkg.py"]


def test_a_relative_folder_is_seen_from_where_one_is(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write({"a/b.txt": ""})
    monkeypatch.chdir(repository.path / "a")

    assert open_repository(Path()).root == repository.path
    assert open_repository(Path("..")).root == repository.path


def test_settings_named_on_the_command_line_are_read_instead(tmp_path: Path, repository: Repository) -> None:
    repository.write({".paa.config": "module_dir: ignored\n"})
    other = tmp_path / "other.config"
    other.write_text(CONFIG, encoding="utf-8")

    assert open_repository(repository.path, other).config.module_dir == "modules"


@pytest.mark.parametrize("make", [None, "file"])
def test_what_is_no_folder_is_an_error(tmp_path: Path, make: str | None) -> None:
    path = tmp_path / "nothing"
    if make:
        path.write_bytes(b"")

    with pytest.raises(FileError) as raised:
        open_repository(path)

    assert raised.value.message == f"{path} is not a folder"
    assert raised.value.advice


def test_wrong_settings_are_told(repository: Repository) -> None:
    repository.write({".paa.config": "module_dri: x\n"})

    with pytest.raises(ConfigError) as raised:
        open_repository(repository.path)

    assert any("module_dri" in fault for fault in raised.value.faults)


def test_settings_that_are_a_folder_are_an_error(repository: Repository) -> None:
    (repository.path / ".paa.config").mkdir()

    with pytest.raises((ConfigError, FileError)):
        open_repository(repository.path)


def test_a_broken_repository_is_an_error(repository: Repository) -> None:
    repository.write({".git/config": "[core\n"})

    with pytest.raises(GitError):
        open_repository(repository.path)


def test_head_is_read_with_the_settings_that_it_holds(repository: Repository) -> None:
    repository.write({".paa.config": CONFIG, "modules/pkg.py": "x = 1\n"})
    commit = repository.commit("first")
    repository.write({".paa.config": "module_dir: other\n", "modules/pkg.py": "x = 2\n", "modules/new.py": ""})

    found, tree = head_state(open_repository(repository.path))

    assert found.config.module_dir == "modules"
    assert (tree.commit, tree.read_one("modules/pkg.py")) == (commit, b"x = 1\n")
    assert "modules/new.py" not in tree.blobs
    on_disk = disk_state(open_repository(repository.path))
    assert (on_disk.commit, on_disk.read_one("modules/pkg.py")) == (None, b"x = 2\n")
    assert "modules/new.py" in on_disk.blobs


def test_settings_that_are_not_committed_are_not_those_of_head(repository: Repository) -> None:
    repository.write({"a.txt": ""})
    repository.commit("first")
    repository.write({".paa.config": CONFIG})

    found, _ = head_state(open_repository(repository.path))

    assert found.config.module_dir == "python_modules"


def test_settings_named_on_the_command_line_are_those_of_head_too(tmp_path: Path, repository: Repository) -> None:
    repository.write({".paa.config": "module_dir: committed\n"})
    repository.commit("first")
    other = tmp_path / "other.config"
    other.write_text(CONFIG, encoding="utf-8")

    found, _ = head_state(open_repository(repository.path, other))

    assert found.config.module_dir == "modules"


def test_wrong_settings_in_head_are_told(repository: Repository) -> None:
    repository.write({".paa.config": "module_dri: x\n"})
    repository.commit("first")
    repository.write({".paa.config": CONFIG})

    with pytest.raises(ConfigError):
        head_state(open_repository(repository.path))


def test_head_of_a_folder_of_the_repository(repository: Repository) -> None:
    repository.write({"a/.paa.config": CONFIG, "a/modules/pkg.py": "", "b.txt": ""})
    repository.commit("first")

    found, tree = head_state(open_repository(repository.path / "a"))

    assert list(tree.blobs) == [".paa.config", "modules/pkg.py"]
    assert found.config.module_dir == "modules"


def test_releases_need_git_and_a_commit(tmp_path: Path, repository: Repository) -> None:
    with pytest.raises(UsageError) as no_commit:
        require_commit(open_repository(repository.path))
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError) as no_git:
        head_state(open_repository(tmp_path / "plain"))

    assert "has no commit yet" in no_commit.value.message
    assert "is not a Git repository" in no_git.value.message
    assert no_git.value.advice
    assert no_commit.value.advice
    commit = repository.commit("first")
    assert require_commit(open_repository(repository.path)) == commit


CHANGED = [
    pytest.param({"new.txt": ""}, ["new.txt"], id="untracked"),
    pytest.param({"a.txt": "changed"}, ["a.txt"], id="modified"),
    pytest.param({"folder/new.txt": ""}, ["folder/new.txt"], id="in a folder"),
    pytest.param({"spaced name.txt": "", "ünïcode.txt": ""}, ["spaced name.txt", "ünïcode.txt"], id="names"),
    pytest.param({"dist/a.whl": "", "dist/.paa/receipt": ""}, [], id="what is built"),
    pytest.param({"distant/a.whl": "", "a.txt": "x"}, ["distant/a.whl", "a.txt"], id="a name that only begins so"),
    pytest.param({"ignored.log": ""}, [], id="ignored"),
]


@pytest.mark.parametrize("inner", ["", "inner/"])
@pytest.mark.parametrize(("changes", "named"), CHANGED)
def test_what_is_not_committed_is_named(
    repository: Repository, inner: str, changes: dict[str, str], named: list[str]
) -> None:
    repository.write({".gitignore": "*.log\n", f"{inner}a.txt": "", f"{inner}.paa.config": ""})
    repository.commit("first")
    found = open_repository(repository.path / inner)
    require_clean(found, but=("dist",))

    repository.write({f"{inner}{path}": content for path, content in changes.items()})

    if not named:
        require_clean(found, but=("dist",))
        return
    with pytest.raises(UsageError) as raised:
        require_clean(found, but=("dist",))
    assert sorted(line.strip() for line in raised.value.message.splitlines()[1:]) == sorted(named)


def test_a_staged_or_deleted_file_is_not_committed_either(repository: Repository) -> None:
    repository.write({"a.txt": "", "b.txt": ""})
    repository.commit("first")
    repository.write({"staged.txt": ""})
    repository.git("add", "staged.txt")
    (repository.path / "b.txt").unlink()

    with pytest.raises(UsageError) as raised:
        require_clean(open_repository(repository.path), but=("dist",))

    assert raised.value.message.splitlines()[1:] == ["  b.txt", "  staged.txt"]


def test_of_many_files_the_first_are_named(repository: Repository) -> None:
    repository.commit("first")
    repository.write({f"f{number:02}.txt": "" for number in range(15)})

    with pytest.raises(UsageError) as raised:
        require_clean(open_repository(repository.path), but=("dist",))

    assert raised.value.message.endswith("  f09.txt\n  … and 5 more")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_utf_8_are_read_and_named(repository: Repository) -> None:
    repository.write({"a.txt": ""})
    name = os.fsdecode(b"b\xff.txt")
    (repository.path / name).write_bytes(b"x")

    with pytest.raises(UsageError) as raised:
        require_clean(open_repository(repository.path), but=("dist",))
    repository.commit("first")

    assert name in raised.value.message
    _, tree = head_state(open_repository(repository.path))
    assert tree.read_one(name) == disk_state(open_repository(repository.path)).read_one(name) == b"x"
