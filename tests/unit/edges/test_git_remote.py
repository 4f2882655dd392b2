"""Which remote is pushed to, what it has, and that nothing but what was named goes there."""

from pathlib import Path

import pytest

from paa.edges import git_remote
from paa.errors import GitError, UsageError
from tests.repository import Repository

ORIGIN = {"remote.origin.url": "o"}
FORK = {"remote.fork.url": "f"}


@pytest.fixture
def bare(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "bare.git")
    made.path.mkdir()
    made.git("init", "--quiet", "--bare")
    return made


@pytest.fixture
def filled(repository: Repository, bare: Repository) -> Repository:
    repository.write({"a.txt": "a\n"})
    repository.commit("Begin")
    repository.git("remote", "add", "origin", str(bare.path))
    return repository


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, None),
        ({"branch.main.remote": "."}, None),
        (ORIGIN, "origin"),
        (FORK, "fork"),
        (ORIGIN | FORK, "origin"),
        (ORIGIN | FORK | {"branch.main.remote": "fork"}, "fork"),
        (ORIGIN | FORK | {"branch.main.remote": "."}, "origin"),
        (ORIGIN | FORK | {"branch.other.remote": "fork"}, "origin"),
        (ORIGIN | FORK | {"branch.main.remote": "origin", "remote.pushdefault": "fork"}, "fork"),
        (ORIGIN | FORK | {"branch.main.pushremote": "origin", "remote.pushdefault": "fork"}, "origin"),
    ],
)
def test_the_remote_is_the_one_that_git_would_push_to(settings: dict[str, str], expected: str | None) -> None:
    assert git_remote.choose_remote(settings, "main") == expected


def test_of_several_remotes_none_is_guessed() -> None:
    with pytest.raises(UsageError, match="several remotes") as caught:
        git_remote.choose_remote({"remote.a.url": "1", "remote.b.c.url": "2"}, "main")
    assert "remote.pushDefault" in str(caught.value.advice)


def test_a_branch_that_began_at_another_does_not_go_there() -> None:
    topic = {"branch.topic.merge": "refs/heads/main"}
    assert git_remote.branch_there(topic, "topic") == "topic"
    assert git_remote.branch_there(topic | {"push.default": "upstream"}, "topic") == "main"
    assert git_remote.branch_there(topic | {"push.default": "simple"}, "topic") == "topic"


def test_settings_are_read_as_git_has_them(filled: Repository) -> None:
    filled.git("config", "push.default", "current")
    filled.git("config", "push.default", "simple")
    filled.git("config", "branch.Ünïcode/x.remote", "origin")
    settings = git_remote.read_settings(filled.path)
    assert settings["push.default"] == "simple"
    assert settings["branch.Ünïcode/x.remote"] == "origin"


def test_what_a_remote_has(filled: Repository, bare: Repository) -> None:
    assert git_remote.look_at(filled.path, "origin").references == {}
    filled.git("tag", "--annotate", "--message", "x", "a-v1")
    filled.git("push", "--quiet", "origin", "main", "a-v1")
    state = git_remote.look_at(filled.path, "origin")
    assert state.default_branch == "main"
    assert state.references["refs/heads/main"] == filled.git("rev-parse", "HEAD")
    assert state.references["refs/tags/a-v1"] == bare.git("rev-parse", "a-v1")
    assert not any(name.endswith("^{}") for name in state.references)


def test_a_remote_that_is_not_there_is_an_error(filled: Repository) -> None:
    filled.git("remote", "set-url", "origin", str(filled.path / "nowhere"))
    with pytest.raises(GitError, match="ls-remote"):
        git_remote.look_at(filled.path, "origin")


def test_a_push_is_all_or_nothing_and_gives_gits_reason(filled: Repository, bare: Repository) -> None:
    filled.git("tag", "one")
    assert git_remote.push(filled.path, "origin", ["HEAD:refs/heads/main", "refs/tags/one"]) is None
    assert bare.tags() == ("one",)
    assert git_remote.remote_commit(filled.path, "origin", "main") == filled.git("rev-parse", "HEAD")
    assert git_remote.remote_commit(filled.path, "origin", "other") is None
    filled.git("tag", "two")
    filled.git("commit", "--quiet", "--amend", "--allow-empty", "--message", "Rewritten")
    reason = git_remote.push(filled.path, "origin", ["HEAD:refs/heads/main", "refs/tags/two"])
    assert reason is not None
    assert "rejected" in reason
    assert bare.tags() == ("one",)


def test_a_remote_that_can_t_take_all_at_once_takes_one_by_one(filled: Repository, bare: Repository) -> None:
    bare.git("config", "receive.advertiseAtomic", "false")
    filled.git("tag", "one")
    assert git_remote.push(filled.path, "origin", ["HEAD:refs/heads/main", "refs/tags/one"]) is None
    assert bare.tags() == ("one",)


def test_no_other_tag_goes_along(filled: Repository, bare: Repository) -> None:
    filled.git("config", "push.followTags", "true")
    filled.git("tag", "--annotate", "--message", "private", "mine")
    assert git_remote.push(filled.path, "origin", ["HEAD:refs/heads/main"]) is None
    assert bare.tags() == ()


def test_a_tag_is_read_where_this_clone_has_another(filled: Repository) -> None:
    head = filled.git("rev-parse", "HEAD")
    filled.git("tag", "--annotate", "--message", "Theirs\n\n- note", "x")
    target = filled.git("rev-parse", "x")
    tag = git_remote.read_tag(filled.path, "y", target)
    assert (tag.name, tag.commit, tag.message, tag.target) == ("y", head, "Theirs\n\n- note\n", target)
    assert tag.time == int(filled.git("for-each-ref", "--format=%(taggerdate:unix)", "refs/tags/x"))
    light = git_remote.read_tag(filled.path, "y", head)
    assert (light.commit, light.message) == (head, "")
