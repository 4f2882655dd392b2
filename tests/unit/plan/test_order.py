"""What is needed comes first; who needs itself, by whatever way, is named."""

from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given

from paa.plan.order import cycles, in_order

NAMES = "abcdefg"
GRAPHS = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), unique=True).map(tuple))


def test_what_is_needed_comes_first_and_names_decide_the_rest() -> None:
    needs = {"d": ("b",), "b": ("a",), "c": (), "a": (), "e": ("d", "c")}
    assert in_order(needs) == ("a", "c", "b", "d", "e")
    assert in_order({}) == ()


def test_what_is_not_in_the_plan_is_not_waited_for() -> None:
    assert in_order({"b": ("a", "elsewhere"), "a": ("elsewhere",)}) == ("a", "b")


def test_a_cycle_is_spelled_out_for_each_of_its_members() -> None:
    found = cycles({"a": ("b",), "b": ("c",), "c": ("a",), "d": ("a",), "e": ()})
    assert found.keys() == {"a", "b", "c"}
    (text,) = set(found.values())
    members = text.split(" → ")
    assert members[0] == members[-1]
    assert all((one, other) in {("a", "b"), ("b", "c"), ("c", "a")} for one, other in pairwise(members))


def test_each_of_several_cycles_is_found() -> None:
    found = cycles({"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",), "e": ("e",), "f": ("a", "c")})
    assert found.keys() == {"a", "b", "c", "d", "e"}
    assert found["e"] == "e → e"


def test_without_a_cycle_nothing_is_found() -> None:
    assert cycles({"a": ("b", "c"), "b": ("c",), "c": (), "d": ("elsewhere",)}) == {}


@given(GRAPHS)
def test_once_the_cycles_are_left_out_everything_has_its_place(needs: dict[str, tuple[str, ...]]) -> None:
    looped = cycles(needs)
    rest = {name: siblings for name, siblings in needs.items() if name not in looped}
    order = in_order(rest)
    assert sorted(order) == sorted(rest)
    places = {name: place for place, name in enumerate(order)}
    assert all(places[need] < places[name] for name in rest for need in rest[name] if need in rest)


@given(GRAPHS)
def test_every_step_of_a_named_cycle_is_a_need(needs: dict[str, tuple[str, ...]]) -> None:
    for name, text in cycles(needs).items():
        members = text.split(" → ")
        assert name in members
        assert members[0] == members[-1]
        assert all(other in needs[one] for one, other in pairwise(members))
