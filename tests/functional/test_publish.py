"""Publishing to a directory, to a real pypiserver, and to a server that fails as it is told."""

import logging
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from paa.edges.waiting import Backoff
from paa.errors import UsageError
from paa.model import BuiltRelease, Index, IndexKind, Published, PublishState, Receipt
from paa.publish.publish import PublishOptions, publish
from paa.publish.receipts import read_receipts
from tests.distributions import CHECKS, build, build_release, plan_release, release_set
from tests.servers import HOST, PypiServer, Reply, ScriptedIndex, free_port, pypiserver, scripted_index

UPLOADED, ALREADY_THERE = PublishState.UPLOADED, PublishState.ALREADY_THERE
WOULD_UPLOAD, BLOCKED, FAILED = PublishState.WOULD_UPLOAD, PublishState.BLOCKED, PublishState.FAILED
LOGIN = ("tester", "hunter2-pässword")
QUICK = Backoff(tries=3, first_seconds=0.0)
ROOT = Path(__file__).parents[2]


def run(
    dist: Path,
    indexes: Sequence[Index],
    *built: BuiltRelease,
    environment: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> list[Published]:
    options = PublishOptions(
        required_checks=CHECKS,
        environment=environment or {},
        dry_run=dry_run,
        confirm_seconds=0.5,
        backoff=QUICK,
    )
    told: list[Published] = []
    results = publish(release_set(*built), dist, indexes, options, told.append)
    assert tuple(told) == results
    return told


def states(results: Sequence[Published]) -> dict[str, PublishState]:
    return {result.package: result.state for result in results}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def everything_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
def scripted() -> Iterator[ScriptedIndex]:
    with scripted_index() as running:
        yield running


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PypiServer]:
    with pypiserver(tmp_path / "server", user=LOGIN) as running:
        yield running


@pytest.fixture
def login() -> dict[str, str]:
    return {"PAA_COMPANY_USERNAME": LOGIN[0], "PAA_COMPANY_PASSWORD": LOGIN[1]}


# ------------------------------------------------------------------------------------------------ a directory index


def test_a_folder_gets_the_files_and_the_second_run_changes_nothing(tmp_path: Path, dist: Path) -> None:
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    built = build_release(dist, "foo", "1.0")
    (result,) = run(dist, [local], built)
    assert result.state is UPLOADED
    assert [receipt.file for receipt in read_receipts(dist)] == sorted(file.name for file in built.files)
    before = everything_below(tmp_path)
    (again,) = run(dist, [local], built)
    assert again.state is ALREADY_THERE
    assert again.receipts == result.receipts
    assert everything_below(tmp_path) == before


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(tmp_path: Path, dist: Path) -> None:
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    built = build_release(dist, "foo", "1.0"), build_release(dist, "bar", "1.0", needs=["foo"])
    before = everything_below(tmp_path)
    assert states(run(dist, [local], *built, dry_run=True)) == {"foo": WOULD_UPLOAD, "bar": WOULD_UPLOAD}
    assert everything_below(tmp_path) == before
    run(dist, [local], *built)
    before = everything_below(tmp_path)
    assert states(run(dist, [local], *built, dry_run=True)) == {"foo": ALREADY_THERE, "bar": ALREADY_THERE}
    assert everything_below(tmp_path) == before


def test_a_folder_that_was_left_half_done_is_completed(tmp_path: Path, dist: Path) -> None:
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    built = build_release(dist, "foo", "1.0")
    folder = tmp_path / "index" / "simple" / "foo"
    folder.mkdir(parents=True)
    for file in built.files:
        shutil.copy(dist / file.name, folder)
    (result,) = run(dist, [local], built)
    assert result.state is ALREADY_THERE
    page = (folder / "index.html").read_text()
    assert all(file.sha256 in page for file in built.files)
    assert (tmp_path / "index" / "simple" / "index.html").is_file()


def test_other_bytes_in_a_folder_stay(tmp_path: Path, dist: Path) -> None:
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    run(dist, [local], build_release(dist, "foo", "1.0"))
    before = everything_below(tmp_path / "index")
    other = build_release(tmp_path / "other", "foo", "1.0", content="value = 2\n")
    (result,) = run(tmp_path / "other", [local], other)
    assert result.state is FAILED
    assert "index local has foo-1.0-py3-none-any.whl" in str(result.reason)
    assert everything_below(tmp_path / "index") == before
    assert read_receipts(tmp_path / "other") == ()


