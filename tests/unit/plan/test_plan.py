"""The plan as a pure function: what is released, as which version, why, and what is not."""

from collections.abc import Mapping, Sequence

import pytest

from paa.config import default_config
from paa.edges.index import IndexUnavailableError
from paa.errors import IndexReadError
from paa.model import (
    Bump,
    Finding,
    Location,
    Severity,
)
from paa.plan.commits import RECORD_TRAILER, Commit
from paa.plan.plan import make_plan
from paa.plan.published import PublishedProject
from paa.plan.records import History
from paa.plan.work import PlanInput
from tests.unit.plan.scenes import (
    BASE,
    HEAD,
    OTHER_PRINT,
    PRINT,
    REPOSITORY,
    commit,
    on_index,
    plan,
    reasons,
    released,
    scanned,
    settings,
    versions,
)

# ------------------------------------------------------------------------------------------------------ what changed


def test_what_was_never_released_is_new() -> None:
    made = plan([scanned("a")], commits=[commit("Begin", "a")])
    (release,) = made.releases
    assert (release.version, release.previous, release.bump, release.new_on_index) == ("0.0.1", None, Bump.FIRST, True)
    assert [(reason.kind, reason.path) for reason in release.reasons] == [("new", "python_modules/a.py")]
    assert release.notes == (f"Begin ([{HEAD[:7]}]({REPOSITORY}/commit/{HEAD}))",)
    assert (made.commit, made.indexes, made.provisional) == (HEAD, ("local",), None)


def test_the_same_fingerprint_is_unchanged_whatever_was_committed() -> None:
    made = plan([scanned("a")], history={"a": released("a")}, commits=[commit("[a][+..] Anew", "a")])
    assert made.releases == ()
    assert made.unchanged == ("a",)


def test_another_fingerprint_is_a_release_with_the_commits_that_brought_it() -> None:
    commits = [commit(f"Change {number}", "a", sha=f"{number}" * 40) for number in range(8)]
    made = plan([scanned("a")], history={"a": released("a", fingerprint=OTHER_PRINT)}, commits=commits)
    (release,) = made.releases
    assert (release.version, release.previous, release.bump) == ("1.0.1", "1.0.0", Bump.PATCH)
    assert [reason.commit for reason in release.reasons] == [f"{number}" * 40 for number in range(5)]
    assert len(release.notes) == 8


def test_a_change_without_a_commit_is_told_as_such() -> None:
    """Settings have changed, or what the package is made from is not what it was."""
    made = plan([scanned("a")], history={"a": released("a", fingerprint=OTHER_PRINT)}, commits=[commit("x", "b")])
    (release,) = made.releases
    assert release.version == "1.0.1"
    assert [reason.kind for reason in release.reasons] == ["changed"]
    assert "1.0.0" in release.reasons[0].text


def test_commits_that_recorded_releases_count_for_nothing() -> None:
    recording = commit("[a][+..] Record", "a", body=f"- a 1.0.0\n\n{RECORD_TRAILER}")
    made = plan([scanned("a")], history={"a": released("a", fingerprint=OTHER_PRINT)}, commits=[recording])
    assert versions(made) == {"a": "1.0.1"}


def test_what_opts_out_is_neither_released_nor_listed() -> None:
    made = plan([scanned("a", publish=False), scanned("b")])
    assert versions(made) == {"b": "0.0.1"}
    assert made.unchanged == ()
    assert "b" not in reasons(made)
    assert reasons(plan([scanned("a", publish=False), scanned("b", needs=["a"])])) == {
        "b": "it needs a, which can't be released"
    }


# -------------------------------------------------------------------------------------------------------- the index


def test_what_the_index_has_with_this_fingerprint_is_completed_as_that_version() -> None:
    there = on_index("1.0.0", "1.1.0", fingerprint=PRINT)
    project = PublishedProject(versions=there.versions, manifest=there.manifest, floors={"b": "0.5"})
    history = {"b": released("b", "0.9.0")}
    made = plan([scanned("a", needs=["b"]), scanned("b")], history=history, index={"a": project})
    (release,) = made.releases
    assert (release.version, release.bump, release.reasons[0].kind) == ("1.1.0", Bump.NONE, "unrecorded")
    assert release.floors == {"b": "0.5"}
    assert not release.new_on_index


