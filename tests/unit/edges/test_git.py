"""Git as a command: whatever the user's settings, names and messages are, the same is read."""

import os
from pathlib import Path

import pytest

from paa.edges import git
from paa.errors import GitError
from tests.repository import Repository

SHA = "a" * 40


@pytest.fixture
def filled(repository: Repository) -> Repository:
    repository.write({"a.txt": "a\n", "sub/b.txt": "b\n"})
    repository.commit("Begin")
    return repository


# ------------------------------------------------------------------------------------------------- where and what


def test_the_top_of_the_work_tree_is_found_from_below(filled: Repository, tmp_path: Path) -> None:
    assert git.find_top(filled.path / "sub") == filled.path.resolve()
    assert git.find_top(tmp_path) is None


def test_a_broken_repository_is_an_error_and_not_no_repository(filled: Repository) -> None:
    (filled.path / ".git" / "config").write_text("[broken\n")
    with pytest.raises(GitError, match="bad config"):
        git.find_top(filled.path)


def test_a_name_with_spaces_and_line_ends(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "a b\nc")
    repository.path.mkdir()
    repository.git("init", "--quiet")
    assert git.find_top(repository.path) == repository.path.resolve()
    assert git.head_commit(repository.path) is None
    head = repository.commit("Begin")
    assert git.head_commit(repository.path) == head


def test_an_error_names_what_was_done_and_where(filled: Repository) -> None:
    with pytest.raises(GitError, match=r"git rev-parse failed in .*repository: fatal: ") as caught:
        git.git(filled.path, "rev-parse", "--verify", "no-such-thing")
    assert caught.value.exit_code == 3


def test_the_repository_is_the_one_of_the_folder_and_not_of_a_hook(
    filled: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository(tmp_path / "other")
    other.path.mkdir()
    other.git("init", "--quiet")
    head = filled.git("rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert git.head_commit(filled.path) == head
    assert git.list_index(filled.path).keys() == {"a.txt", "sub/b.txt"}


# ------------------------------------------------------------------------------------------------------- listing


def test_what_differs_from_head_is_listed_from_where_it_is_asked(filled: Repository) -> None:
    filled.write({"a.txt": "x", "sub/new ü.txt": "x", "sub/staged.txt": "x", "top.txt": "x", "inner/.git/HEAD": ""})
    filled.git("add", "sub/staged.txt")
    (filled.path / "sub" / "b.txt").unlink()
    everything = ("a.txt", "inner/.git/HEAD", "sub/b.txt", "sub/new ü.txt", "sub/staged.txt", "top.txt")
    assert set(git.list_uncommitted(filled.path)) <= set(everything)
    assert git.list_uncommitted(filled.path / "sub") == ("b.txt", "new ü.txt", "staged.txt")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("status.showUntrackedFiles", "no"),
        ("status.relativePaths", "false"),
        ("status.renames", "copies"),
        ("core.quotePath", "true"),
        ("color.ui", "always"),
        ("status.short", "true"),
        ("status.branch", "true"),
    ],
)
def test_settings_of_the_user_change_nothing_in_what_is_uncommitted(
    filled: Repository, setting: str, value: str
) -> None:
    filled.git("config", setting, value)
    filled.write({"sub/ü.txt": "a\n"})
    filled.git("mv", "a.txt", "c.txt")
    assert git.list_uncommitted(filled.path) == ("a.txt", "c.txt", "sub/ü.txt")


def test_names_of_every_kind_are_listed_as_they_are_on_disk(repository: Repository) -> None:
    names = ["a b", "new\nline", "quote\"'", "tab\t", "-rf", "ü", os.fsdecode(b"\xff\xfe"), "$(x)", "back\\slash"]
    for name in names:
        (repository.path / name).write_bytes(name.encode("utf-8", "surrogateescape"))
    assert git.list_uncommitted(repository.path) == tuple(sorted(names))
    head = repository.commit("Names")
    assert git.list_commit(repository.path, head).keys() == set(names)
    assert git.list_index(repository.path).keys() == set(names)


def test_contents_come_back_as_they_are_in_one_call(repository: Repository) -> None:
    contents = [b"", b"\n", b"\0\xff", b"blob 3\nabc\n", b"x" * 100_000]
    for number, content in enumerate(contents):
        (repository.path / f"{number}").write_bytes(content)
    entries = git.list_commit(repository.path, repository.commit("All"))
    blobs = git.read_blobs(repository.path, (entry.blob for entry in entries.values()))
    assert [blobs[entries[f"{number}"].blob] for number in range(len(contents))] == contents
    assert git.read_blobs(repository.path, ()) == {}


def test_an_object_that_is_no_file_or_not_there_is_an_error(filled: Repository) -> None:
    for name in (SHA, filled.git("rev-parse", "HEAD")):
        with pytest.raises(GitError, match=name) as caught:
            git.read_blobs(filled.path, [name])
        assert "unshallow" in str(caught.value.advice)


# ------------------------------------------------------------------------------------------- branches and remotes


def test_branch_and_remote(filled: Repository) -> None:
    assert git.current_branch(filled.path) == "main"
    assert git.remote_url(filled.path) is None
    filled.git("remote", "add", "origin", "https://example.org/x.git")
    assert git.remote_url(filled.path) == "https://example.org/x.git"
    filled.git("checkout", "--quiet", "--detach")
    assert git.current_branch(filled.path) is None


def test_top_and_head_are_told_together(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    assert git.find_top_and_head(outside) == (None, None)
    assert git.find_top_and_head(repository.path) == (repository.path, None)
    repository.write({"below/file": "x"})
    commit = repository.commit("One")
    assert git.find_top_and_head(repository.path / "below") == (repository.path, commit)


def test_a_folder_with_a_line_end_in_its_name_is_found(tmp_path: Path) -> None:
    odd = Repository(path=tmp_path / "a\nb")
    odd.path.mkdir()
    odd.git("init", "--quiet")
    commit = odd.commit("One")
    assert git.find_top_and_head(odd.path) == (odd.path, commit)
