"""Releases that no change calls for: asked for, made again, or made so that siblings stay installable together."""

import pytest

from paa.config.keys import InternalRequirements
from paa.errors import FindingsError
from paa.model import Bump, Requirement
from paa.plan.commits import Commit
from paa.plan.plan import make_plan
from paa.plan.work import PlanInput
from tests.unit.plan.scenes import (
    HEAD,
    OTHER_PRINT,
    PRINT,
    commit,
    history,
    kinds,
    on_index,
    plan,
    reasons,
    recorded,
    released,
    scanned,
    settings,
    versions,
)

# ------------------------------------------------------------------------------------------------------ by a message


@pytest.mark.parametrize(
    ("message", "version"),
    [
        ("[a][..+] Once more", "1.0.1"),
        ("[a][.+.] Once more", "1.1.0"),
        ("[A] [2.0] Once more", "2.0"),
        ("[b, a][+..] Once more", "2.0.0"),
        ("Tests; [a][.+.] and this", "1.1.0"),
        ("[a] Better tests", None),
        ("feat(a): better tests", None),
        ("fix(a)!: better tests", None),
        ("See [a][.+.]", None),
        ("[.+.] Tests", None),
        ("[other][.+.] Tests", None),
    ],
)
def test_a_message_that_names_a_bump_asks_for_what_has_not_changed(message: str, version: str | None) -> None:
    known = {"a": released("a"), "b": released("b")}
    made = plan([scanned("a"), scanned("b")], history=known, commits=[commit(message)])
    assert versions(made).get("a") == version
    if version is not None:
        (reason,) = made.releases[0].reasons
        assert (reason.kind, reason.text, reason.commit) == ("asked", message, HEAD)


def test_a_commit_that_changes_something_speaks_of_that() -> None:
    """Its tests, for example: they reach no package."""
    tests = Commit(sha=HEAD, subject="[a][+..] Test more", paths=("tests/a/test_a.py",))
    assert plan([scanned("a")], history={"a": released("a")}, commits=[tests]).unchanged == ("a",)


def test_a_change_that_was_taken_back_asks_for_nothing() -> None:
    """The wish stood in the commit that changed the package, and went with what it changed."""
    commits = [commit('Revert "[a][.+.] More"', "a"), commit("[a][.+.] More", "a")]
    made = plan([scanned("a")], history={"a": released("a")}, commits=commits)
    assert made.unchanged == ("a",)


def test_what_was_changed_and_taken_back_is_not_told_beside_what_was_asked_for() -> None:
    commits = [commit("[a][..+] Once more", sha="1" * 40), commit("Back", "a"), commit("[a][+..] Forth", "a")]
    made = plan([scanned("a")], history={"a": released("a")}, commits=commits)
    assert versions(made) == {"a": "1.0.1"}
    assert kinds(made, "a") == ["asked"]
    assert [note.partition(" (")[0] for note in made.releases[0].notes] == ["Once more"]


def test_without_commit_messages_nothing_is_asked_for() -> None:
    config = settings(use_commit_messages=False)
    made = plan([scanned("a")], history={"a": released("a")}, commits=[commit("[a][.+.] x")], config=config)
    assert made.unchanged == ("a",)


def test_what_was_asked_for_and_published_is_completed_and_not_made_again() -> None:
    """The run was killed before the tag: the index has 1.1.0 of the same sources as 1.0.0."""
    index = {"a": on_index("1.0.0", "1.1.0", fingerprint=PRINT)}
    made = plan([scanned("a")], history={"a": released("a")}, index=index, commits=[commit("[a][.+.] x")])
    assert versions(made) == {"a": "1.1.0"}
    assert kinds(made, "a") == ["unrecorded"]


def test_a_history_that_can_t_be_read_asks_for_nothing() -> None:
    def unreadable(_: str | None) -> list[Commit]:
        message = "shallow"
        raise FindingsError(message)

    given = PlanInput(
        scanned=[scanned("a")],
        history={"a": released("a")},
        config=settings(),
        commit=HEAD,
        indexes=("local",),
        builder="flit_core",
        repository=None,
        commits_since=unreadable,
        ask=None,
        asked_for=lambda unchanged: {name: [HEAD] for name in unchanged},
    )
    assert make_plan(given).unchanged == ("a",)


def test_exact_versions_that_lost_are_told() -> None:
    mine = {"a": released("a", fingerprint=OTHER_PRINT)}
    commits = [commit("[a][1.4] x", "a", sha="1" * 40), commit("[a][1.9] y", "a", sha="2" * 40)]
    made = plan([scanned("a")], history=mine, commits=commits)
    assert versions(made) == {"a": "1.9"}
    assert made.releases[0].reasons[-1].text == "also asked for: 1.4; the highest counts"


# ----------------------------------------------------------------------------------------------------------- with --all


def test_all_releases_again_what_has_not_changed() -> None:
    packages = [scanned("a", needs=["b"]), scanned("b"), scanned("c")]
    known = {name: released(name) for name in "abc"}
    made = plan(packages, history=known, names=["a"], again=["a"])
    assert versions(made) == {"a": "1.0.1"}
    assert (made.releases[0].bump, kinds(made, "a"), made.releases[0].notes) == (Bump.PATCH, ["asked"], ())
    assert made.unchanged == ("b",)


def test_all_makes_the_final_version_of_a_candidate() -> None:
    mine = {"a": released("a", "2.0.0rc3")}
    assert plan([scanned("a")], history=mine).unchanged == ("a",)
    assert versions(plan([scanned("a")], history=mine, again=["a"])) == {"a": "2.0.0"}


