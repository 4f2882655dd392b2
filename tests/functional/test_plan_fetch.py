"""``paa plan --fetch``: what a job of a CI system gets from the remote, with a token that nobody else ever sees."""

import base64
import http.server
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, Result, clone, done, paa, planned, shim, snapshot, with_remote
from tests.functional.samples import change, three_packages
from tests.pipelines.git_host import GitHost, git_host
from tests.repository import Repository

NAME = "owner/words.git"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[GitHost]:
    with git_host(tmp_path / "host") as running:
        os.environ["GIT_SSL_CAINFO"] = str(running.authority)
        yield running


@pytest.fixture
def hosted(repository: Repository, host: GitHost) -> Repository:
    """Three packages on the host, with a tag; the repository's own remote is a path to it."""
    three_packages(repository)
    repository.git("tag", "dice-v0.0.1")
    repository.git("remote", "add", "origin", str(host.remote(NAME).path))
    repository.git("push", "--quiet", "--set-upstream", "origin", "main", "dice-v0.0.1")
    return repository


@pytest.fixture
def released(hosted: Repository) -> Repository:
    """The same, released and recorded there."""
    hosted.git("push", "--quiet", "--delete", "origin", "dice-v0.0.1")
    hosted.git("tag", "--delete", "dice-v0.0.1")
    done(paa(hosted.path, "release"))
    return hosted


def fresh(released: Repository, host: GitHost, folder: Path, *options: str) -> Repository:
    """A clone without tags, as CI systems make one, whose remote is the host itself."""
    made = clone(Repository(host.folder / NAME), folder, "--no-tags", *options)
    made.git("remote", "set-url", "origin", host.address(NAME))
    # The index is beside the repository.
    (folder.parent / "index").mkdir(exist_ok=True)
    (folder.parent / "index").rmdir()
    (folder.parent / "index").symlink_to(released.path.parent / "index")
    return made


def nowhere(secret: str, folder: Path, result: Result) -> None:
    """Neither the token nor a form of it is in what was printed, or in any file below ``folder``."""
    forms = {secret, base64.b64encode(f"x-access-token:{secret}".encode()).decode()}
    for form in forms:
        assert form not in result.out + result.err
        assert [path for path, (_, data) in snapshot(folder).items() if form.encode() in data] == []


@pytest.mark.parametrize("depth", [(), ("--depth", "1")])
def test_a_clone_without_tags_and_history_plans_as_the_repository_itself(
    released: Repository, host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, depth: tuple[str, ...]
) -> None:
    change(released, "python_modules/dice.py", "[dice][.+.] Roll more")
    released.git("push", "--quiet", "origin", "main")
    job = fresh(released, host, tmp_path / "job" / "clone", *depth)
    token = host.token(may_write=False)
    monkeypatch.setenv("PAA_GIT_TOKEN", token)
    before = job.git("config", "--list", "--show-origin", "--local")
    result = paa(job.path, "plan", "--fetch", "--json", "-v", "-v")
    assert planned(done(result)) == {"dice": "0.1.0"}
    assert job.tags() == released.tags() != ()
    assert job.git("rev-parse", "--is-shallow-repository") == "false"
    assert job.git("config", "--list", "--show-origin", "--local") == before
    nowhere(token, job.path, result)


