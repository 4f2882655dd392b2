"""Versions on the way to a final one: which comes next, and where it goes."""

import pytest
from packaging.version import Version

from paa.errors import FindingsError
from paa.model import Bump
from paa.plan.prereleases import Stage
from paa.plan.published import PublishedProject
from paa.plan.versions import next_version
from tests.unit.plan.scenes import (
    OTHER_PRINT,
    PRINT,
    commit,
    history,
    kinds,
    on_index,
    per_index,
    plan,
    reasons,
    recorded,
    released,
    scanned,
    settings,
    versions,
)

A, B, RC, DEV = Stage(pre="a"), Stage(pre="b"), Stage(pre="rc"), Stage(dev=True)
RC_DEV = Stage(pre="rc", dev=True)


@pytest.mark.parametrize(
    ("last", "bump", "stage", "expected"),
    [
        ("1.2.3", Bump.PATCH, RC, "1.2.4rc1"),
        ("1.2.3", Bump.MINOR, A, "1.3.0a1"),
        ("1.2.3", Bump.MAJOR, B, "2.0.0b1"),
        ("1.2.3", Bump.PATCH, DEV, "1.2.4.dev1"),
        ("1.2.3", Bump.PATCH, RC_DEV, "1.2.4rc1.dev1"),
        # What is on the way goes on.
        ("1.2.4rc1", Bump.PATCH, RC, "1.2.4rc2"),
        ("1.2.4rc9", Bump.PATCH, RC, "1.2.4rc10"),
        ("1.2.4a1", Bump.PATCH, B, "1.2.4b1"),
        ("1.2.4b3", Bump.PATCH, RC, "1.2.4rc1"),
        ("1.2.4.dev3", Bump.PATCH, DEV, "1.2.4.dev4"),
        ("1.2.4.dev3", Bump.PATCH, A, "1.2.4a1"),
        ("1.2.4rc0", Bump.PATCH, RC, "1.2.4rc1"),
        # A development release leads to the candidate of its number, a post-release of one to the next.
        ("1.2.4rc2.dev1", Bump.PATCH, RC, "1.2.4rc2"),
        ("1.2.4rc2.dev1", Bump.PATCH, RC_DEV, "1.2.4rc2.dev2"),
        ("1.2.4rc1", Bump.PATCH, RC_DEV, "1.2.4rc2.dev1"),
        ("1.2.4rc1.post2", Bump.PATCH, RC, "1.2.4rc2"),
        ("1.2.4rc1.post2.dev1", Bump.PATCH, RC, "1.2.4rc2"),
        # More than what is on the way brings is asked for.
        ("1.3.0rc1", Bump.MINOR, RC, "1.3.0rc2"),
        ("1.3.0rc1", Bump.MAJOR, RC, "2.0.0rc1"),
        ("1.2.4rc1", Bump.MINOR, RC, "1.3.0rc1"),
        # Epochs, posts, two and four parts, local labels.
        ("1!2.0", Bump.PATCH, RC, "1!2.0.1rc1"),
        ("1.2.3.post1", Bump.PATCH, RC, "1.2.4rc1"),
        ("1.2", Bump.MINOR, DEV, "1.3.dev1"),
        ("1.3.dev1", Bump.MINOR, DEV, "1.3.dev2"),
        ("1.2.3.4", Bump.PATCH, RC, "1.2.4rc1"),
        ("1.2.3.4rc1", Bump.PATCH, RC, "1.2.3.4rc2"),
        ("1.2.3+local", Bump.PATCH, RC, "1.2.4rc1"),
    ],
)
def test_the_next_version_on_the_way(last: str, bump: Bump, stage: Stage, expected: str) -> None:
    found = next_version([last], bump, default="0.0.1", stage=stage)
    assert found == expected
    assert Version(found) > Version(last)


@pytest.mark.parametrize(
    ("last", "stage", "advice"),
    [
        ("1.2.4rc1", A, "--pre rc"),
        ("1.2.4rc1", B, "--pre rc"),
        ("1.2.4b2", A, "--pre b"),
        ("1.2.4rc1", DEV, "--pre rc --dev"),
        ("1.2.4rc1.post1", DEV, "--pre rc --dev"),
    ],
)
def test_the_way_is_never_gone_back(last: str, stage: Stage, advice: str) -> None:
    with pytest.raises(FindingsError, match=f"would come before {last}") as caught:
        next_version([last], Bump.PATCH, default="0.0.1", stage=stage)
    assert advice in str(caught.value.advice)


@pytest.mark.parametrize(
    ("default", "stage", "expected"),
    [("0.0.1", RC, "0.0.1rc1"), ("1.0.dev0", RC, "1.0rc1"), ("0.1", DEV, "0.1.dev1"), ("1!1.0", A, "1!1.0a1")],
)
def test_the_first_release_may_be_on_the_way(default: str, stage: Stage, expected: str) -> None:
    assert next_version([], Bump.PATCH, default=default, stage=stage) == expected


@pytest.mark.parametrize(
    ("released_before", "exact", "stage", "expected"),
    [
        (["1.0"], "2.0.0", RC, "2.0.0rc1"),
        (["1.0", "2.0rc1"], "2.0.0", RC, "2.0.0rc2"),
        ([], "3.0", DEV, "3.0.dev1"),
        (["1.0"], "2.0b5", RC, "2.0b5"),
        (["1.0"], "1.0.post1", RC, "1.0.post1"),
    ],
)
def test_an_exact_version_is_led_to_unless_it_is_on_the_way_itself(
    released_before: list[str], exact: str, stage: Stage, expected: str
) -> None:
    assert next_version(released_before, Bump.EXACT, default="0.0.1", exact=exact, stage=stage) == expected


