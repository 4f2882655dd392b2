"""History, chosen indexes and what is used up: which version comes, where it goes, and why."""

from dataclasses import replace

import pytest

from paa.model import Burnt
from paa.plan.records import History, Recorded, history_of
from paa.plan.tags import burnt_message, parse_burnt_message, parse_tag_message
from paa.plan.used_up import following
from tests.unit.plan.scenes import OTHER_PRINT, PRINT, kinds, on_index, per_index, plan, recorded, scanned, settings
from tests.unit.plan.scenes import versions as versions_of

BOTH = settings(publish_to=("local", "other"))
BURNT = {"1.0.1": frozenset({"other"})}


def known(*releases: Recorded, burnt: dict[str, frozenset[str]] | None = None) -> History:
    return replace(history_of(releases), burnt=burnt or {})


def at(version: str, index: str, fingerprint: str) -> Recorded:
    """A release that went to a chosen index alone."""
    return replace(recorded("a", version, fingerprint=fingerprint, indexes=(index,)), partial=True)


FULL = recorded("a", "1.0.0", fingerprint=OTHER_PRINT, indexes=("local", "other"))


@pytest.mark.parametrize(
    ("history", "indexes", "expected"),
    [
        # Nothing is used up; then it is on one of the targets, on another index, and the next one too.
        (known(FULL), ("local", "other"), {"a": "1.0.1"}),
        (known(FULL, burnt=BURNT), ("local", "other"), {"a": "1.0.2"}),
        (known(FULL, burnt=BURNT), ("local",), {"a": "1.0.2"}),
        (known(FULL, burnt={**BURNT, "1.0.2": frozenset({"local"})}), ("local", "other"), {"a": "1.0.3"}),
        # A version far above that was never made does not count.
        (known(FULL, burnt={"9.0.0": frozenset({"other"})}), ("local", "other"), {"a": "1.0.1"}),
        # These sources went to one index: unchanged there, completed elsewhere.
        (known(FULL, at("1.0.1", "local", PRINT)), ("local",), {}),
        (known(FULL, at("1.0.1", "local", PRINT)), ("other",), {"a": "1.0.1"}),
        (known(FULL, at("1.0.1", "local", PRINT)), ("local", "other"), {"a": "1.0.1"}),
        # The same, and it is used up where it should be completed.
        (known(FULL, at("1.0.1", "local", PRINT), burnt=BURNT), ("local",), {}),
        (known(FULL, at("1.0.1", "local", PRINT), burnt=BURNT), ("local", "other"), {"a": "1.0.2"}),
        # Other sources have been on either index since.
        (known(FULL, at("1.0.1", "local", OTHER_PRINT)), ("other",), {"a": "1.0.2"}),
        (known(FULL, at("1.0.1", "local", PRINT), at("1.0.2", "other", OTHER_PRINT)), ("local",), {}),
        # It has arrived everywhere, and the tag is missing.
        (known(FULL, at("1.0.1", "local", PRINT), at("1.0.1", "other", PRINT)), ("local",), {"a": "1.0.1"}),
    ],
)
def test_which_version_comes(history: History, indexes: tuple[str, ...], expected: dict[str, str]) -> None:
    made = plan([scanned("a")], history={"a": history}, config=BOTH, indexes=indexes)
    assert versions_of(made) == expected


def test_it_is_told_and_noted() -> None:
    made = plan([scanned("a")], history={"a": known(FULL, burnt=BURNT)}, config=BOTH)
    assert kinds(made, "a")[0] == "used-up"
    assert made.releases[0].notes[-1] == "1.0.1 is used up on other, so that 1.0.2 takes its place"


@pytest.mark.parametrize(("whole", "expected"), [(True, "1.0.1"), (False, "1.0.2")])
def test_an_index_that_has_it_whole_is_right_and_half_of_it_is_not_enough(*, whole: bool, expected: str) -> None:
    there = on_index("1.0.0", "1.0.1", fingerprint=PRINT)
    there = replace(there, whole=frozenset({"1.0.1"} if whole else ()))
    index = per_index(other={"a": there})
    made = plan([scanned("a")], history={"a": known(FULL, burnt=BURNT)}, index=index, config=BOTH)
    assert versions_of(made) == {"a": expected}


@pytest.mark.parametrize(
    ("version", "after"),
    [
        ("1.2.3", "1.2.4"),
        ("1.2", "1.2.1"),
        ("1.2.3rc1", "1.2.3rc2"),
        ("1.0a9", "1.0a10"),
        ("2!1.0b2.dev3", "2!1.0b2.dev4"),
        ("1.0.dev1", "1.0.dev2"),
        ("1.2.3.post1", "1.2.4"),
    ],
)
def test_what_takes_the_place_of_a_version(version: str, after: str) -> None:
    assert following(version) == after


def test_the_record_of_a_version_that_is_used_up_is_read_as_written_and_is_no_release() -> None:
    burnt = Burnt(package="a", version="1.0.1", index="other")
    assert parse_burnt_message(burnt_message(burnt)) == burnt
    assert parse_tag_message(burnt_message(burnt)) is None
    assert parse_burnt_message(burnt_message(burnt).replace("1.0.1\n", "x\n")) is None
    assert parse_burnt_message("") is None