# --------------------------------------------------------------------------------------------------------- by a sibling


def chain(style: InternalRequirements, floor: str, version: str) -> dict[str, str]:
    """What is released of a, which needs b, when b comes out as ``version`` and a was built against ``floor``."""
    known = {
        "a": history(recorded("a", "1.0.0", floors={"b": floor})),
        "b": history(recorded("b", floor, fingerprint=OTHER_PRINT)),
    }
    made = plan(
        [scanned("a", needs=["b"]), scanned("b")],
        history=known,
        commits=[commit(f"[b][{version}] New", "b")],
        config=settings(internal_requirements=style),
    )
    return versions(made)


@pytest.mark.parametrize(
    ("style", "floor", "version", "follows"),
    [
        (InternalRequirements.FLOOR, "1.0.0", "2.0.0", False),
        (InternalRequirements.FLOOR, "1.0.0", "1!0.1", False),
        (InternalRequirements.COMPATIBLE, "1.0.0", "1.9.0", False),
        (InternalRequirements.COMPATIBLE, "1.0.0", "2.0.0", True),
        (InternalRequirements.COMPATIBLE, "0.1.0", "0.1.9", False),
        (InternalRequirements.COMPATIBLE, "0.1.0", "0.2.0", True),
        (InternalRequirements.COMPATIBLE, "1.0.0", "1!0.1", True),
        (InternalRequirements.COMPATIBLE, "1.0.0", "2.0.0rc1", False),
        (InternalRequirements.EXACT, "1.0.0", "1.0.1", True),
        (InternalRequirements.EXACT, "1.0.0", "1.0.0.post1", True),
        (InternalRequirements.EXACT, "1.0.0", "1.0.1.dev1", False),
    ],
)
def test_a_dependent_follows_only_where_it_must_and_by_a_patch(
    style: InternalRequirements, floor: str, version: str, *, follows: bool
) -> None:
    assert chain(style, floor, version) == ({"b": version, "a": "1.0.1"} if follows else {"b": version})


def test_a_cascade_goes_through_all_that_need_it_and_stops_where_nobody_must_follow() -> None:
    known = {
        "a": history(recorded("a", "3.0.0", floors={"b": "1.0.0"})),
        "b": history(recorded("b", "1.0.0", floors={"c": "1.0.0"})),
        "c": history(recorded("c", "1.0.0", fingerprint=OTHER_PRINT)),
        "d": history(recorded("d", "1.0.0")),
    }
    packages = [scanned("a", needs=["b"]), scanned("b", needs=["c"]), scanned("c"), scanned("d")]
    exact = settings(internal_requirements=InternalRequirements.EXACT)
    made = plan(packages, history=known, commits=[commit("feat(c)!: new", "c")], config=exact)
    assert versions(made) == {"c": "2.0.0", "b": "1.0.1", "a": "3.0.1"}
    assert kinds(made, "a") == kinds(made, "b") == ["cascade"]
    assert [dict(release.floors) for release in made.releases] == [{}, {"c": "2.0.0"}, {"b": "1.0.1"}]
    assert made.releases[2].needs == ("b",)
    compatible = settings(internal_requirements=InternalRequirements.COMPATIBLE)
    made = plan(packages, history=known, commits=[commit("feat(c)!: new", "c")], config=compatible)
    assert versions(made) == {"c": "2.0.0", "b": "1.0.1"}
    assert made.unchanged == ("a", "d")


def test_a_dependent_that_did_not_follow_in_time_follows_later() -> None:
    """Only b was released, by its name, or the run was stopped after it."""
    known = {
        "a": history(recorded("a", "1.0.0", floors={"b": "1.0.0"})),
        "b": history(recorded("b", "1.0.0"), recorded("b", "2.0.0")),
    }
    exact = settings(internal_requirements=InternalRequirements.EXACT)
    packages = [scanned("a", needs=["b"]), scanned("b")]
    assert versions(plan(packages, history=known, config=exact)) == {"a": "1.0.1"}
    there = {"a": on_index("1.0.0", "1.0.1", fingerprint=PRINT, floors={"b": "2.0.0"})}
    made = plan(packages, history=known, index=there, config=exact)
    assert versions(made) == {"a": "1.0.1"}
    assert kinds(made, "a") == ["unrecorded"]


def test_a_version_in_a_mark_is_the_author_s_to_move() -> None:
    known = {
        "a": history(recorded("a", "1.0.0", floors={"b": "1.0.0"})),
        "b": history(recorded("b", "1.0.0", fingerprint=OTHER_PRINT)),
    }
    marked = scanned("a", needs=["b<2"])
    assert marked.requirements == (Requirement(requirement="b<2", evidence="sibling", sources=(), sibling="b"),)
    exact = settings(internal_requirements=InternalRequirements.EXACT)
    assert versions(plan([marked, scanned("b")], history=known, config=exact)) == {"b": "1.0.1"}


def test_a_dependent_of_what_is_blocked_stays_as_it_is() -> None:
    known = {
        "a": history(recorded("a", "1.0.0", floors={"b": "1.0.0"})),
        "b": history(recorded("b", "1.0.0", fingerprint=OTHER_PRINT)),
    }
    exact = settings(internal_requirements=InternalRequirements.EXACT)
    commits = [commit("[b][0.1] Back", "b")]
    made = plan([scanned("a", needs=["b"]), scanned("b")], history=known, commits=commits, config=exact)
    assert (made.unchanged, list(reasons(made))) == (("a",), ["b"])
