"""Whether a package is released is judged for each target index on its own."""

import pytest

from paa.errors import IndexReadError
from paa.model import Bump, Release
from paa.plan.published import PublishedProject
from tests.unit.plan.scenes import (
    OTHER_PRINT,
    PRINT,
    REPOSITORY,
    commit,
    history,
    kinds,
    on_index,
    per_index,
    plan,
    reasons,
    recorded,
    scanned,
    settings,
    versions,
)

BOTH = settings(publish_to=("local", "other"))
CHANGED = history(recorded("a", "1.0.0", fingerprint=OTHER_PRINT, indexes=("local", "other")))
MADE = on_index("1.0.0", "1.1.0", fingerprint=PRINT, floors={"b": "0.3"})
OLD = on_index("1.0.0", fingerprint=OTHER_PRINT)


def only(releases: tuple[Release, ...]) -> Release:
    (release,) = releases
    return release


def test_what_one_index_has_is_completed_on_the_other_with_the_same_version() -> None:
    for index in (per_index(local={"a": MADE}, other={"a": OLD}), per_index(local={"a": OLD}, other={"a": MADE})):
        release = only(plan([scanned("a")], history={"a": CHANGED}, index=index, config=BOTH).releases)
        assert (release.version, release.bump, release.targets) == ("1.1.0", Bump.NONE, ("local", "other"))
        assert len(release.missing_on) == len(release.present_on) == 1
        assert [reason.kind for reason in release.reasons] == ["unrecorded", "missing"]


def test_what_all_indexes_have_is_only_recorded() -> None:
    index = per_index(local={"a": MADE}, other={"a": MADE})
    release = only(plan([scanned("a")], history={"a": CHANGED}, index=index, config=BOTH).releases)
    assert (release.version, release.missing_on, release.present_on) == ("1.1.0", (), ("local", "other"))
    assert [reason.kind for reason in release.reasons] == ["unrecorded"]


def test_an_empty_commit_leads_past_a_version_that_an_index_takes_no_more() -> None:
    """One index has 1.1.0, and on the other that name is used up: nothing could complete it."""
    index = per_index(local={"a": MADE}, other={"a": OLD})
    for said, version in (("[a][1.1.1] Skip", "1.1.1"), ("[a][1.1.0] Same", "1.1.0"), ("[a][+..] More", "1.1.0")):
        commits = [commit(said), commit("Better", "a")]
        made = plan([scanned("a")], history={"a": CHANGED}, index=index, config=BOTH, commits=commits)
        assert versions(made) == {"a": version}
    commits = [commit("[a][1.1.1] A change", "a")]
    made = plan([scanned("a")], history={"a": CHANGED}, index=index, config=BOTH, commits=commits)
    assert versions(made) == {"a": "1.1.0"}


def test_a_version_that_another_index_has_of_something_else_is_neither_overwritten_nor_completed() -> None:
    stranger = on_index("1.0.0", "1.1.0", fingerprint="3" * 64, repository=REPOSITORY)
    made = plan(
        [scanned("a")],
        history={"a": CHANGED},
        index=per_index(local={"a": MADE}, other={"a": stranger}),
        config=BOTH,
        commits=[commit("Better", "a")],
    )
    assert versions(made) == {"a": "1.1.1"}
    assert kinds(made, "a") == ["conflict", "commit"]
    assert "1.1.0 on other" in made.releases[0].reasons[0].text


def test_the_next_version_comes_after_those_of_every_index() -> None:
    index = per_index(
        local={"a": OLD}, other={"a": on_index("1.0.0", "1.4.0", fingerprint=OTHER_PRINT, repository=REPOSITORY)}
    )
    made = plan([scanned("a")], history={"a": CHANGED}, index=index, config=BOTH)
    assert versions(made) == {"a": "1.4.1"}


def test_a_name_that_is_somebody_elses_on_one_index_blocks_and_names_that_index() -> None:
    foreign = on_index("7.0.0", fingerprint="3" * 64, repository="https://git.example.org/others")
    index = per_index(local={"a": OLD}, other={"a": foreign})
    made = plan([scanned("a")], history={"a": CHANGED}, index=index, config=BOTH)
    assert reasons(made) == {"a": "a is on the index other already and was not released from this repository"}


def test_a_version_that_is_recorded_elsewhere_makes_no_project_ours() -> None:
    """Somebody else has 1.0.0 too, on the index that was added."""
    mine = history(recorded("a", "1.0.0", indexes=("local",)))
    foreign = PublishedProject(versions=frozenset({"1.0.0"}))
    made = plan([scanned("a")], history={"a": mine}, index=per_index(other={"a": foreign}), config=BOTH)
    assert "on the index other already" in reasons(made)["a"]
    adopted = settings(publish_to=("local", "other"), adopt=("a",))
    assert (
        plan([scanned("a")], history={"a": mine}, index=per_index(other={"a": foreign}), config=adopted).blocked == ()
    )


# --------------------------------------------------------------------------------------------- an index that is added


def test_an_index_that_is_added_gets_the_last_release_as_it_was() -> None:
    mine = history(recorded("a", "1.0.0", floors={"b": "0.2"}, indexes=("local",)))
    needed = history(recorded("b", "0.2", indexes=("local", "other")))
    made = plan([scanned("a", needs=["b"]), scanned("b")], history={"a": mine, "b": needed}, config=BOTH)
    release = only(made.releases)
    assert (release.version, release.bump, release.previous) == ("1.0.0", Bump.NONE, None)
    assert (release.targets, release.present_on, release.missing_on) == (("local", "other"), ("local",), ("other",))
    assert (release.floors, release.notes) == ({"b": "0.2"}, ())
    assert kinds(made, "a") == ["missing"]
    assert made.unchanged == ("b",)


