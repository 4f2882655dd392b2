from dataclasses import replace
from pathlib import Path

import pytest

from paa.errors import UsageError
from paa.model import BuiltRelease, Outcome
from paa.publish.gate import Candidate, candidates, damage, reason_to_block
from tests.distributions import CHECKS, build_release, plan_release, release_set


@pytest.fixture
def built(tmp_path: Path) -> BuiltRelease:
    return build_release(tmp_path, "foo", "1.0")


def reason(built: BuiltRelease) -> str | None:
    return reason_to_block(Candidate(release=built.release, built=built), CHECKS)


def test_what_was_built_and_checked_may_go(built: BuiltRelease, tmp_path: Path) -> None:
    assert reason(built) is None
    assert damage(built, tmp_path) is None


def test_every_planned_release_is_a_candidate_in_the_order_of_the_plan(built: BuiltRelease) -> None:
    missing = plan_release("bar", "2.0")
    found = tuple(candidates(release_set(built, unbuilt=[missing])))
    assert found == (Candidate(release=missing, built=None), Candidate(release=built.release, built=built))
    assert "not built" in str(reason_to_block(found[0], CHECKS))


def test_a_provisional_plan_is_refused_with_its_reason(built: BuiltRelease) -> None:
    with pytest.raises(UsageError, match="index company was not asked"):
        tuple(candidates(release_set(built, provisional="index company was not asked")))


@pytest.mark.parametrize("checks", [{}, {"metadata": Outcome.PASSED}, dict.fromkeys(CHECKS, Outcome.FAILED)])
def test_what_did_not_pass_every_check_is_blocked(built: BuiltRelease, checks: dict[str, Outcome]) -> None:
    text = str(reason(replace(built, checks=checks)))
    assert text.startswith("not checked: imports")
    assert "run `paa check`" in text
    assert ("metadata" in text) == ("metadata" not in checks or checks["metadata"] is Outcome.FAILED)


@pytest.mark.parametrize(
    ("version", "text"), [("1.0+dirty", "local label"), ("1.0+cu118", "local label"), ("one", "no version")]
)
def test_versions_that_no_index_should_have_are_blocked(built: BuiltRelease, version: str, text: str) -> None:
    assert text in str(reason(replace(built, release=replace(built.release, version=version))))


def test_a_build_of_another_version_than_the_planned_is_blocked(built: BuiltRelease) -> None:
    planned = replace(built.release, version="1.1")
    assert "planned as 1.1" in str(reason_to_block(Candidate(release=planned, built=built), CHECKS))


def test_only_what_was_released_goes_out_again_as_that_version(built: BuiltRelease) -> None:
    """What the plan says, whatever the file beside the distributions says."""
    files = {file.name: file.sha256 for file in built.files}
    for known, text in ((files, None), ({**files, built.files[0].name: "0" * 64}, "was released with other bytes")):
        planned = replace(built.release, released_files=known)
        found = reason_to_block(Candidate(release=planned, built=built), CHECKS)
        assert found is None if text is None else text in str(found)


def test_a_release_without_files_is_blocked(built: BuiltRelease) -> None:
    assert "not built" in str(reason(replace(built, files=())))


def test_a_changed_byte_is_seen(built: BuiltRelease, tmp_path: Path) -> None:
    path = tmp_path / built.files[0].name
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert f"{path} changed after it was built" in str(damage(built, tmp_path))


def test_a_missing_file_is_named(built: BuiltRelease, tmp_path: Path) -> None:
    (tmp_path / built.files[1].name).unlink()
    assert built.files[1].name in str(damage(built, tmp_path))


@pytest.mark.parametrize("name", ["../foo-1.0.tar.gz", "foo-1.1.tar.gz", "bar-1.0.tar.gz", "/etc/passwd", ""])
def test_a_file_that_is_not_of_this_release_is_refused(built: BuiltRelease, tmp_path: Path, name: str) -> None:
    forged = replace(built, files=(replace(built.files[0], name=name),))
    assert f"{name!r} is no file of foo 1.0" in str(damage(forged, tmp_path / "dist"))