# --------------------------------------------------------------------------------------------------------- in a plan

TESTED = settings(prereleases_to=("test",))
CHANGED = {"a": released("a", fingerprint=OTHER_PRINT)}


def test_pre_and_dev_count_for_all_of_the_plan() -> None:
    made = plan([scanned("a"), scanned("b")], history=CHANGED, stage=RC)
    assert versions(made) == {"a": "1.0.1rc1", "b": "0.0.1rc1"}


def test_a_stage_that_goes_back_blocks_that_package_alone() -> None:
    known = {"a": released("a", "1.0.0rc1", fingerprint=OTHER_PRINT)}
    made = plan([scanned("a"), scanned("b")], history=known, stage=A)
    assert versions(made) == {"b": "0.0.1a1"}
    assert "1.0.0a1 would come before 1.0.0rc1" in reasons(made)["a"]


def test_a_pre_release_goes_to_the_indexes_for_those_and_the_rest_where_it_always_goes() -> None:
    commits = [commit("[a][1.1rc1] Try", "a"), commit("More", "b")]
    made = plan([scanned("a"), scanned("b")], history=CHANGED, commits=commits, config=TESTED)
    assert {release.package: release.targets for release in made.releases} == {"a": ("test",), "b": ("local",)}
    assert made.indexes == ("local", "test")
    assert plan([scanned("b")], config=TESTED).indexes == ("local",)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (("local",), ("test",)),
        (("test",), ("test",)),
        (("other",), ("other",)),
        (("local", "other"), ("other",)),
        (("other", "test", "local"), ("other", "test")),
    ],
)
def test_an_index_of_publish_to_never_gets_a_pre_release_that_belongs_elsewhere(
    named: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    made = plan([scanned("a")], history=CHANGED, config=TESTED, indexes=named, stage=RC)
    assert made.releases[0].targets == expected


def test_the_index_for_pre_releases_is_asked_only_where_one_is_planned() -> None:
    asked: list[tuple[str, str]] = []

    def ask(index: str, name: str) -> PublishedProject:
        asked.append((index, name))
        return PublishedProject()

    plan([scanned("a"), scanned("b")], index=ask, config=TESTED, commits=[commit("[a][1.0rc1] x", "a", "b")])
    assert asked == [("local", "a"), ("test", "a"), ("local", "b")]


def test_what_is_there_of_pre_releases_counts() -> None:
    ours = on_index("1.0.1rc1", "1.0.1rc2", fingerprint="3" * 64, repository="https://git.example.org/tools")
    made = plan([scanned("a")], history=CHANGED, index=per_index(test={"a": ours}), config=TESTED, stage=RC)
    assert versions(made) == {"a": "1.0.1rc3"}


def test_a_pre_release_that_was_published_and_not_recorded_is_completed() -> None:
    there = per_index(test={"a": on_index("1.0.1rc1", fingerprint=PRINT)})
    made = plan([scanned("a")], history=CHANGED, index=there, config=TESTED, stage=RC)
    assert versions(made) == {"a": "1.0.1rc1"}
    assert (kinds(made, "a"), made.releases[0].targets) == (["unrecorded"], ("test",))


def test_a_name_that_is_somebody_elses_where_pre_releases_go_blocks() -> None:
    foreign = per_index(test={"a": on_index("9.0", fingerprint="3" * 64)})
    made = plan([scanned("a")], history=CHANGED, index=foreign, config=TESTED, stage=RC)
    assert "on the index test already" in reasons(made)["a"]
    assert versions(plan([scanned("a")], history=CHANGED, index=foreign, config=TESTED)) == {"a": "1.0.1"}


def test_a_recorded_candidate_is_released_until_its_final_version_is_asked_for() -> None:
    known = {"a": history(recorded("a", "1.0.0", indexes=("local",)), recorded("a", "1.1.0rc1", indexes=("test",)))}
    assert plan([scanned("a")], history=known, config=TESTED).unchanged == ("a",)
    made = plan([scanned("a")], history=known, config=TESTED, commits=[commit("[a][1.1.0] It is good")])
    assert (versions(made), made.releases[0].targets) == ({"a": "1.1.0"}, ("local",))


def test_nothing_final_requires_a_pre_release_that_is_elsewhere() -> None:
    known = {"b": history(recorded("b", "1.0.0"), recorded("b", "1.1.0rc1", indexes=("test",)))}
    made = plan([scanned("a", needs=["b"]), scanned("b")], history=known, config=TESTED)
    assert dict(made.releases[0].floors) == {"b": "1.0.0"}
    made = plan([scanned("a", needs=["b"]), scanned("b")], history=known, config=TESTED, stage=RC)
    assert dict(made.releases[0].floors) == {"b": "1.1.0rc1"}


def test_what_needs_a_package_that_has_only_pre_releases_elsewhere_waits() -> None:
    commits = [commit("[b][1.0rc1] Try", "b")]
    made = plan([scanned("a", needs=["b"]), scanned("b")], config=TESTED, commits=commits)
    assert versions(made) == {"b": "1.0rc1"}
    assert reasons(made) == {"a": "it needs b, and 1.0rc1 goes to test only"}


@pytest.mark.parametrize("taken", ["1.0.0rc1", "1.0.0.dev3", "1.0.0a1.post1"])
def test_a_name_that_has_only_pre_releases_gets_its_final_version(taken: str) -> None:
    known = {"a": released("a", taken, fingerprint=OTHER_PRINT)}
    index = {"a": PublishedProject(versions=frozenset({taken}))}
    made = plan([scanned("a")], history=known, index=index)
    assert versions(made) == {"a": "1.0.0"}
    assert not made.releases[0].new_on_index