def test_git_s_own_logs_show_no_token(
    hosted: Repository, host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = fresh(hosted, host, tmp_path / "job" / "clone")
    token = host.token(may_write=False)
    monkeypatch.setenv("PAA_GIT_TOKEN", token)
    log = tmp_path / "logs"
    log.mkdir()
    for name in ("GIT_TRACE", "GIT_TRACE_CURL", "GIT_TRACE2", "GIT_TRACE2_EVENT"):
        monkeypatch.setenv(name, str(log / name))
    monkeypatch.setenv("GIT_TRACE_REDACT", "0")
    monkeypatch.setenv("GIT_TRACE2_ENV_VARS", "GIT_CONFIG_VALUE_1,GIT_CONFIG_VALUE_0")
    monkeypatch.setenv("GIT_TRACE2_CONFIG_PARAMS", "http.*")
    result = done(paa(job.path, "plan", "--fetch", "-v", "-v"))
    assert "authorization" in (log / "GIT_TRACE_CURL").read_text().lower()
    nowhere(token, log, result)


def test_no_argument_of_git_holds_the_token(
    hosted: Repository, host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = fresh(hosted, host, tmp_path / "job" / "clone")
    token = host.token(may_write=True)
    monkeypatch.setenv("PAA_GIT_TOKEN", token)
    seen = tmp_path / "arguments"
    for name, value in shim(tmp_path / "programs", "git", [f'echo "$@" >> {seen}', 'exec "$REAL" "$@"']).items():
        monkeypatch.setenv(name, value)
    result = done(paa(job.path, "plan", "--fetch"))
    assert "fetch" in seen.read_text()
    assert "ls-remote" in seen.read_text()
    nowhere(token, tmp_path / "arguments", result)
    assert token not in seen.read_text()


@pytest.mark.parametrize("token", ["ghs_wrong", ""])
def test_a_wrong_token_and_none_at_all_are_told_apart(
    hosted: Repository, host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    job = fresh(hosted, host, tmp_path / "job" / "clone")
    monkeypatch.setenv("PAA_GIT_TOKEN", token)
    result = paa(job.path, "plan", "--fetch")
    assert result.code == 3, result.text
    assert ("the token in PAA_GIT_TOKEN was not taken" in result.err) == bool(token)
    assert job.tags() == ()
    if token:
        nowhere(token, job.path, result)


def test_a_token_beside_one_that_a_ci_system_has_left_is_the_only_one_sent(
    hosted: Repository, host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As GitHub's checkout leaves one for the host: two headers of a kind are refused there."""
    job = fresh(hosted, host, tmp_path / "job" / "clone")
    old = base64.b64encode(b"x-access-token:old").decode()
    job.git("config", f"http.{host.url}.extraHeader", f"AUTHORIZATION: basic {old}")
    monkeypatch.setenv("PAA_GIT_TOKEN", host.token(may_write=False))
    done(paa(job.path, "plan", "--fetch"))
    assert job.tags() == hosted.tags()
    assert host.denied == []


def test_the_token_pushes_what_is_recorded(
    released: Repository, host: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = fresh(released, host, tmp_path / "job" / "clone")
    change(job, "python_modules/dice.py", "[dice] Roll again")
    reading = host.token(may_write=False)
    monkeypatch.setenv("PAA_GIT_TOKEN", reading)
    refused = paa(job.path, "release")
    assert refused.code == 3, refused.text
    assert "the token in PAA_GIT_TOKEN was not taken" in refused.err
    nowhere(reading, job.path, refused)
    writing = host.token(may_write=True)
    monkeypatch.setenv("PAA_GIT_TOKEN", writing)
    result = done(paa(job.path, "release"))
    assert "dice-v0.0.2" in Repository(host.folder / NAME).tags()
    nowhere(writing, job.path, result)


def test_a_token_is_never_sent_in_clear(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    three_packages(repository)
    repository.git("remote", "add", "origin", "http://git.example.org/words.git")
    monkeypatch.setenv("PAA_GIT_TOKEN", "ghs_secret")
    result = paa(repository.path, "plan", "--fetch")
    assert result.code == 2
    assert "others could read it on the way" in result.err
    assert "ghs_secret" not in result.text


@contextmanager
def elsewhere(seen: list[str], target: str | None) -> Iterator[str]:
    """A server that notes the headers of whoever comes, and sends them on to ``target`` (None: nowhere)."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(301 if target else 404)
            if target:
                self.send_header("Location", f"{target}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_remote_that_leads_elsewhere_does_not_take_the_token_along(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_packages(repository)
    monkeypatch.setenv("PAA_GIT_TOKEN", "ghs_secret")
    first: list[str] = []
    second: list[str] = []
    with elsewhere(second, None) as other, elsewhere(first, other) as origin:
        repository.git("remote", "add", "origin", f"{origin}/words.git")
        assert paa(repository.path, "plan", "--fetch").code == 3
    assert first[0].startswith("Basic ")
    assert [header for header in second if header] == []


@pytest.mark.parametrize("value", ["$(PAA_GIT_TOKEN)", "  "])
def test_an_undefined_token_is_none(repository: Repository, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    three_packages(repository)
    monkeypatch.setenv("PAA_GIT_TOKEN", value)
    seen: list[str] = []
    with elsewhere(seen, None) as origin:
        repository.git("remote", "add", "origin", f"{origin}/words.git")
        assert paa(repository.path, "plan", "--fetch").code == 3
    assert {*seen} == {""}


def test_tags_that_differ_are_named_and_stay(hosted: Repository, host: GitHost) -> None:
    remote = Repository(host.folder / NAME)
    here = hosted.git("rev-parse", "dice-v0.0.1")
    other = hosted.commit("Another")
    hosted.git("tag", "--force", "dice-v0.0.1", other)
    result = paa(hosted.path, "plan", "--fetch")
    assert result.code == 3
    assert f"refs/tags/dice-v0.0.1: {other[:12]} here, {here[:12]} on origin" in result.err
    assert hosted.git("rev-parse", "dice-v0.0.1") == other
    assert remote.git("rev-parse", "dice-v0.0.1") == here


def test_a_tag_that_was_checked_out_without_its_message_gets_it(released: Repository, host: GitHost) -> None:
    """As CI systems check out the tag that a run is about."""
    commit = released.git("rev-parse", "dice-v0.0.1^{}")
    released.git("update-ref", "refs/tags/dice-v0.0.1", commit)
    done(paa(released.path, "plan", "--fetch"))
    assert released.git("cat-file", "-t", "dice-v0.0.1") == "tag"
    assert released.git("rev-parse", "dice-v0.0.1") == Repository(host.folder / NAME).git("rev-parse", "dice-v0.0.1")


def test_only_records_are_fetched_from_paa_s_own_place(repository: Repository) -> None:
    """A ``git`` index keeps every file that was ever released there."""
    three_packages(repository)
    remote = with_remote(repository)
    repository.git("push", "--quiet", "origin", "HEAD:refs/heads/main", "HEAD:refs/paa/dist/dice/dice-1.whl")
    done(paa(repository.path, "plan", "--fetch"))
    assert "refs/paa/dist/dice/dice-1.whl" in remote.git("for-each-ref")
    assert "refs/paa/dist" not in repository.git("for-each-ref")


def test_an_empty_remote_and_none_at_all(repository: Repository) -> None:
    repository.write({".paa.config": CONFIG, "python_modules/one.py": "x = 1\n"})
    repository.commit("One")
    assert paa(repository.path, "plan", "--fetch").code == 2
    with_remote(repository)
    done(paa(repository.path, "plan", "--fetch"))