def test_the_same_fingerprint_of_another_package_proves_nothing() -> None:
    made = plan([scanned("a")], index={"a": on_index("1.0.0", package="other", fingerprint=PRINT)})
    assert "was not released from this repository" in reasons(made)["a"]


def test_the_highest_version_of_index_and_history_counts() -> None:
    history = {"a": released("a", "1.2.0", fingerprint=OTHER_PRINT)}
    assert versions(plan([scanned("a")], history=history, index={"a": on_index("1.2.0", "1.4.0")})) == {"a": "1.4.1"}
    assert versions(plan([scanned("a")], history=history, index={"a": on_index("1.2.0")})) == {"a": "1.2.1"}


@pytest.mark.parametrize(
    ("index", "history", "adopted", "ours"),
    [
        (on_index("1.0.0", repository=REPOSITORY), {}, (), True),
        (on_index("1.0.0", repository="https://git.example.org/others"), {}, (), False),
        (on_index("1.0.0"), {}, (), False),
        (PublishedProject(versions=frozenset({"1.0.0"})), {}, (), False),
        (PublishedProject(versions=frozenset({"1.0.0"})), {"a_b": released("a_b", fingerprint=None)}, (), True),
        (PublishedProject(versions=frozenset({"3.0.0"})), {"a_b": released("a_b", fingerprint=None)}, (), False),
        (PublishedProject(versions=frozenset({"1.0.0"})), {}, ("a-b",), True),
        (PublishedProject(versions=frozenset({"1.0.0"})), {}, ("a",), False),
    ],
)
def test_whose_name_it_is(
    index: PublishedProject, history: Mapping[str, History], adopted: tuple[str, ...], *, ours: bool
) -> None:
    config = settings(adopt=adopted)
    made = plan([scanned("a_b")], index={"a-b": index}, history=history, config=config)
    assert versions(made) == ({"a_b": "1.0.1"} if ours else {})
    if not ours:
        assert "'a-b' under adopt:" in str(made.blocked[0].advice)


def test_only_packages_that_may_have_changed_are_asked_about() -> None:
    asked: list[str] = []

    def ask(_: str, distribution: str) -> PublishedProject:
        asked.append(distribution)
        return PublishedProject()

    broken = scanned("c", findings=[Finding(rule="x", message="broken")])
    plan([scanned("a"), scanned("b"), broken], history={"a": released("a")}, index=ask)
    assert asked == ["b"]


def test_an_index_that_is_down_is_asked_once() -> None:
    """Each question waits through all tries: with some hundred packages, for hours."""
    asked = []

    def ask(index: str, distribution: str) -> PublishedProject:
        asked.append((index, distribution))
        message = f"{distribution} can't be reached"
        raise IndexUnavailableError(message, advice="check the network")

    made = plan([scanned("a"), scanned("b"), scanned("c")], index=ask)
    assert asked == [("local", "a")]
    assert made.provisional == "a can't be reached; check the network"
    assert versions(made) == {"a": "0.0.1", "b": "0.0.1", "c": "0.0.1"}


def test_an_index_that_can_t_be_read_makes_the_plan_provisional_once() -> None:
    def ask(_: str, distribution: str) -> PublishedProject:
        raise IndexReadError("down" if distribution != "c" else "broken")

    made = plan([scanned("a"), scanned("b"), scanned("c")], index=ask)
    assert made.provisional == "down; broken"
    assert versions(made) == {"a": "0.0.1", "b": "0.0.1", "c": "0.0.1"}


# ------------------------------------------------------------------------------------------------------- the commits


def test_a_history_that_head_does_not_continue_blocks_what_has_changed() -> None:
    history = {"a": released("a", fingerprint=OTHER_PRINT), "b": released("b")}
    made = plan([scanned("a"), scanned("b")], history=history, commits=None)
    assert f"does not descend from {BASE[:12]}" in reasons(made)["a"]
    assert made.unchanged == ("b",)


def test_an_exact_version_that_is_taken_blocks_that_package() -> None:
    history = {"a": released("a", fingerprint=OTHER_PRINT)}
    commits = [commit("[a][0.9] Back", "a"), commit("More", "b")]
    made = plan([scanned("a"), scanned("b")], history=history, commits=commits)
    assert "1.0.0 is already released" in reasons(made)["a"]
    assert made.blocked[0].path == "python_modules/a.py"
    assert versions(made) == {"b": "0.0.1"}


