"""The history as Git tells it: whatever the user's settings, names and messages are, the same is read."""

import os
from pathlib import Path

import pytest

from paa.edges.git_history import is_ancestor, is_shallow, log_commits, merge_base
from tests.repository import Repository

SHA = "a" * 40


@pytest.fixture
def filled(repository: Repository) -> Repository:
    repository.write({"a.txt": "a\n", "sub/b.txt": "b\n"})
    repository.commit("Begin")
    return repository


def test_commits_are_read_newest_first_with_what_they_changed_here(filled: Repository) -> None:
    first = filled.git("rev-parse", "HEAD")
    filled.write({"a.txt": "2\n", "sub/b.txt": "2\n"})
    second = filled.commit("Change both\n\nWith a body\n\n- of lines\n")
    third = filled.commit("Change nothing")
    newest, middle, oldest = log_commits(filled.path, None)
    assert [commit.sha for commit in (newest, middle, oldest)] == [third, second, first]
    assert (newest.subject, newest.body, newest.paths) == ("Change nothing", "", ())
    assert (middle.subject, middle.body) == ("Change both", "With a body\n\n- of lines")
    assert middle.paths == ("a.txt", "sub/b.txt")
    assert log_commits(filled.path, second) == (newest,)
    assert log_commits(filled.path, third) == ()
    # From below, paths are relative and other folders' are left out.
    assert [commit.paths for commit in log_commits(filled.path / "sub", None)] == [(), ("b.txt",), ("b.txt",)]


def test_merges_are_listed_with_the_commits_that_they_bring(filled: Repository) -> None:
    filled.git("checkout", "--quiet", "-b", "topic")
    filled.write({"topic.txt": "x"})
    filled.commit("On a branch")
    filled.git("checkout", "--quiet", "main")
    filled.commit("Meanwhile")
    filled.git("merge", "--quiet", "--no-ff", "--message", "Merge it", "topic")
    found = {commit.subject: commit.paths for commit in log_commits(filled.path, None)}
    assert found == {"Merge it": (), "Meanwhile": (), "On a branch": ("topic.txt",), "Begin": ("a.txt", "sub/b.txt")}


def test_no_name_or_message_can_pass_for_a_commit(repository: Repository) -> None:
    """Hashes as names of files and as messages, in every place where a hash of a commit could stand."""
    repository.write({SHA: "1", f"\n{SHA}": "2", "\n": "3", "b": "4"})
    repository.commit(SHA)
    repository.write({SHA: "2"})
    repository.commit(f"Subject\n\n{SHA}")
    repository.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "--message", "")
    repository.write({SHA: "3", f"\n{SHA}": "3"})
    repository.git("commit", "--quiet", "--all", "--allow-empty-message", "--message", "")
    found = [(commit.subject, commit.body, set(commit.paths)) for commit in log_commits(repository.path, None)]
    assert found == [
        ("", "", {SHA, f"\n{SHA}"}),
        ("", "", set()),
        ("Subject", SHA, {SHA}),
        (SHA, "", {SHA, f"\n{SHA}", "\n", "b"}),
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("log.showSignature", "true"),
        ("log.decorate", "full"),
        ("log.follow", "true"),
        ("log.mailmap", "true"),
        ("log.diffMerges", "on"),
        ("i18n.logOutputEncoding", "ISO-8859-1"),
        ("diff.renames", "copies"),
        ("diff.noprefix", "true"),
        ("diff.relative", "false"),
        ("color.ui", "always"),
        ("core.quotePath", "true"),
        ("format.pretty", "oneline"),
        ("log.date", "relative"),
        ("core.pager", "cat -A"),
        ("alias.log", "log --oneline"),
    ],
)
def test_settings_of_the_user_change_nothing_in_the_history(filled: Repository, setting: str, value: str) -> None:
    filled.write({"c.txt": "a\n", "sub/ü.txt": "x"})
    (filled.path / "a.txt").unlink()
    filled.commit("Ünïcödé")
    before = log_commits(filled.path, None)
    filled.git("config", setting, value)
    assert log_commits(filled.path, None) == before
    assert before[0].subject == "Ünïcödé"
    assert set(before[0].paths) == {"a.txt", "c.txt", "sub/ü.txt"}


def test_paths_of_every_kind_are_told_as_they_are_on_disk(repository: Repository) -> None:
    names = ["a b", "new\nline", "quote\"'", "tab\t", "-rf", "ü", os.fsdecode(b"\xff\xfe"), "$(x)", "back\\slash"]
    for name in names:
        (repository.path / name).write_bytes(b"x")
    repository.commit("Names")
    (logged,) = log_commits(repository.path, None)
    assert set(logged.paths) == set(names)


def test_a_message_that_is_no_utf_8_is_read_all_the_same(filled: Repository) -> None:
    tree = filled.git("rev-parse", "HEAD^{tree}")
    people = "".join(f"{who} T <t@example.org> 1700000000 +0000\n" for who in ("author", "committer"))
    for encoding, subject in (("", "caf�"), ("encoding ISO-8859-1\n", "café")):
        path = filled.path.parent / "commit"
        path.write_bytes(f"tree {tree}\n{people}{encoding}\n".encode() + b"caf\xe9\n\nbody\n")
        filled.git("update-ref", "HEAD", filled.git("hash-object", "-t", "commit", "-w", str(path)))
        (newest,) = log_commits(filled.path, None)
        assert (newest.subject, newest.body) == (subject, "body")


def test_ancestors(filled: Repository) -> None:
    first = filled.git("rev-parse", "HEAD")
    second = filled.commit("More")
    assert is_ancestor(filled.path, first, second)
    assert is_ancestor(filled.path, second, second)
    assert not is_ancestor(filled.path, second, first)
    assert not is_ancestor(filled.path, SHA, second)


def test_a_shallow_clone_is_known_as_one(filled: Repository, tmp_path: Path) -> None:
    filled.commit("More")
    clone = tmp_path / "clone"
    filled.git("clone", "--quiet", "--depth=1", filled.path.as_uri(), str(clone))
    assert is_shallow(clone)
    assert not is_shallow(filled.path)
    assert len(log_commits(clone, None)) == 1


def test_the_last_common_commit(filled: Repository) -> None:
    base = filled.git("rev-parse", "HEAD")
    one = filled.commit("One")
    filled.git("checkout", "--quiet", "-b", "other", base)
    other = filled.commit("Other")
    assert merge_base(filled.path, one, other) == base
    assert merge_base(filled.path, one, SHA) is None
    filled.git("checkout", "--quiet", "--orphan", "unrelated")
    assert merge_base(filled.path, one, filled.commit("Unrelated")) is None
