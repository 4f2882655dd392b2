"""What is needed comes first; who needs itself, by whatever way, is named."""

from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given

from paa.plan.order import circle, cycles, in_order

NAMES = "abcdefg"
GRAPHS = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), unique=True).map(tuple))


def test_what_is_needed_comes_first_and_names_decide_the_rest() -> None:
    needs = {"d": ("b",), "b": ("a",), "c": (), "a": (), "e": ("d", "c")}
    assert in_order(needs) == ("a", "c", "b", "d", "e")
    assert in_order({}) == ()


def test_what_is_not_in_the_plan_is_not_waited_for() -> None:
    assert in_order({"b": ("a", "elsewhere"), "a": ("elsewhere",)}) == ("a", "b")


def test_all_members_of_a_cycle_are_named() -> None:
    assert cycles({"a": ("b",), "b": ("c",), "c": ("a",), "d": ("a",), "e": ()}) == (("a", "b", "c"),)


def test_each_of_several_cycles_is_found_and_who_needs_itself() -> None:
    found = cycles({"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",), "e": ("e",), "f": ("a", "c")})
    assert found == (("a", "b"), ("c", "d"), ("e",))


def test_cycles_that_share_a_member_are_one_group_and_nobody_is_left_out() -> None:
    """With a left out, b and c still need one another: looking for one circle after the other would miss e."""
    needs = {"a": ("b",), "b": ("a", "c"), "c": ("b", "e"), "e": ("c",), "d": ("a",)}
    assert cycles(needs) == (("a", "b", "c", "e"),)


def test_without_a_cycle_nothing_is_found() -> None:
    assert cycles({"a": ("b", "c"), "b": ("c",), "c": (), "d": ("elsewhere",)}) == ()


def test_a_chain_may_be_deeper_than_the_stack_of_python() -> None:
    names = [f"p{number:05}" for number in range(20_000)]
    needs = {one: (other,) for one, other in pairwise(names)} | {names[-1]: ()}
    assert cycles(needs) == ()
    assert cycles(needs | {names[-1]: (names[0],)}) == (tuple(names),)


@given(GRAPHS)
def test_once_the_cycles_are_left_out_everything_has_its_place(needs: dict[str, tuple[str, ...]]) -> None:
    looped = {name for members in cycles(needs) for name in members}
    rest = {name: siblings for name, siblings in needs.items() if name not in looped}
    order = in_order(rest)
    assert sorted(order) == sorted(rest)
    places = {name: place for place, name in enumerate(order)}
    assert all(places[need] < places[name] for name in rest for need in rest[name] if need in rest)


@given(GRAPHS)
def test_members_are_those_that_need_themselves_over_whatever_others(needs: dict[str, tuple[str, ...]]) -> None:
    def reached(name: str) -> set[str]:
        found: set[str] = set()
        waiting = list(needs[name])
        while waiting:
            other = waiting.pop()
            if other in needs and other not in found:
                found.add(other)
                waiting += needs[other]
        return found

    wanted = {frozenset({name, *(other for other in reached(name) if name in reached(other))}) for name in needs}
    assert set(map(frozenset, cycles(needs))) == {
        members for members in wanted if any(name in reached(name) for name in members)
    }


def test_a_circle_is_the_shortest_way_back() -> None:
    needs = {"a": ("b",), "b": ("c", "elsewhere"), "c": ("a", "d"), "d": ("c",), "e": ("e",)}
    assert circle("a", needs) == ("a", "b", "c", "a")
    assert circle("c", needs) == ("c", "d", "c")
    assert circle("e", needs) == ("e", "e")


@given(GRAPHS)
def test_every_step_of_a_circle_is_a_need(needs: dict[str, tuple[str, ...]]) -> None:
    for members in cycles(needs):
        for name in members:
            way = circle(name, {member: needs[member] for member in members})
            assert way[0] == way[-1] == name
            assert len(way) > 1
            assert all(other in needs[one] for one, other in pairwise(way))
