"""Where nothing is to be planned, the short way says what the long way says; where it can't tell, it says so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.config import Config
from paa.config.keys import InternalRequirements
from paa.model import Finding, ScannedPackage, Severity, Standing
from paa.plan.published import PublishedProject
from paa.plan.quiet import unchanged
from paa.plan.records import History
from tests.unit.plan.scenes import OTHER_PRINT, PRINT, commit, history, plan, recorded, released, scanned, settings

NAMES = ("a", "b", "c")
INDEXES = ("local", "other", "test")


def standing(item: ScannedPackage) -> Standing:
    return Standing(
        package=item.package,
        distribution=item.distribution,
        fingerprint=item.fingerprint,
        publish=item.metadata is None or item.metadata.publish,
        findings=item.findings,
    )


def quiet(
    packages: Sequence[ScannedPackage],
    known: Mapping[str, History],
    *,
    config: Config | None = None,
    indexes: Sequence[str] | None = None,
    asked: Collection[str] = (),
) -> tuple[str, ...] | None:
    settled = config or settings()
    standings = [standing(item) for item in packages]
    targets = settled.publish_to if indexes is None else indexes
    return unchanged(standings, known, settled, targets, lambda those: {name: {"x"} for name in those if name in asked})


def nobody(index: str, name: str) -> PublishedProject:
    message = f"{index} was asked about {name}"
    raise AssertionError(message)


histories = st.one_of(
    st.just(History()),
    st.builds(
        lambda version, mark, indexes: history(recorded("x", version, fingerprint=mark, indexes=indexes)),
        st.sampled_from(["1.0.0", "1.1.0rc1", "2.0.dev3"]),
        st.sampled_from([PRINT, PRINT, PRINT, OTHER_PRINT, None]),
        st.one_of(st.none(), st.lists(st.sampled_from(INDEXES), unique=True).map(tuple)),
    ),
)
packages = st.builds(
    lambda needs, publish, broken: (needs, publish, broken),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
    st.sampled_from([True, True, True, False]),
    st.sampled_from([False, False, False, True]),
)
targets = st.lists(st.sampled_from(INDEXES), min_size=1, max_size=2, unique=True).map(tuple)


@given(
    st.dictionaries(st.sampled_from(NAMES), packages, max_size=3),
    st.dictionaries(st.sampled_from(NAMES), histories, max_size=3),
    targets,
    targets,
    targets,
)
def test_what_is_quiet_gives_an_empty_plan_that_asks_nobody(
    found: Mapping[str, tuple[list[str], bool, bool]],
    known: Mapping[str, History],
    publish_to: tuple[str, ...],
    prereleases_to: tuple[str, ...],
    indexes: tuple[str, ...],
) -> None:
    fault = Finding(rule="syntax", message="no Python", severity=Severity.ERROR)
    items = [
        scanned(name, needs=[other for other in needs if other < name], publish=publish, findings=[fault] * broken)
        for name, (needs, publish, broken) in sorted(found.items())
    ]
    config = settings(publish_to=publish_to, prereleases_to=prereleases_to)
    told = quiet(items, known, config=config, indexes=indexes)
    if told is not None:
        made = plan(items, history=known, config=config, indexes=indexes, index=nobody)
        assert (made.releases, made.blocked, made.provisional) == ((), (), None)
        assert made.unchanged == told


def test_what_is_released_everywhere_is_quiet() -> None:
    known = {name: released(name) for name in NAMES}
    assert quiet([scanned(name) for name in reversed(NAMES)], known) == NAMES
    assert quiet([], {}) == ()


def test_a_package_that_is_not_published_is_not_there() -> None:
    assert quiet([scanned("a"), scanned("b", publish=False)], {"a": released("a")}) == ("a",)


@pytest.mark.parametrize(
    ("item", "known"),
    [
        (scanned("a"), None),
        (scanned("a", fingerprint=OTHER_PRINT), released("a")),
        (scanned("a"), released("a", fingerprint=None)),
        (scanned("a", findings=[Finding(rule="x", message="wrong")]), released("a")),
        (scanned("a"), history(recorded("a", indexes=("other",)))),
        (scanned("a"), history(recorded("a", "1.0rc1", indexes=("local",)))),
        (scanned("a"), history(replace(recorded("a", "2.0", indexes=("other",)), partial=True), recorded("a"))),
    ],
    ids=["new", "changed", "unknown", "broken", "elsewhere", "pre-release elsewhere", "chosen by hand"],
)
def test_one_package_of_many_is_enough_to_need_a_plan(item: ScannedPackage, known: History | None) -> None:
    config = settings(prereleases_to=("test",))
    those = {"b": released("b"), **({"a": known} if known else {})}
    assert quiet([item, scanned("b")], those, config=config) is None


def test_who_is_asked_for_needs_a_plan() -> None:
    known = {"a": released("a"), "b": released("b")}
    items = [scanned("a"), scanned("b")]
    assert quiet(items, known, asked=["b"]) is None
    assert plan(items, history=known, commits=[commit("[b][.+.] Once more")]).releases
    deaf = settings(use_commit_messages=False)
    assert quiet(items, known, asked=["b"], config=deaf) == ("a", "b")


@pytest.mark.parametrize("rule", [InternalRequirements.COMPATIBLE, InternalRequirements.EXACT])
def test_who_may_have_to_follow_others_needs_a_plan(rule: InternalRequirements) -> None:
    assert quiet([scanned("a")], {"a": released("a")}, config=settings(internal_requirements=rule)) is None