def test_a_folder_that_cannot_be_written_is_a_failure_of_that_release(tmp_path: Path, dist: Path) -> None:
    (tmp_path / "index").write_bytes(b"a file")
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    (result,) = run(dist, [local], build_release(dist, "foo", "1.0"))
    assert result.state is FAILED
    assert str(tmp_path / "index") in str(result.reason)


# ------------------------------------------------------------------------------------------------ what is not sent


def test_what_may_not_go_is_blocked_and_nothing_is_asked(scripted: ScriptedIndex, dist: Path) -> None:
    dirty = build_release(dist, "dirty", "1.0+dirty")
    unchecked = build_release(dist, "unchecked", "1.0")
    unchecked = BuiltRelease(release=unchecked.release, files=unchecked.files, requires_dist=())
    results = run(dist, [scripted.index()], dirty, unchecked)
    assert states(results) == {"dirty": BLOCKED, "unchecked": BLOCKED}
    assert "not checked: imports, metadata: run `paa check`" in str(results[1].reason)
    assert scripted.seen == []


def test_a_changed_byte_is_never_sent(scripted: ScriptedIndex, dist: Path) -> None:
    built = build_release(dist, "foo", "1.0")
    path = dist / built.files[1].name
    path.write_bytes(path.read_bytes() + b"\0")
    (result,) = run(dist, [scripted.index()], built)
    assert result.state is FAILED
    assert scripted.seen == []
    assert read_receipts(dist) == ()


def test_a_provisional_plan_is_refused_as_a_whole(scripted: ScriptedIndex, dist: Path) -> None:
    options = PublishOptions(required_checks=CHECKS, environment={})
    planned = release_set(build_release(dist, "foo", "1.0"), provisional="planned offline")
    with pytest.raises(UsageError, match="planned offline"):
        publish(planned, dist, [scripted.index()], options, lambda _: None)
    assert scripted.seen == []


def test_a_release_that_was_not_built_blocks_what_needs_it(scripted: ScriptedIndex, dist: Path) -> None:
    options = PublishOptions(required_checks=CHECKS, environment={})
    planned = release_set(build_release(dist, "bar", "1.0", needs=["foo"]), unbuilt=[plan_release("foo", "1.0")])
    results = publish(planned, dist, [scripted.index()], options, lambda _: None)
    assert [(result.state, result.reason) for result in results] == [
        (BLOCKED, "not built: run `paa make-package`"),
        (BLOCKED, "blocked by foo"),
    ]
    assert scripted.uploaded == []


def test_only_what_needs_a_failed_release_is_blocked(scripted: ScriptedIndex, dist: Path) -> None:
    built = [
        build_release(dist, "base", "1.0"),
        build_release(dist, "alone", "1.0"),
        build_release(dist, "middle", "1.0", needs=["base"]),
        build_release(dist, "top", "1.0", needs=["alone", "middle"]),
        build_release(dist, "other", "1.0", needs=["alone"]),
    ]
    scripted.uploads.append(Reply(status=400, body=b"no"))
    results = run(dist, [scripted.index()], *built)
    assert states(results) == {
        "base": FAILED,
        "alone": UPLOADED,
        "middle": BLOCKED,
        "top": BLOCKED,
        "other": UPLOADED,
    }
    assert [results[2].reason, results[3].reason] == ["blocked by base", "blocked by middle"]
    assert not any(name.startswith(("middle", "top")) for name in scripted.uploaded)


def test_each_index_is_judged_on_its_own(scripted: ScriptedIndex, tmp_path: Path, dist: Path) -> None:
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    built = build_release(dist, "foo", "1.0"), build_release(dist, "bar", "1.0", needs=["foo"])
    scripted.uploads.append(Reply(status=400))
    results = run(dist, [scripted.index(), local], *built)
    assert [(result.package, result.index, result.state) for result in results] == [
        ("foo", "scripted", FAILED),
        ("foo", "local", UPLOADED),
        ("bar", "scripted", BLOCKED),
        ("bar", "local", UPLOADED),
    ]
    assert states(run(dist, [scripted.index()], *built)) == {"foo": UPLOADED, "bar": UPLOADED}


# ------------------------------------------------------------------------------------------------ a real pypiserver


@pytest.mark.server
@pytest.mark.parametrize("hashes", [True, False])
def test_a_server_gets_the_files_once(tmp_path: Path, dist: Path, *, hashes: bool) -> None:
    built = build_release(dist, "foo-bar", "1.0"), build_release(dist, "baz", "1.0")
    with pypiserver(tmp_path / "server", hashes=hashes) as server:
        results = run(dist, [server.index()], *built)
        assert states(results) == {"foo_bar": UPLOADED, "baz": UPLOADED}
        assert contents(server.folder) == contents(dist)
        assert read_receipts(dist)[0] == Receipt(
            index="company",
            file="baz-1.0-py3-none-any.whl",
            sha256=built[1].files[0].sha256,
            package="baz",
            version="1.0",
            uploaded=True,
        )
        uploads = server.uploads()
        assert uploads == 4
        assert states(run(dist, [server.index()], *built)) == {"foo_bar": ALREADY_THERE, "baz": ALREADY_THERE}
        assert server.uploads() == uploads


