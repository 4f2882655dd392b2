"""A store between us and a remote: how the remote is found, and that nothing else of the user's settings counts."""

from pathlib import Path

import pytest

from paa.edges.git import BlobEntry
from paa.edges.git_settings import Remote
from paa.edges.git_store import open_store
from paa.errors import ConfigError, GitError
from tests.functional.command_line import with_remote
from tests.repository import Repository
from tests.servers import scripted_index

NAME = "refs/paa/dist/foo/foo-1.0.tar.gz"


def push_something(remote: Remote) -> None:
    with open_store(remote) as store:
        failure = store.push({NAME: store.add(b"data")})
        assert failure is None, failure


def has_it(remote: Repository) -> bool:
    return remote.git("for-each-ref", "--format=%(refname)", NAME) == NAME


def test_a_remote_by_name_by_path_and_by_address(repository: Repository, tmp_path: Path) -> None:
    remote = with_remote(repository)
    for address in ("origin", str(remote.path), "../remote.git", remote.path.as_uri()):
        push_something(Remote(root=repository.path, address=address))
        assert has_it(remote)
        remote.git("update-ref", "-d", NAME)
    # From a folder below, and with a path that is relative to the repository.
    repository.git("remote", "add", "near", "../remote.git")
    (repository.path / "sub").mkdir()
    push_something(Remote(root=repository.path / "sub", address="near"))
    assert has_it(remote)
    del tmp_path


def test_the_address_for_pushing_counts_for_pushing(repository: Repository, tmp_path: Path) -> None:
    remote = with_remote(repository)
    repository.git("remote", "set-url", "origin", str(tmp_path / "nowhere.git"))
    repository.git("remote", "set-url", "--push", "origin", str(remote.path))
    push_something(Remote(root=repository.path))
    assert has_it(remote)


def test_settings_of_the_repository_reach_it_also_from_an_included_file(repository: Repository, tmp_path: Path) -> None:
    """So do CI systems hand over their credentials: in the repository's settings, or a file that they include."""
    remote = with_remote(repository)
    included = tmp_path / "credentials.config"
    included.write_text(
        f'[url "{remote.path}"]\n\tinsteadOf = forge:\n[http "https://forge.example/"]\n\textraheader = h\n'
    )
    repository.git("config", f"includeIf.gitdir:{repository.path}/.git.path", str(included))
    repository.git("remote", "set-url", "origin", "forge:")
    with open_store(Remote(root=repository.path)) as store:
        assert store.push({NAME: store.add(b"data")}) is None
        assert store.git("config", "--get", "http.https://forge.example/.extraheader") == b"h\n"
    assert has_it(remote)


def test_settings_in_the_environment_stay(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = with_remote(repository)
    repository.git("remote", "set-url", "origin", "forge:")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{remote.path}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "forge:")
    push_something(Remote(root=repository.path))
    assert has_it(remote)
    del tmp_path


def test_no_hook_of_the_user_runs_and_no_tag_of_his_is_pushed(repository: Repository, tmp_path: Path) -> None:
    remote = with_remote(repository)
    repository.commit("Begin")
    repository.git("tag", "--annotate", "--message=mine", "v1")
    hooks = tmp_path / "template" / "hooks"
    hooks.mkdir(parents=True)
    for folder in (hooks, repository.path / ".git" / "hooks"):
        folder.mkdir(exist_ok=True)
        (folder / "pre-push").write_text("#!/bin/sh\nexit 1\n")
        (folder / "pre-push").chmod(0o755)
    repository.git("config", "--global", "init.templateDir", str(hooks.parent))
    repository.git("config", "--global", "push.followTags", "true")
    repository.git("config", "--global", "core.hooksPath", str(hooks))
    push_something(Remote(root=repository.path))
    assert remote.git("for-each-ref", "--format=%(refname)") == NAME


@pytest.mark.parametrize(
    "address", ["https://user:secret@forge.example/r.git", "https://token@forge.example/r.git", "ssh://git:secret@x/r"]
)
def test_an_address_with_a_password_is_refused(repository: Repository, address: str) -> None:
    with pytest.raises(ConfigError, match="no user name and no password") as caught:
        push_something(Remote(root=repository.path, address=address))
    assert "secret" not in str(caught.value)


def test_a_remote_that_there_is_not_is_an_error_that_names_it(repository: Repository) -> None:
    with pytest.raises(ConfigError, match="no remote 'upstream'") as caught:
        push_something(Remote(root=repository.path, address="upstream"))
    assert caught.value.advice is not None
    assert "git remote add upstream" in caught.value.advice


def test_a_token_in_the_address_of_origin_is_not_told(repository: Repository) -> None:
    repository.git("remote", "add", "origin", "http://user:s3cret@127.0.0.1:9/r.git")
    with open_store(Remote(root=repository.path)) as store:
        with pytest.raises(GitError) as caught:
            store.references("refs/heads/*")
        failure = store.push({NAME: store.add(b"data")})
    assert failure is not None
    assert "s3cret" not in f"{caught.value} {failure.reason}"


def test_a_reference_that_is_there_is_never_moved(repository: Repository) -> None:
    with_remote(repository)
    push_something(Remote(root=repository.path))
    with open_store(Remote(root=repository.path)) as store:
        before = store.references(NAME)
        assert store.push({NAME: store.add(b"other")}) is not None
        assert store.references(NAME) == before


def test_patterns_fit_whole_names(repository: Repository) -> None:
    remote = with_remote(repository)
    repository.commit("Begin")
    repository.git(
        "push", "--quiet", "origin", "HEAD:refs/heads/a", "HEAD:refs/heads/x/refs/heads/a", "HEAD:refs/heads/ab"
    )
    with open_store(Remote(root=repository.path)) as store:
        assert list(store.references("refs/heads/a")) == ["refs/heads/a"]
        assert list(store.references("refs/heads/a*")) == ["refs/heads/a", "refs/heads/ab"]
        assert store.references("refs/heads/none") == {}
    del remote


@pytest.mark.parametrize("path", [".git/config", "sub/GIT~1/config", "../up", "a/../b", "/absolute"])
def test_a_path_that_git_does_not_allow_is_refused(repository: Repository, path: str) -> None:
    with_remote(repository)
    with open_store(Remote(root=repository.path)) as store, pytest.raises(GitError, match="does not take the path"):
        store.tree_with(None, {path: BlobEntry(mode="100644", blob=store.add(b"x"))})


def test_nothing_is_left_behind(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_remote(repository)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    push_something(Remote(root=repository.path))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_token_in_the_settings_goes_to_the_remote_and_nowhere_else(
    repository: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with scripted_index() as server:
        repository.git("remote", "add", "origin", f"{server.url}r.git")
        repository.git("config", f"http.{server.url}.extraheader", "Authorization: basic s3cret")
        with open_store(Remote(root=repository.path)) as store, pytest.raises(GitError, match="not found") as caught:
            store.references("refs/heads/*")
    assert "basic s3cret" in {request.headers.get("Authorization") for request in server.seen}
    assert "s3cret" not in f"{caught.value}{caplog.text}"
