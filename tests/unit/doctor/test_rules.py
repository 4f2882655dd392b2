"""Every combination of facts has one answer, and a repair leads to health or to what can't be repaired."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest

from paa.doctor.diagnosis import Diagnosis, Step, Verdict
from paa.doctor.facts import Facts, IndexState, Origin, TagState, TrackingState
from paa.doctor.rules import RULES, diagnose

HEALTHY = Facts(
    tag=TagState.OURS,
    tracking=TrackingState.SAME,
    noted=True,
    indexes={"one": IndexState.COMPLETE, "two": IndexState.COMPLETE},
    origin=Origin.OURS,
    bytes_at_hand=True,
    sources_known=True,
)
BOOLEANS = (True, False)
Combinations = Mapping[int, tuple[Facts, Diagnosis]]


def every_combination() -> Iterator[Facts]:
    for tag, tracking, origin, one, two in itertools.product(TagState, TrackingState, Origin, IndexState, IndexState):
        for noted, at_hand, known, is_last, all_asked in itertools.product(BOOLEANS, repeat=5):
            facts = Facts(
                tag=tag,
                tracking=tracking,
                noted=noted,
                indexes={"one": one, "two": two},
                origin=origin,
                bytes_at_hand=at_hand,
                sources_known=known,
                is_last=is_last,
                all_asked=all_asked,
            )
            yield facts
            if one in (IndexState.ABSENT, IndexState.HALF):
                yield replace(facts, used_up=("one",))
            if not is_last and tag is not TagState.OURS:
                yield replace(facts, chosen=("one",))


@pytest.fixture(scope="module")
def combinations() -> Combinations:
    """All of them, numbered, each with what is said about it."""
    return {number: (facts, diagnose(facts)) for number, facts in enumerate(every_combination())}


def applied(facts: Facts, steps: Sequence[Step]) -> Facts:
    """What would be seen after these repairs."""
    for step in steps:
        match step:
            case Step.FILL:
                filled = dict.fromkeys(facts.lacking, IndexState.COMPLETE)
                facts = replace(facts, indexes={**facts.indexes, **filled})
            case Step.TAG:
                facts = replace(facts, tag=TagState.OURS)
            case Step.TRACK:
                facts = replace(facts, tracking=TrackingState.SAME)
            case Step.NOTE:
                facts = replace(facts, noted=True)
    return facts


def told(facts: Facts) -> list[str]:
    return [difference.rule.name for difference in diagnose(facts).differences]


def test_one_round_of_repairs_is_enough_for_every_combination(combinations: Combinations) -> None:
    for facts, before in combinations.values():
        after = diagnose(applied(facts, before.steps))
        assert not after.steps, facts
        left = [difference for difference in before.differences if difference.rule.step is None]
        # What can't be repaired, or has to be decided, is told again just as it was; the rest is well.
        assert list(after.differences) == left, facts


def test_a_repair_is_never_asked_for_where_something_must_be_decided_first(combinations: Combinations) -> None:
    for facts, found in combinations.values():
        if facts.where(IndexState.UNREADABLE):
            assert found.verdict is Verdict.UNKNOWN
            assert not found.steps
        if facts.where(IndexState.OTHER) or facts.tag is TagState.CONTRADICTING:
            assert not found.steps, "nothing is built on what contradicts itself"
        if facts.is_present and not facts.is_ours:
            assert not found.steps, "what is somebody else's is left alone"


def test_nothing_is_tagged_that_an_index_lacks(combinations: Combinations) -> None:
    for facts, found in combinations.values():
        if Step.TAG in found.steps:
            seen = applied(facts, found.steps)
            assert set(seen.indexes.values()) <= {IndexState.COMPLETE, IndexState.YANKED}, facts
            assert facts.all_asked
            assert facts.sources_known


def test_only_what_an_index_lacks_is_ever_sent(combinations: Combinations) -> None:
    for facts, found in combinations.values():
        if Step.FILL in found.steps:
            assert facts.bytes_at_hand
            assert facts.lacking
            assert not facts.is_withdrawn
            assert all(facts.indexes[name] in {IndexState.HALF, IndexState.ABSENT} for name in facts.lacking)


def test_every_difference_is_told_in_sentences_that_can_be_filled_in(combinations: Combinations) -> None:
    places = {"package": "p", "distribution": "d", "version": "1", "tag": "t", "indexes": "one"}
    for rule in RULES:
        assert "{" not in "".join(text.format_map(places) for text in (rule.what, rule.then, rule.command or ""))
        assert (rule.step is not None) == (rule.verdict is Verdict.REPAIR)
    assert {one.rule.name for _, found in combinations.values() for one in found.differences} == {
        rule.name for rule in RULES
    }


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        (HEALTHY, []),
        (replace(HEALTHY, tag=TagState.ABSENT), ["missing-tag"]),
        (replace(HEALTHY, tag=TagState.BARE), ["missing-tag"]),
        (replace(HEALTHY, tracking=TrackingState.OLDER, noted=False), ["missing-entry", "missing-notes"]),
        (replace(HEALTHY, tracking=TrackingState.OTHER), ["contradicting-entry"]),
        (replace(HEALTHY, indexes={"one": IndexState.COMPLETE, "two": IndexState.HALF}), ["missing-files"]),
        (
            replace(HEALTHY, indexes={"one": IndexState.HALF}, tag=TagState.ABSENT, bytes_at_hand=False),
            ["lost-bytes"],
        ),
        (
            replace(HEALTHY, indexes={"one": IndexState.HALF}, tag=TagState.ABSENT, tracking=TrackingState.OLDER),
            ["missing-files", "missing-tag", "missing-entry"],
        ),
        (replace(HEALTHY, indexes={"one": IndexState.YANKED}), []),
        (replace(HEALTHY, indexes={"one": IndexState.YANKED, "two": IndexState.ABSENT}), []),
        (replace(HEALTHY, indexes={"one": IndexState.YANKED, "two": IndexState.HALF}), ["withdrawn"]),
        (replace(HEALTHY, indexes={"one": IndexState.UNREADABLE}, tag=TagState.ABSENT), ["unreadable"]),
    ],
)
def test_what_is_told(facts: Facts, names: list[str]) -> None:
    assert told(facts) == names


def test_a_bare_tag_alone_asks_for_a_release_and_is_nothing_to_repair() -> None:
    asked = replace(
        HEALTHY, tag=TagState.BARE, tracking=TrackingState.OLDER, noted=False, indexes={"one": IndexState.ABSENT}
    )
    assert diagnose(asked).verdict is Verdict.HEALTHY


def test_what_a_later_version_has_followed_is_told_and_asks_nobody_to_act() -> None:
    half = replace(
        HEALTHY,
        tag=TagState.ABSENT,
        tracking=TrackingState.NEWER,
        noted=False,
        indexes={"one": IndexState.HALF},
        bytes_at_hand=False,
    )
    assert told(half) == ["lost-bytes"]
    assert diagnose(half).needs_action
    superseded = replace(half, is_last=False)
    assert told(superseded) == ["lost-bytes"]
    assert not diagnose(superseded).needs_action


def test_an_index_that_came_later_need_not_have_what_is_superseded() -> None:
    old = replace(
        HEALTHY,
        is_last=False,
        tracking=TrackingState.NEWER,
        indexes={"one": IndexState.COMPLETE, "new": IndexState.ABSENT},
    )
    assert diagnose(old).verdict is Verdict.HEALTHY
    assert diagnose(replace(old, is_last=True)).steps == (Step.FILL,)
