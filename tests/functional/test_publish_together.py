"""Many releases and several indexes in one run: what goes on at the same time, what holds up what, what is stopped."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from paa.model import BuiltRelease, Index, IndexKind, PublishState
from paa.publish.publish import PublishOptions, publish
from tests.distributions import CHECKS, build_release, release_set
from tests.functional.command_line import paa
from tests.functional.publishing import (
    ALREADY_THERE,
    BLOCKED,
    FAILED,
    QUICK,
    UPLOADED,
    run,
    states,
)
from tests.functional.samples import three_packages
from tests.receipts import read_receipts
from tests.repository import Repository
from tests.servers import Reply, ScriptedIndex, scripted_index

BURNT = PublishState.BURNT
FOREIGN = b"somebody else's bytes"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    return tmp_path / "dist"


@pytest.fixture
def another() -> Iterator[ScriptedIndex]:
    with scripted_index() as running:
        yield running


def new(built: BuiltRelease) -> BuiltRelease:
    """``built`` as a release whose name the index did not have when it was planned."""
    return replace(built, release=replace(built.release, new_on_index=True))


def test_independent_releases_are_sent_at_the_same_time(scripted: ScriptedIndex, dist: Path) -> None:
    meeting = threading.Barrier(4, timeout=60)
    built = [build_release(dist, f"pkg{number}", "1.0") for number in range(4)]
    scripted.uploads.extend([Reply(stored=True, after=meeting.wait)] * 4)
    assert set(states(run(dist, [scripted.index()], *built)).values()) == {UPLOADED}
    assert not meeting.broken


def test_as_many_files_are_sent_at_once_as_asked_for(scripted: ScriptedIndex, dist: Path) -> None:
    together: list[int] = []
    inside = threading.Semaphore(0)

    def meet() -> None:
        inside.release()
        together.append(inside._value)  # noqa: SLF001 (how many are inside now)
        inside.acquire()

    built = [build_release(dist, f"pkg{number}", "1.0") for number in range(6)]
    scripted.uploads.extend([Reply(stored=True, after=meet)] * 12)
    run(dist, [scripted.index()], *built, jobs=1)
    assert together == [1] * 12


def test_what_others_need_is_on_the_index_before_they_are_sent(scripted: ScriptedIndex, dist: Path) -> None:
    built = [
        build_release(dist, "base", "1.0"),
        build_release(dist, "side", "1.0"),
        build_release(dist, "middle", "1.0", needs=["base"]),
        build_release(dist, "top", "1.0", needs=["middle", "side"]),
    ]
    results = run(dist, [scripted.index()], *built)
    assert [result.package for result in results] == ["base", "side", "middle", "top"]
    order = [name.partition("-")[0] for name in scripted.uploaded]
    assert order.index("middle") > max(place for place, name in enumerate(order) if name == "base")
    assert order.index("top") > max(place for place, name in enumerate(order) if name in ("middle", "side"))


def test_every_release_is_asked_about_before_the_first_file_is_sent(scripted: ScriptedIndex, dist: Path) -> None:
    built = [build_release(dist, f"pkg{number}", "1.0") for number in range(6)]
    run(dist, [scripted.index()], *built)
    methods = [request.method for request in scripted.seen]
    assert methods[:6] == ["GET"] * 6
    assert len({request.path for request in scripted.seen[:6]}) == 6


def test_a_project_that_appeared_since_the_plan_is_not_touched(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.files["foo-0.9.tar.gz"] = FOREIGN
    built = new(build_release(dist, "foo", "1.0")), build_release(dist, "bar", "1.0", needs=["foo"])
    other = new(build_release(dist, "free", "1.0"))
    results = run(dist, [scripted.index()], *built, other)
    assert states(results) == {"foo": BLOCKED, "bar": BLOCKED, "free": UPLOADED}
    assert "nothing says that it is ours" in str(results[0].reason)
    assert all(name.startswith("free") for name in scripted.uploaded)


def test_a_project_that_we_released_to_before_goes_on(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.files["foo-0.9.tar.gz"] = b"ours, from before paa"
    built = build_release(dist, "foo", "1.0")
    built = replace(built, release=replace(built.release, previous="0.9"))
    assert run(dist, [scripted.index()], built)[0].state is UPLOADED


def test_an_adopted_name_goes_on(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.files["foo-bar-0.9.tar.gz"] = b"ours, says the configuration"
    built = new(build_release(dist, "foo-bar", "1.0"))
    options = PublishOptions(required_checks=CHECKS, environment={}, adopted=("foo-bar",), backoff=QUICK)
    (result,) = publish(release_set(built), dist, [scripted.index()], options, lambda _: None)
    assert result.state is UPLOADED


def test_a_quota_stops_new_names_and_lets_updates_go_on(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.files["old-0.9.tar.gz"] = b"ours"
    old = build_release(dist, "old", "1.0")
    old = replace(old, release=replace(old.release, previous="0.9"))
    built = [new(build_release(dist, name, "1.0")) for name in ("lonely", "needed", "other")]
    user = new(build_release(dist, "user", "1.0", needs=["needed"]))
    scripted.refusals["lonely"] = scripted.refusals["other"] = Reply(status=429, body=b"Too many new projects created")
    results = run(dist, [scripted.index()], *built, old, user, jobs=1)
    assert states(results) == {
        "lonely": FAILED,
        "needed": UPLOADED,
        "other": BLOCKED,
        "old": UPLOADED,
        "user": BLOCKED,
    }
    assert "takes no more new projects now" in str(results[2].reason)
    assert scripted.uploaded[0].startswith("needed"), "what others need comes first"
    assert [name for name in scripted.uploaded if name.startswith(("lonely", "other", "user"))] == [
        "lonely-1.0-py3-none-any.whl"
    ]
    assert "run again tomorrow" in str(results[0].reason)


def test_a_new_name_that_gets_nothing_but_too_many_requests_is_given_up(scripted: ScriptedIndex, dist: Path) -> None:
    scripted.refusals["foo"] = Reply(status=429)
    built = new(build_release(dist, "foo", "1.0")), new(build_release(dist, "bar", "1.0", needs=["foo"]))
    assert states(run(dist, [scripted.index()], *built)) == {"foo": FAILED, "bar": BLOCKED}
    assert scripted.uploaded == ["foo-1.0-py3-none-any.whl"] * QUICK.tries


@pytest.mark.parametrize(
    "said",
    [
        b"This filename was previously used by a file that has since been deleted.",
        b"Uploading new files to releases older than 14 days is not allowed.",
    ],
)
def test_a_name_that_is_used_up_is_told_with_what_to_do(scripted: ScriptedIndex, dist: Path, said: bytes) -> None:
    scripted.refusals["foo-1.0"] = Reply(status=400, body=said)
    (result,) = run(dist, [scripted.index()], build_release(dist, "foo", "1.0"))
    assert result.state is BURNT
    assert "[foo][1.0.1]" in str(result.reason)
    assert read_receipts(dist) == ()


def test_a_used_name_that_never_shows_is_burnt_and_one_that_shows_late_is_done(
    scripted: ScriptedIndex, dist: Path
) -> None:
    built = build_release(dist, "foo", "1.0")
    scripted.refusals["foo"] = Reply(status=409)
    assert run(dist, [scripted.index()], built, confirm_seconds=0.1)[0].state is BURNT
    page = scripted.pages["/simple/foo/"] = [Reply(status=404)] * 3

    def show() -> None:
        for file in built.files:
            scripted.files[file.name] = (dist / file.name).read_bytes()
        page.append(scripted._project_page("foo"))  # noqa: SLF001 (the page as it is now)

    scripted.refusals["foo"] = Reply(status=409, after=show)
    assert run(dist, [scripted.index()], built)[0].state is UPLOADED


def test_one_index_that_is_down_does_not_stop_the_other(scripted: ScriptedIndex, tmp_path: Path, dist: Path) -> None:
    scripted.pages["/simple/foo/"] = [Reply(status=500)]
    local = Index(name="local", kind=IndexKind.DIRECTORY, path=tmp_path / "index")
    results = run(dist, [scripted.index(), local], build_release(dist, "foo", "1.0"))
    assert [(result.index, result.state) for result in results] == [("scripted", FAILED), ("local", UPLOADED)]
    assert scripted.uploaded == []


def test_a_release_goes_only_to_the_indexes_that_the_plan_has_for_it(
    scripted: ScriptedIndex, another: ScriptedIndex, dist: Path
) -> None:
    built = [build_release(dist, name, "1.0") for name in ("foo", "bar")]
    built[1] = replace(built[1], release=replace(built[1].release, targets=("second",)))
    planned = release_set(*built)
    planned = replace(planned, plan=replace(planned.plan, indexes=("first", "second")))
    options = PublishOptions(required_checks=CHECKS, environment={}, backoff=QUICK)
    indexes = [scripted.index("first"), another.index("second")]
    results = publish(planned, dist, indexes, options, lambda _: None)
    assert [(result.package, result.index) for result in results] == [
        ("foo", "first"),
        ("foo", "second"),
        ("bar", "second"),
    ]
    assert not any(name.startswith("bar") for name in scripted.uploaded)


def test_what_one_index_lacks_comes_from_another_when_the_folder_has_it_no_more(
    scripted: ScriptedIndex, another: ScriptedIndex, dist: Path
) -> None:
    built = build_release(dist, "foo", "1.0")
    run(dist, [scripted.index("first")], built)
    for file in built.files:
        (dist / file.name).unlink()
    results = run(dist, [scripted.index("first"), another.index("second")], built)
    assert [result.state for result in results] == [ALREADY_THERE, UPLOADED]
    assert another.files == scripted.files
    assert not list(dist.glob("foo*")), "nothing is put into the folder"


def test_bytes_that_an_index_swapped_are_not_passed_on(
    scripted: ScriptedIndex, another: ScriptedIndex, dist: Path
) -> None:
    built = build_release(dist, "foo", "1.0")
    run(dist, [scripted.index("first")], built)
    scripted.pages["/simple/foo/"] = [scripted._project_page("foo")]  # noqa: SLF001 (with the right hashes)
    for file in built.files:
        (dist / file.name).unlink()
        scripted.files[file.name] = FOREIGN
    results = run(dist, [another.index("second"), scripted.index("first")], built)
    assert results[0].state is FAILED
    assert "no index has these bytes" in str(results[0].reason)
    assert another.uploaded == []


@pytest.fixture
def listening() -> Iterator[None]:
    """Whoever runs the tests in the background ignores interrupts; here they count."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
