"""Who needs whom: levels, cycles, and graphs that are deeper than Python's stack."""

import sys
from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from paa.look.graph import Shown, make_graph
from paa.model import Finding, Package, Requirement, ScannedPackage
from paa.plan.order import cycles

NOTHING_MORE = Shown()


def scanned(
    needs: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]] | None = None
) -> dict[str, ScannedPackage]:
    """Packages that need each other as given: always, and in an extra."""
    extras = optional or {}
    return {
        name: ScannedPackage(
            package=Package(name=name, module=f"{name}.py"),
            requirements=(
                *(Requirement(requirement=other, evidence="x", sources=(), sibling=other) for other in others),
                *(
                    Requirement(requirement=other, evidence="x", sources=(), sibling=other, extra=extra)
                    for other in extras.get(name, ())
                    for extra in (other, "all")
                ),
            ),
        )
        for name, others in needs.items()
    }


def test_each_level_needs_only_those_above_it() -> None:
    graph = make_graph(scanned({"a": ["b", "c"], "b": ["c"], "c": [], "d": []}), (), NOTHING_MORE)
    assert {item.package: item.level for item in graph.packages} == {"a": 3, "b": 2, "c": 1, "d": 1}
    assert list(graph.levels) == [1, 2, 3]
    assert graph.cycles == ()


def test_packages_on_a_cycle_and_those_that_need_them_have_no_level() -> None:
    needs = {"a": ["b"], "b": ["c"], "c": ["a", "free"], "free": [], "user": ["a"], "x": ["y"], "y": ["x"]}
    graph = make_graph(scanned(needs), (), NOTHING_MORE)
    assert graph.cycles == (("a", "b", "c"), ("x", "y"))
    assert {item.package for item in graph.packages if item.level is None} == {"a", "b", "c", "user", "x", "y"}
    assert list(graph.levels) == [1, None]
    assert graph.is_on_cycle("c", "a")
    assert not graph.is_on_cycle("c", "free")
    assert not graph.is_on_cycle("user", "a")


def test_cycles_that_share_a_package_are_one_group() -> None:
    assert cycles({"a": ["b"], "b": ["a", "c"], "c": ["b"], "d": ["a"]}) == (("a", "b", "c"),)


def test_what_only_extras_need_is_told_apart_and_makes_no_cycle() -> None:
    graph = make_graph(scanned({"a": ["b"], "b": []}, {"b": ["a"], "a": ["b"]}), (), NOTHING_MORE)
    first, second = graph.packages
    assert (first.needs, first.optional) == (("b",), ())
    assert (second.needs, second.optional) == ((), ("a",))
    assert graph.cycles == ()


def test_a_choice_brings_what_it_needs_and_nothing_else() -> None:
    packages = scanned({"a": ["b"], "b": [], "c": [], "d": ["a"]}, {"b": ["c"]})
    assert [item.package for item in make_graph(packages, {"a"}, NOTHING_MORE).packages] == ["a", "b", "c"]


def test_a_sibling_that_is_not_there_is_left_out() -> None:
    graph = make_graph(scanned({"a": ["gone"]}, {"a": ["lost"]}), (), NOTHING_MORE)
    assert (graph.packages[0].needs, graph.packages[0].optional) == ((), ())


def test_requirements_and_components_are_shown_when_asked_for() -> None:
    item = ScannedPackage(
        package=Package(name="a", module="a.py"),
        components=("components/x.py",),
        requirements=(
            Requirement(requirement="PyYAML>=6", evidence="x", sources=()),
            Requirement(requirement="rich", evidence="x", sources=(), extra="rich"),
        ),
        findings=(Finding(rule="x", message="wrong"),),
    )
    (bare,) = make_graph({"a": item}, (), NOTHING_MORE).packages
    assert (bare.requirements, bare.components, bare.broken) == ((), (), True)
    (full,) = make_graph({"a": item}, (), Shown(external=True, components=True)).packages
    assert [(one.requirement, one.distribution, one.extra) for one in full.requirements] == [
        ("PyYAML>=6", "pyyaml", None),
        ("rich", "rich", "rich"),
    ]
    assert full.components == ("components/x.py",)


def test_a_chain_and_a_cycle_longer_than_the_stack_is_deep() -> None:
    count = sys.getrecursionlimit() * 3
    chain = {f"p{number}": [f"p{number + 1}"] for number in range(count)} | {f"p{count}": []}
    graph = make_graph(scanned(chain), (), NOTHING_MORE)
    assert max(item.level or 0 for item in graph.packages) == count + 1
    ring = chain | {f"p{count}": ["p0"]}
    (members,) = make_graph(scanned(ring), (), NOTHING_MORE).cycles
    assert len(members) == count + 1


@given(st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefg"))))
def test_two_packages_are_on_a_cycle_when_each_leads_to_the_other(drawn: dict[str, set[str]]) -> None:
    needs = {name: sorted((others & drawn.keys()) - {name}) for name, others in drawn.items()}
    leads = {name: set(others) for name, others in needs.items()}
    for middle in needs:
        for name in needs:
            if middle in leads[name]:
                leads[name] |= leads[middle]
    wanted = {name: frozenset(other for other in leads[name] if name in leads[other]) for name in needs}
    assert set(map(frozenset, cycles(needs))) == {members for members in wanted.values() if members}