def test_each_commit_is_read_once_for_all_packages() -> None:
    calls: list[str | None] = []

    def since(sha: str | None) -> Sequence[Commit]:
        calls.append(sha)
        return (commit("Begin", "a", "b"),)

    given = PlanInput(
        scanned=[scanned("a"), scanned("b"), scanned("c")],
        history={"c": released("c", fingerprint=OTHER_PRINT)},
        config=default_config(),
        commit=HEAD,
        indexes=(),
        builder="flit_core",
        repository=None,
        commits_since=since,
        ask=None,
    )
    made = make_plan(given)
    assert calls == [None, BASE]
    assert made.provisional is not None
    assert "offline" in made.provisional
    assert made.releases[0].notes == ("Begin",)


# ------------------------------------------------------------------------------------------------------- siblings


def test_siblings_come_in_order_with_floors_and_needs() -> None:
    packages = [scanned("a", needs=["b", "c"]), scanned("b", needs=["c"]), scanned("c"), scanned("d", needs=["c"])]
    made = plan(packages, history={"c": released("c", "2.0.0"), "d": released("d", fingerprint=OTHER_PRINT)})
    assert list(versions(made).items()) == [("b", "0.0.1"), ("d", "1.0.1"), ("a", "0.0.1")]
    found = {release.package: (release.needs, dict(release.floors)) for release in made.releases}
    assert found == {
        "b": ((), {"c": "2.0.0"}),
        "d": ((), {"c": "2.0.0"}),
        "a": (("b",), {"b": "0.0.1", "c": "2.0.0"}),
    }


def test_a_new_version_of_a_sibling_alone_releases_nothing_else() -> None:
    history = {"a": released("a"), "b": released("b", fingerprint=OTHER_PRINT)}
    made = plan([scanned("a", needs=["b"]), scanned("b")], history=history)
    assert versions(made) == {"b": "1.0.1"}
    assert made.unchanged == ("a",)


def test_what_needs_a_blocked_package_waits_when_that_was_never_released() -> None:
    broken = scanned("c", findings=[Finding(rule="syntax", message="no", location=Location(path="c.py", line=3))])
    packages = [scanned("a", needs=["b"]), scanned("b", needs=["c"]), broken, scanned("d")]
    made = plan(packages)
    assert versions(made) == {"d": "0.0.1"}
    assert reasons(made) == {
        "a": "it needs b, which can't be released",
        "b": "it needs c, which can't be released",
        "c": "no",
    }
    assert (made.blocked[2].path, made.blocked[2].line) == ("c.py", 3)
    assert versions(plan(packages, history={"c": released("c")})) == {"b": "0.0.1", "a": "0.0.1", "d": "0.0.1"}


def test_the_first_of_several_errors_is_told_with_their_number_and_warnings_block_nothing() -> None:
    errors = [Finding(rule="x", message=f"error {number}") for number in range(3)]
    warning = Finding(rule="x", message="a warning", severity=Severity.WARNING)
    made = plan([scanned("a", findings=[warning, *errors]), scanned("b", findings=[warning])])
    assert reasons(made) == {"a": "error 0 (and 2 more)"}
    assert versions(made) == {"b": "0.0.1"}


def test_of_circles_that_share_a_package_all_members_are_named() -> None:
    needs = {"a": ["b"], "b": ["a", "c"], "c": ["b"]}
    made = plan([scanned(name, needs=others) for name, others in needs.items()])
    assert reasons(made)["c"] == ("packages need each other in a circle: c → b → c; all that need one another: a, b, c")


def test_a_circle_blocks_its_members_and_says_who_they_are() -> None:
    made = plan([scanned("a", needs=["b"]), scanned("b", needs=["a"]), scanned("c", needs=["a"]), scanned("d")])
    assert versions(made) == {"d": "0.0.1"}
    assert reasons(made)["a"] == "packages need each other in a circle: a → b → a"
    assert reasons(made)["b"] == "packages need each other in a circle: b → a → b"
    assert reasons(made)["c"] == "it needs a, which can't be released"


def test_names_limit_the_plan_to_themselves_and_what_they_need() -> None:
    packages = [scanned("a", needs=["b"]), scanned("b", needs=["c"]), scanned("c"), scanned("d")]
    assert list(versions(plan(packages, names=["a"]))) == ["c", "b", "a"]
    assert list(versions(plan(packages, names=["c"]))) == ["c"]
    assert list(versions(plan(packages, names=[]))) == []
