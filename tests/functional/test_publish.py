"""Publishing: to a folder, what may not go, and what a failure blocks."""

import shutil
from pathlib import Path

import pytest

from paa.errors import UsageError
from paa.model import BuiltRelease, Index, IndexKind
from paa.publish.publish import PublishOptions, publish
from tests.distributions import CHECKS, build_release, plan_release, release_set
from tests.functional.publishing import (
    ALREADY_THERE,
    BLOCKED,
    FAILED,
    UPLOADED,
    WOULD_UPLOAD,
    everything_below,
    run,
    states,
)
from tests.receipts import read_receipts
from tests.servers import Reply, ScriptedIndex


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return tmp_path / "dist"


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
        (BLOCKED, "not built: see what `paa make-package` says about it"),
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
    scripted.refusals["base"] = Reply(status=400, body=b"no")
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