@pytest.mark.skipif(os.name == "nt", reason="interrupts with a signal")
def test_an_interruption_ends_what_is_being_sent_starts_nothing_and_tells_all(
    scripted: ScriptedIndex, dist: Path
) -> None:
    built = [build_release(dist, f"pkg{number}", "1.0") for number in range(4)]
    scripted.uploads.append(Reply(stored=True, after=lambda: os.kill(os.getpid(), signal.SIGINT)))
    told: list[str] = []
    options = PublishOptions(required_checks=CHECKS, environment={}, backoff=QUICK, jobs=1)
    with pytest.raises(KeyboardInterrupt):
        publish(release_set(*built), dist, [scripted.index()], options, lambda result: told.append(str(result.reason)))
    assert len(scripted.uploaded) == 1
    assert len(told) == 4
    assert sum("interrupted before the index was seen to have it all" in reason for reason in told) == 1
    assert sum("not tried: interrupted" in reason for reason in told) == 3
    assert set(states(run(dist, [scripted.index()], *built)).values()) == {UPLOADED}
    assert sorted(scripted.uploaded) == sorted(file.name for item in built for file in item.files)


@pytest.mark.usefixtures("listening")
@pytest.mark.skipif(os.name == "nt", reason="interrupts with a signal")
def test_what_a_stopped_run_sent_to_an_index_that_is_late_is_not_sent_again(
    scripted: ScriptedIndex, dist: Path
) -> None:
    built = build_release(dist, "foo", "1.0")
    page = scripted.pages["/simple/foo/"] = [Reply(status=404)]
    stop = Reply(stored=True, after=lambda: os.kill(os.getpid(), signal.SIGINT))
    scripted.uploads.extend([Reply(stored=True), stop])
    with pytest.raises(KeyboardInterrupt):
        run(dist, [scripted.index()], built)
    assert len(scripted.uploaded) == 2
    page[:] = [Reply(status=404), Reply(status=404), scripted._project_page("foo")]  # noqa: SLF001 (the page as it is now)
    (result,) = run(dist, [scripted.index()], built)
    assert result.state is ALREADY_THERE
    assert len(scripted.uploaded) == 2
    assert [receipt.uploaded for receipt in read_receipts(dist)] == [True, True]


def test_the_commit_that_a_burnt_release_asks_for_releases_the_next_patch(
    scripted: ScriptedIndex, dist: Path, repository: Repository
) -> None:
    three_packages(repository)
    scripted.refusals["dice"] = Reply(status=400, body=b"previously deleted")
    (result,) = run(dist, [scripted.index()], build_release(dist, "dice", "0.0.1"))
    assert result.state is BURNT
    subject = str(result.reason).partition('-m "')[2].partition('"')[0]
    repository.git("commit", "--allow-empty", "-m", subject)
    planned = paa(repository.path, "plan", "--json").json["releases"]
    assert [item["version"] for item in planned if item["package"] == "dice"] == ["0.0.2"]
