"""Publishing to a server that fails as it is told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from paa.model import Index, IndexKind
from tests.distributions import build_release
from tests.functional.publishing import (
    ALREADY_THERE,
    BLOCKED,
    FAILED,
    QUICK,
    UPLOADED,
    run,
    states,
)
from tests.receipts import read_receipts
from tests.servers import HOST, Reply, ScriptedIndex, free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return tmp_path / "dist"


def test_a_server_that_is_down_is_told_once_and_for_all(dist: Path) -> None:
    url = f"http://{HOST}:{free_port()}/"
    index = Index(name="down", kind=IndexKind.GENERIC, upload_url=url, simple_url=url)
    built = [build_release(dist, f"pkg{number}", "1.0") for number in range(5)]
    results = run(dist, [index], *built)
    assert [result.state for result in results] == [FAILED, FAILED, FAILED, BLOCKED, BLOCKED]
    assert "Connection refused" in str(results[0].reason)
    assert results[4].reason == "not tried: index down can't be reached"


def test_an_error_after_the_file_was_stored_is_seen_through(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.uploads.append(Reply(status=500, stored=True))
    built = build_release(dist, "foo", "1.0")
    (result,) = run(dist, [scripted.index()], built)
    assert result.state is UPLOADED
    assert scripted.uploaded == [file.name for file in built.files]


@pytest.mark.parametrize("trouble", [Reply(status=500), Reply(status=503), Reply(status=429), Reply(drops=True)])
def test_what_fails_for_the_moment_is_sent_again(scripted: ScriptedIndex, dist: Path, trouble: Reply) -> None:
    scripted.uploads.extend([trouble, trouble])
    built = build_release(dist, "foo", "1.0")
    (result,) = run(dist, [scripted.index()], built)
    assert result.state is UPLOADED
    wheel, sdist = (file.name for file in built.files)
    assert scripted.uploaded == [wheel, wheel, wheel, sdist]
    methods = [request.method for request in scripted.seen]
    assert methods[:6] == ["GET", "POST", "GET", "POST", "GET", "POST"]


def test_sending_has_an_end(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.uploads.extend([Reply(status=503, body=b"<html><p>Down for <b>maintenance</b></p></html>")] * 9)
    (result,) = run(dist, [scripted.index()], build_release(dist, "foo", "1.0"))
    assert result.state is FAILED
    assert "503 Service Unavailable: Down for maintenance" in str(result.reason)
    assert len(scripted.uploaded) == QUICK.tries


@pytest.mark.parametrize("status", [400, 403, 404, 413, 301, 308])
def test_other_refusals_are_final(scripted: ScriptedIndex, dist: Path, status: int) -> None:
    scripted.uploads.append(Reply(status=status, headers={"Location": "https://me:hunter2@index.example.org/x"}))
    (result,) = run(dist, [scripted.index()], build_release(dist, "foo", "1.0"))
    assert result.state is FAILED
    assert f"did not take foo-1.0-py3-none-any.whl: {status}" in str(result.reason)
    assert "hunter2" not in str(result.reason)
    assert len(scripted.uploaded) == 1


@pytest.mark.parametrize("status", [400, 409])
def test_a_file_that_somebody_else_sent_meanwhile_is_done(scripted: ScriptedIndex, dist: Path, status: int) -> None:
    scripted.uploads.append(Reply(status=status, stored=True))
    assert run(dist, [scripted.index()], build_release(dist, "foo", "1.0"))[0].state is UPLOADED


def test_other_bytes_that_somebody_sent_meanwhile_are_a_failure(scripted: ScriptedIndex, dist: Path) -> None:
    built = build_release(dist, "foo", "1.0")

    def replace_file() -> None:
        scripted.files[built.files[0].name] = b"other bytes"

    scripted.uploads.append(Reply(status=409, after=replace_file))
    (result,) = run(dist, [scripted.index()], built)
    assert result.state is FAILED
    assert "with other bytes" in str(result.reason)
    assert scripted.files == {built.files[0].name: b"other bytes"}


def test_a_pause_that_the_server_asks_for_is_kept_and_a_long_one_is_told(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.uploads.append(Reply(status=429, headers={"Retry-After": "0"}))
    assert run(dist, [scripted.index()], build_release(dist, "foo", "1.0"))[0].state is UPLOADED
    scripted.uploads.append(Reply(status=429, headers={"Retry-After": "86400"}))
    (result,) = run(dist, [scripted.index()], build_release(dist, "bar", "1.0"))
    assert result.state is FAILED
    assert scripted.uploaded.count("bar-1.0-py3-none-any.whl") == 1


def test_a_quota_for_new_names_is_not_run_into_again(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.uploads.append(Reply(status=429, body=b"Too many new projects created"))
    (result,) = run(dist, [scripted.index()], build_release(dist, "foo", "1.0"))
    assert result.state is FAILED
    assert "run again tomorrow" in str(result.reason)
    assert len(scripted.uploaded) == 1


def test_a_file_that_was_taken_but_is_not_served_is_no_success(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.uploads.extend([Reply(status=200), Reply(status=200)])
    built = build_release(dist, "foo", "1.0"), build_release(dist, "bar", "1.0", needs=["foo"])
    results = run(dist, [scripted.index()], *built, confirm_seconds=0.1)
    assert states(results) == {"foo": FAILED, "bar": BLOCKED}
    assert "does not serve it after" in str(results[0].reason)
    assert read_receipts(dist) == ()
    assert states(run(dist, [scripted.index()], *built, confirm_seconds=1.0)) == {"foo": UPLOADED, "bar": UPLOADED}


def test_an_index_that_is_late_is_waited_for(scripted: ScriptedIndex, dist: Path) -> None:
    built = build_release(dist, "foo", "1.0")
    scripted.pages["/simple/foo/"] = [Reply(status=404)] * 3

    def show() -> None:
        scripted.pages["/simple/foo/"] = [Reply(status=404), Reply(status=404)]
        scripted.pages["/simple/foo/"].append(scripted._project_page("foo"))  # noqa: SLF001 (the page as it is now)

    scripted.uploads.extend([Reply(stored=True), Reply(stored=True, after=show)])
    assert run(dist, [scripted.index()], built)[0].state is UPLOADED
    assert len(read_receipts(dist)) == 2


def test_secrets_that_a_server_repeats_are_hidden(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.uploads.append(Reply(status=403, body=b"no user tester with hunter2, really"))
    environment = {"PAA_SCRIPTED_USERNAME": "tester", "PAA_SCRIPTED_PASSWORD": "hunter2"}
    (result,) = run(dist, [scripted.index()], build_release(dist, "foo", "1.0"), environment=environment)
    assert "no user tester with ***, really" in str(result.reason)


@pytest.mark.skipif(os.name == "nt", reason="kills with a signal")
@pytest.mark.parametrize("killed_at", [0, 1])
def test_a_run_that_was_killed_after_an_upload_is_completed(
    scripted: ScriptedIndex, dist: Path, killed_at: int
) -> None:
    built = build_release(dist, "foo", "1.0")
    child: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        os.kill(child[0].pid, signal.SIGKILL)

    scripted.uploads.extend([Reply(stored=True)] * killed_at)
    scripted.uploads.append(Reply(stored=True, after=kill, drops=True))
    command = [sys.executable, "-m", "tests.functional.publish_child", str(dist), scripted.url, "foo", "1.0"]
    child.append(subprocess.Popen(command, cwd=ROOT))
    assert child[0].wait(60) == -signal.SIGKILL
    assert read_receipts(dist) == ()
    (result,) = run(dist, [scripted.index()], built)
    assert result.state is (UPLOADED if killed_at == 0 else ALREADY_THERE)
    assert scripted.uploaded == [file.name for file in built.files]
    assert [receipt.file for receipt in read_receipts(dist)] == sorted(file.name for file in built.files)
