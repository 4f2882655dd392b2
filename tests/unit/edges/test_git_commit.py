"""Commits, tags and moves of a branch as paa makes them: nothing of the user's is touched."""

from pathlib import Path

import pytest

from paa.edges import git_commit
from paa.edges.git_tags import list_tags
from paa.errors import GitError
from tests.repository import Repository


@pytest.fixture
def filled(repository: Repository) -> Repository:
    repository.write({"a.txt": "a\n", "sub/b.txt": "b\n", "run.sh": "x\n"})
    (repository.path / "run.sh").chmod(0o755)
    repository.commit("Begin")
    return repository


def failing_hooks(repository: Repository, *names: str) -> None:
    for name in names:
        hook = repository.path / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)


def test_a_tag_is_never_moved(filled: Repository) -> None:
    head = filled.git("rev-parse", "HEAD")
    git_commit.create_tag(filled.path, "a-v1", head, "One")
    git_commit.create_tag_object(filled.path, "refs/paa/releases/a/1", head, "One\n")
    with pytest.raises(GitError, match="already exists"):
        git_commit.create_tag(filled.path, "a-v1", head, "Two")
    with pytest.raises(GitError, match="already exists"):
        git_commit.create_tag_object(filled.path, "refs/paa/releases/a/1", head, "Two\n")
    assert {tag.message.strip() for tag in list_tags(filled.path)} == {"One"}


def test_a_commit_is_made_beside_everything_of_the_users(filled: Repository) -> None:
    failing_hooks(filled, "pre-commit", "commit-msg", "post-commit", "prepare-commit-msg")
    filled.write({"a.txt": "staged\n", ".gitignore": ".paa/\n", "other.txt": "x"})
    filled.git("add", "a.txt")
    status, head = filled.git("status", "--porcelain"), filled.git("rev-parse", "HEAD")
    files = {".paa/ü one": b"1\r\n", "a.txt": b"new\n", "run.sh": b"y\n"}
    commit = git_commit.commit_files(filled.path, head, files, "Record\n\n# kept\n")
    assert (filled.git("status", "--porcelain"), filled.git("rev-parse", "HEAD")) == (status, head)
    assert filled.git("rev-parse", f"{commit}^") == head
    assert filled.git("log", "-1", "--format=%B", commit).strip() == "Record\n\n# kept"
    listed = filled.git("-c", "core.quotepath=off", "ls-tree", "-r", "--format=%(objectmode) %(path)", commit)
    assert listed.splitlines() == ["100644 .paa/ü one", "100644 a.txt", "100755 run.sh", "100644 sub/b.txt"]
    assert filled.git("cat-file", "blob", f"{commit}:.paa/ü one") == "1\r"


def test_paths_are_those_of_the_folder_also_below_the_top(filled: Repository) -> None:
    head = filled.git("rev-parse", "HEAD")
    commit = git_commit.commit_files(filled.path / "sub", head, {"b.txt": b"2\n", "new": b"3\n"}, "Record")
    assert filled.git("diff", "--name-only", head, commit).splitlines() == ["sub/b.txt", "sub/new"]
    (filled.path / "sub" / "b.txt").write_bytes(b"2\n")
    (filled.path / "sub" / "new").write_bytes(b"3\n")
    git_commit.stage_from(filled.path / "sub", commit, ["b.txt", "new"])
    git_commit.move_head(filled.path, commit, head)
    assert filled.git("status", "--porcelain") == ""


def test_a_link_is_not_written_over(filled: Repository) -> None:
    (filled.path / "link").symlink_to("a.txt")
    head = filled.commit("Link")
    with pytest.raises(GitError, match="link is a symbolic link"):
        git_commit.commit_files(filled.path, head, {"link": b"x"}, "Record")


def test_a_commit_is_signed_where_the_user_wants_that(filled: Repository) -> None:
    filled.git("config", "commit.gpgSign", "true")
    filled.git("config", "gpg.program", "false")
    with pytest.raises(GitError, match="sign"):
        git_commit.commit_files(filled.path, filled.git("rev-parse", "HEAD"), {"x": b"x"}, "Record")


def test_a_branch_is_only_moved_from_where_it_was_believed_to_be(filled: Repository) -> None:
    first = filled.git("rev-parse", "HEAD")
    second = filled.commit("More")
    commit = git_commit.commit_files(filled.path, first, {"x": b"x"}, "Record")
    with pytest.raises(GitError, match="update-ref"):
        git_commit.move_head(filled.path, commit, first)
    assert filled.git("rev-parse", "main") == second


@pytest.mark.parametrize(
    ("name", "reason"), [("a.txt", "a.txt"), ("new.txt", "new.txt is in the way"), ("ignored", "ignored is in the way")]
)
def test_files_switch_to_another_commit_and_nothing_uncommitted_is_lost(
    filled: Repository, name: str, reason: str
) -> None:
    old = filled.git("rev-parse", "HEAD")
    filled.write({"a.txt": "2\n", "new.txt": "2\n", "ignored": "2\n"})
    new = filled.commit("Theirs")
    filled.git("reset", "--quiet", "--hard", old)
    filled.write({".git/info/exclude": "ignored\n", "sub/b.txt": "mine\n"})
    before = (filled.path / name).read_bytes() if (filled.path / name).exists() else None
    filled.write({name: "mine\n"})
    problem = git_commit.switch_files(filled.path, old, new)
    assert problem is not None
    assert reason in problem
    assert (filled.path / name).read_text() == "mine\n"
    assert filled.git("diff", "--cached", "--name-only") == ""
    if before is None:
        (filled.path / name).unlink()
    else:
        (filled.path / name).write_bytes(before)
    assert git_commit.switch_files(filled.path, old, new) is None
    git_commit.move_head(filled.path, new, old)
    assert filled.git("status", "--porcelain") == " M sub/b.txt"


def test_files_switch_although_the_index_knows_nothing_of_the_disk(filled: Repository) -> None:
    old = filled.git("rev-parse", "HEAD")
    filled.write({"a.txt": "2\n"})
    new = filled.commit("Theirs")
    filled.git("reset", "--quiet", "--hard", old)
    git_commit.stage_from(filled.path, old, ["a.txt"])
    assert git_commit.switch_files(filled.path, old, new) is None
    assert (filled.path / "a.txt").read_text() == "2\n"


def test_who_commits_is_known_or_not(filled: Repository, home: Path) -> None:
    assert git_commit.knows_committer(filled.path)
    (home / ".gitconfig").write_text("[user]\n    useConfigOnly = true\n    name = Only\n")
    assert not git_commit.knows_committer(filled.path)
    filled.git("config", "user.email", "somebody@example.org")
    assert git_commit.knows_committer(filled.path)