@pytest.mark.server
@pytest.mark.parametrize("hashes", [True, False])
def test_other_bytes_on_a_server_stay(tmp_path: Path, dist: Path, *, hashes: bool) -> None:
    before = build(tmp_path / "before", "foo", "1.0", content="value = 2\n")[0]
    with pypiserver(tmp_path / "server", hashes=hashes) as server:
        shutil.copy(before, server.folder)
        (result,) = run(dist, [server.index()], build_release(dist, "foo", "1.0"))
        assert result.state is FAILED
        assert f"has {before.name} with other bytes" in str(result.reason)
        assert contents(server.folder) == {before.name: before.read_bytes()}
        assert server.uploads() == 0


@pytest.mark.server
def test_a_half_done_release_is_completed(server: PypiServer, dist: Path, login: dict[str, str]) -> None:
    built = build_release(dist, "foo", "1.0")
    shutil.copy(dist / built.files[0].name, server.folder)
    (result,) = run(dist, [server.index()], built, environment=login)
    assert result.state is UPLOADED
    assert [receipt.uploaded for receipt in result.receipts] == [False, True]
    assert server.uploads() == 1


@pytest.mark.server
def test_a_wrong_password_is_told_and_shown_nowhere(
    server: PypiServer, dist: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    environment = {"TWINE_USERNAME": LOGIN[0], "TWINE_PASSWORD": "wrong-s3cret"}
    (result,) = run(dist, [server.index()], build_release(dist, "foo", "1.0"), environment=environment)
    assert result.state is FAILED
    assert "403 Forbidden" in str(result.reason)
    assert "PAA_COMPANY_USERNAME and PAA_COMPANY_PASSWORD" in str(result.reason)
    printed = capfd.readouterr()
    assert "wrong-s3cret" not in f"{result} {printed} {caplog.text}"
    assert contents(server.folder) == {}


@pytest.mark.server
def test_no_password_is_told(server: PypiServer, dist: Path) -> None:
    (result,) = run(dist, [server.index()], build_release(dist, "foo", "1.0"), environment={"TWINE_PASSWORD": ""})
    assert result.state is FAILED
    assert "401 Unauthorized" in str(result.reason)


@pytest.mark.server
def test_the_user_s_pypirc_counts_for_its_own_address_only(server: PypiServer, dist: Path, home: Path) -> None:
    text = "[distutils]\nindex-servers =\n  theirs\n\n[theirs]\nrepository = {}\nusername = {}\npassword = {}\n"
    built = build_release(dist, "foo", "1.0")
    (home / ".pypirc").write_text(text.format("https://index.example.org/", *LOGIN), encoding="utf-8")
    assert run(dist, [server.index()], built)[0].state is FAILED
    (home / ".pypirc").write_text(text.format(server.url, *LOGIN), encoding="utf-8")
    assert run(dist, [server.index()], built)[0].state is UPLOADED


@pytest.mark.server
def test_uploading_prints_nothing(
    server: PypiServer, dist: Path, login: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    run(dist, [server.index()], build_release(dist, "foo", "1.0"), environment=login)
    assert capfd.readouterr() == ("", "")


def test_a_server_that_is_down_is_told_once_and_for_all(dist: Path) -> None:
    url = f"http://{HOST}:{free_port()}/"
    index = Index(name="down", kind=IndexKind.GENERIC, upload_url=url, simple_url=url)
    built = [build_release(dist, f"pkg{number}", "1.0") for number in range(5)]
    results = run(dist, [index], *built)
    assert [result.state for result in results] == [FAILED, FAILED, FAILED, BLOCKED, BLOCKED]
    assert "Connection refused" in str(results[0].reason)
    assert results[4].reason == "not tried: index down can't be reached"


# ------------------------------------------------------------------------------------------------ a server that fails


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


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 301, 308])
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
    results = run(dist, [scripted.index()], *built)
    assert states(results) == {"foo": FAILED, "bar": BLOCKED}
    assert "does not serve it after" in str(results[0].reason)
    assert read_receipts(dist) == ()
    assert states(run(dist, [scripted.index()], *built)) == {"foo": UPLOADED, "bar": UPLOADED}


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