def test_floors_of_a_release_that_is_completed_are_those_that_it_had() -> None:
    mine = history(recorded("a", "1.0.0", floors={"b": "0.2"}, indexes=("local",)))
    changed = history(recorded("b", "0.2", fingerprint=OTHER_PRINT, indexes=("local", "other")))
    made = plan([scanned("a", needs=["b"]), scanned("b")], history={"a": mine, "b": changed}, config=BOTH)
    assert versions(made) == {"b": "0.2.1", "a": "1.0.0"}
    assert made.releases[1].floors == {"b": "0.2"}


def test_only_the_index_that_is_not_named_is_asked() -> None:
    asked: list[tuple[str, str]] = []

    def ask(index: str, name: str) -> PublishedProject:
        asked.append((index, name))
        return PublishedProject()

    known = {
        "a": history(recorded("a", indexes=("local",))),
        "b": history(recorded("b", indexes=("local", "other"))),
        "c": history(recorded("c")),
    }
    plan([scanned(name) for name in "abc"], history=known, index=ask, config=BOTH)
    assert asked == [("other", "a")]


def test_an_index_that_has_it_already_needs_nothing() -> None:
    mine = history(recorded("a", "1.0.0", indexes=("local",)))
    index = per_index(other={"a": on_index("1.0.0", fingerprint=PRINT)})
    made = plan([scanned("a")], history={"a": mine}, index=index, config=BOTH)
    assert (made.releases, made.unchanged) == ((), ("a",))


def test_an_added_index_that_has_something_else_under_that_version_gets_the_next_one_with_the_others() -> None:
    mine = history(recorded("a", "1.0.0", indexes=("local",)))
    index = per_index(other={"a": on_index("1.0.0", fingerprint=OTHER_PRINT, repository=REPOSITORY)})
    made = plan([scanned("a")], history={"a": mine}, index=index, config=BOTH)
    release = only(made.releases)
    assert (release.version, release.targets, release.present_on) == ("1.0.1", ("local", "other"), ())
    assert kinds(made, "a") == ["conflict"]


def test_an_index_beside_publish_to_is_filled_when_it_is_named() -> None:
    made = plan([scanned("a")], history={"a": history(recorded("a"))}, indexes=("other",))
    release = only(made.releases)
    assert (release.version, release.targets, release.missing_on) == ("1.0.0", ("other",), ("other",))
    assert plan([scanned("a")], history={"a": history(recorded("a"))}).releases == ()


def test_an_added_index_that_can_t_be_read_makes_the_plan_provisional() -> None:
    def ask(_: str, __: str) -> PublishedProject:
        message = "down"
        raise IndexReadError(message)

    mine = history(recorded("a", indexes=("local",)))
    assert plan([scanned("a")], history={"a": mine}, index=ask, config=BOTH).provisional == "down"


def test_an_index_that_is_gone_from_the_settings_is_no_source() -> None:
    mine = history(recorded("a", indexes=("gone", "local")))
    assert only(plan([scanned("a")], history={"a": mine}, config=BOTH).releases).present_on == ("local",)


def test_new_on_any_target_is_new() -> None:
    index = per_index(local={"a": OLD})
    assert only(plan([scanned("a")], history={"a": CHANGED}, index=index, config=BOTH).releases).new_on_index
    assert not only(plan([scanned("a")], history={"a": CHANGED}, index=index).releases).new_on_index


# ------------------------------------------------------------------------------------- what is recorded, and is not


@pytest.mark.parametrize("fingerprint", [OTHER_PRINT, PRINT])
def test_an_index_behind_the_records_is_never_gone_back_to(fingerprint: str) -> None:
    """1.2.0 was deleted there, and 1.1.0 is from the very sources that were gone back to."""
    mine = history(
        recorded("a", "1.1.0", fingerprint=PRINT, indexes=("local",)),
        recorded("a", "1.2.0", fingerprint=OTHER_PRINT, indexes=("local",)),
    )
    index = per_index(local={"a": on_index("1.0.0", "1.1.0", fingerprint=fingerprint)})
    assert versions(plan([scanned("a")], history={"a": mine}, index=index)) == {"a": "1.2.1"}


def test_a_tag_that_says_something_else_of_that_version_is_not_overruled() -> None:
    mine = history(recorded("a", "1.1.0", fingerprint=OTHER_PRINT, indexes=("local",)))
    index = per_index(local={"a": on_index("1.1.0", fingerprint=PRINT)})
    assert versions(plan([scanned("a")], history={"a": mine}, index=index)) == {"a": "1.1.1"}


def test_a_version_of_which_only_the_number_is_known_is_recorded_when_the_index_proves_it() -> None:
    mine = history(recorded("a", "1.1.0", fingerprint=None))
    index = per_index(local={"a": on_index("1.1.0", fingerprint=PRINT)})
    made = plan([scanned("a")], history={"a": mine}, index=index)
    assert versions(made) == {"a": "1.1.0"}
    assert kinds(made, "a") == ["unrecorded"]


def test_what_was_taken_over_says_that_nothing_tells_what_it_was_made_from() -> None:
    mine = history(recorded("a", "1.10", fingerprint=None))
    index = per_index(local={"a": PublishedProject(versions=frozenset({"1.9", "1.10"}))})
    made = plan([scanned("a")], history={"a": mine}, index=index, commits=[commit("Words", "a")])
    assert versions(made) == {"a": "1.10.1"}
    assert kinds(made, "a") == ["taken-over", "commit"]
    assert made.releases[0].reasons[0].text == "nothing says what 1.10 was made from"
