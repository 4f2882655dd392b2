"""Shards that fit together, and those that don't: then nothing is moved."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from paa.build.build import RELEASE_FILE, read_release_file, write_release_file
from paa.check.gather import gather
from paa.errors import ConfigError, FindingsError, PaaError
from paa.model import BuiltRelease, Outcome, Plan
from tests.distributions import build_release, describe
from tests.functional.command_line import snapshot


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan, tuple[BuiltRelease, ...]]:
    """A folder with the files of three releases, their plan, and what is to be said of them."""
    folder = tmp_path_factory.mktemp("built")
    releases = tuple(build_release(folder, name, "1.0") for name in ("one", "two", "three"))
    plan = Plan(
        commit="0" * 40,
        indexes=("company",),
        builder="flit_core",
        releases=tuple(item.release for item in releases),
    )
    return folder, plan, releases


@pytest.fixture
def plan(built: tuple[Path, Plan, tuple[BuiltRelease, ...]]) -> Plan:
    return built[1]


@pytest.fixture
def releases(built: tuple[Path, Plan, tuple[BuiltRelease, ...]]) -> tuple[BuiltRelease, ...]:
    return built[2]


@pytest.fixture
def dist(tmp_path: Path, built: tuple[Path, Plan, tuple[BuiltRelease, ...]]) -> Path:
    """The folder in which one and two are in shard a, and three is in shard b."""
    _, plan, (one, two, three) = built
    put(built[0], tmp_path / "dist" / "a", plan, one, two)
    put(built[0], tmp_path / "dist" / "b", plan, three)
    return tmp_path / "dist"


def put(source: Path, folder: Path, plan: Plan, *releases: BuiltRelease) -> None:
    """What one shard leaves in ``folder``."""
    folder.mkdir(parents=True)
    for item in releases:
        for file in item.files:
            shutil.copy(source / file.name, folder)
    part = replace(plan, releases=tuple(item.release for item in releases))
    write_release_file(part, releases, folder)


def refused(plan: Plan, dist: Path, kind: type[PaaError] = FindingsError) -> str:
    """What is said; nothing may have been changed."""
    before = snapshot(dist)
    with pytest.raises(kind) as caught:
        gather(plan, dist)
    assert snapshot(dist) == before
    return caught.value.message


def test_shards_come_together(plan: Plan, releases: tuple[BuiltRelease, ...], dist: Path) -> None:
    expected = {path.name: path.read_bytes() for path in dist.glob("*/*") if path.name != RELEASE_FILE}
    found = gather(plan, dist)
    assert found.failed == ()
    assert found.release_set.releases == releases
    assert read_release_file(dist).releases == releases
    assert {path.name: path.read_bytes() for path in dist.iterdir() if path.name != RELEASE_FILE} == expected


def test_there_may_be_no_shard_at_all(plan: Plan, tmp_path: Path) -> None:
    found = gather(plan, tmp_path / "nothing")
    assert found.release_set.releases == ()
    assert read_release_file(tmp_path / "nothing").plan.releases == plan.releases


def test_the_same_package_from_two_shards_with_the_same_bytes_is_fine(
    plan: Plan, releases: tuple[BuiltRelease, ...], dist: Path
) -> None:
    shutil.copytree(dist / "a", dist / "c")
    assert gather(plan, dist).release_set.releases == releases
    assert not [path for path in dist.iterdir() if path.is_dir()]


def test_a_check_that_failed_in_one_of_two_shards_has_failed(
    plan: Plan, releases: tuple[BuiltRelease, ...], dist: Path
) -> None:
    shutil.copytree(dist / "b", dist / "c")
    three = replace(releases[2], checks={"metadata": Outcome.FAILED, "more": Outcome.PASSED})
    write_release_file(replace(plan, releases=(three.release,)), (three,), dist / "c")
    (found,) = (item for item in gather(plan, dist).release_set.releases if item.release.package == "three")
    assert found.checks == {"metadata": Outcome.FAILED, "imports": Outcome.PASSED, "more": Outcome.PASSED}


def test_a_folder_without_a_release_file_is_named_and_left_alone(plan: Plan, dist: Path) -> None:
    (dist / "c").mkdir()
    shutil.copy(next((dist / "a").glob("one*.whl")), dist / "c")
    (dist / ".paa" / "receipts").mkdir(parents=True)
    assert gather(plan, dist).failed == ("c",)
    assert [path.name for path in (dist / "c").iterdir()] == ["one-1.0-py3-none-any.whl"]


def test_of_a_shard_that_was_built_again_the_last_attempt_counts(
    built: tuple[Path, Plan, tuple[BuiltRelease, ...]], plan: Plan, dist: Path, tmp_path: Path
) -> None:
    (dist / "a").rename(dist / "dist-1-1")
    (dist / "b").rename(dist / "dist-2-9")
    again = build_release(tmp_path / "again", "three", "1.0", content="value = 2\n")
    put(tmp_path / "again", dist / "dist-2-10", plan, again)
    # Where an attempt came to nothing, the one before is what there is.
    (dist / "dist-2-11").mkdir()
    (dist / "dist-2-11" / "log.txt").write_text("stopped")
    found = gather(plan, dist)
    assert found.release_set.releases == (*built[2][:2], again)
    assert found.failed == ()
    assert (dist / "dist-2-9" / RELEASE_FILE).exists()


def test_what_an_earlier_attempt_has_built_by_another_plan_is_left_out(
    built: tuple[Path, Plan, tuple[BuiltRelease, ...]], dist: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (dist / "a").rename(dist / "dist-1-1")
    (dist / "b").rename(dist / "dist-2-1")
    now = replace(built[1], releases=built[1].releases[:1])
    put(built[0], dist / "dist-1-2", now, built[2][0])
    found = gather(now, dist)
    assert found.release_set.releases == built[2][:1]
    assert str(dist / "dist-2-1") in caplog.text
    assert (dist / "dist-2-1" / RELEASE_FILE).exists()


def test_what_the_last_attempt_has_built_by_another_plan_is_refused(plan: Plan, dist: Path) -> None:
    (dist / "a").rename(dist / "dist-1-2")
    (dist / "b").rename(dist / "dist-2-2")
    less = replace(plan, releases=plan.releases[:2])
    assert "three is not in the plan" in refused(less, dist, ConfigError)


def test_what_else_lies_in_a_shard_is_not_lost(plan: Plan, dist: Path) -> None:
    (dist / "a" / "notes.txt").write_text("mine")
    gather(plan, dist)
    assert (dist / "a" / "notes.txt").read_text() == "mine"


def test_what_lies_there_under_the_same_name_with_other_bytes_is_not_overwritten(plan: Plan, dist: Path) -> None:
    (dist / "one-1.0.tar.gz").write_bytes(b"older")
    assert f"{dist / 'one-1.0.tar.gz'} is not the file that was built" in refused(plan, dist)


def _other_bytes(plan: Plan, releases: tuple[BuiltRelease, ...], dist: Path) -> None:
    """Shard c has the package three too, built otherwise."""
    shutil.copytree(dist / "b", dist / "c")
    path = dist / "c" / "three-1.0.tar.gz"
    path.write_bytes(b"otherwise")
    three = replace(releases[2], files=(releases[2].files[0], describe(path)))
    write_release_file(replace(plan, releases=(three.release,)), (three,), dist / "c")


def _other_requirements(plan: Plan, releases: tuple[BuiltRelease, ...], dist: Path) -> None:
    shutil.copytree(dist / "b", dist / "c")
    three = replace(releases[2], requires_dist=("requests",))
    write_release_file(replace(plan, releases=(three.release,)), (three,), dist / "c")


def _changed_byte(_plan: Plan, _releases: tuple[BuiltRelease, ...], dist: Path) -> None:
    path = dist / "b" / "three-1.0.tar.gz"
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def _missing_file(_plan: Plan, _releases: tuple[BuiltRelease, ...], dist: Path) -> None:
    (dist / "b" / "three-1.0.tar.gz").unlink()


def _folder_for_a_file(_plan: Plan, _releases: tuple[BuiltRelease, ...], dist: Path) -> None:
    (dist / "b" / "three-1.0.tar.gz").unlink()
    (dist / "b" / "three-1.0.tar.gz").mkdir()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_other_bytes, "three is in {dist}/b and in {dist}/c, and not the same: three-1.0.tar.gz"),
        (_other_requirements, "three is in {dist}/b and in {dist}/c, and not the same: its requirements"),
        (_changed_byte, "{dist}/b/three-1.0.tar.gz is not the file that was built"),
        (_missing_file, "{dist}/b/three-1.0.tar.gz is missing"),
        (_folder_for_a_file, "{dist}/b/three-1.0.tar.gz is not the file that was built"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_anything_is_moved(
    plan: Plan,
    releases: tuple[BuiltRelease, ...],
    dist: Path,
    spoil: Callable[[Plan, tuple[BuiltRelease, ...], Path], None],
    message: str,
) -> None:
    spoil(plan, releases, dist)
    assert message.format(dist=dist) in refused(plan, dist)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"commit": "f" * 40}, "commit: "),
        ({"indexes": ("elsewhere",)}, "indexes: "),
        ({"builder": "another"}, "builder: "),
    ],
)
def test_a_shard_of_another_plan_is_refused(
    plan: Plan, releases: tuple[BuiltRelease, ...], dist: Path, change: dict[str, object], fault: str
) -> None:
    write_release_file(replace(plan, **change), releases[2:], dist / "b")  # type: ignore[arg-type]  # its fields
    message = refused(plan, dist, ConfigError)
    assert f"{dist / 'b' / RELEASE_FILE} is not what was planned" in message
    assert fault in message


def test_a_shard_that_adds_a_package_or_another_version_is_refused(
    plan: Plan, releases: tuple[BuiltRelease, ...], dist: Path
) -> None:
    folder = dist / "b"
    extra = build_release(folder, "extra", "1.0")
    later = build_release(folder, "three", "2.0")
    for path in (folder / ".source-extra-1.0", folder / ".source-three-2.0"):
        shutil.rmtree(path)
    more = replace(plan, releases=(releases[2].release, extra.release))
    write_release_file(more, (releases[2], extra), folder)
    assert "releases[1]: extra is not in the plan" in refused(plan, dist, ConfigError)
    write_release_file(replace(plan, releases=(later.release,)), (later,), folder)
    assert "releases[0].version: '2.0' here, '1.0' in the plan (three)" in refused(plan, dist, ConfigError)


@pytest.mark.parametrize("place", ["a/one-1.0.tar.gz", "b", "linked", "a/.paa"])
def test_links_are_refused(plan: Plan, dist: Path, tmp_path: Path, place: str) -> None:
    path = dist / place
    if path.exists():
        path.rename(tmp_path / "moved")
    path.symlink_to(tmp_path / "moved")
    assert f"\n  {place}" in refused(plan, dist)


@pytest.mark.parametrize("data", [b"", b"{}", b"[" * 10_000, b'{"schema": 2}'])
def test_a_damaged_release_file_is_refused(plan: Plan, dist: Path, data: bytes) -> None:
    (dist / "b" / RELEASE_FILE).write_bytes(data)
    assert str(dist / "b" / RELEASE_FILE) in refused(plan, dist, ConfigError)
