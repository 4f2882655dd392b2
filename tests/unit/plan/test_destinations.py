"""What publishing jobs are made from: where something is missing, and what has to come first."""

from paa.model import Bump, IndexKind, Plan, Release
from paa.plan.destinations import branch_indexes, upload_indexes, upload_levels

KINDS = {
    "pypi": IndexKind.PYPI,
    "company": IndexKind.PYPISERVER,
    "shared": IndexKind.DIRECTORY,
    "pages": IndexKind.GITHUB_PAGES,
    "branches": IndexKind.GIT,
}


def release(
    package: str, *needs: str, targets: tuple[str, ...] = ("pypi",), present_on: tuple[str, ...] = ()
) -> Release:
    return Release(
        package=package,
        distribution=package,
        version="1.0.0",
        previous=None,
        bump=Bump.PATCH,
        fingerprint="1" * 64,
        needs=needs,
        targets=targets,
        present_on=present_on,
    )


def plan(*releases: Release, indexes: tuple[str, ...] = ("pypi",)) -> Plan:
    return Plan(commit="c" * 40, indexes=indexes, builder="x", releases=releases)


def levels(made: Plan) -> list[list[str]]:
    return [[f"{item.index}:{item.package}" for item in level] for level in upload_levels(made, KINDS)]


def test_an_index_that_has_everything_is_left_out() -> None:
    both = ("company", "pypi")
    made = plan(
        release("a", targets=both, present_on=("pypi",)),
        release("b", targets=both, present_on=("company", "pypi")),
        indexes=("pypi", "company"),
    )
    assert upload_indexes(made, KINDS) == ("company",)
    assert levels(made) == [["company:a"]]


def test_an_index_that_only_pre_releases_go_to_counts_for_them_alone() -> None:
    made = plan(release("a", targets=("company",)), indexes=("pypi", "company"))
    assert upload_indexes(made, KINDS) == ("company",)


def test_branches_are_apart_from_what_takes_files() -> None:
    names = ("pages", "pypi", "branches", "shared")
    made = plan(release("a", targets=names), indexes=names)
    assert upload_indexes(made, KINDS) == ("pypi", "shared")
    assert branch_indexes(made, KINDS) == ("pages", "branches")
    assert levels(made) == [["pypi:a", "shared:a"]]


def test_releases_without_targets_go_to_the_plan_s() -> None:
    made = plan(release("a", targets=()), release("b", "a", targets=()))
    assert upload_indexes(made, KINDS) == ("pypi",)
    assert levels(made) == [["pypi:a"], ["pypi:b"]]


def test_levels_follow_the_longest_way_and_none_is_empty() -> None:
    made = plan(release("a"), release("b", "a"), release("c"), release("d", "a", "b", "c"))
    assert levels(made) == [["pypi:a", "pypi:c"], ["pypi:b"], ["pypi:d"]]
    half = plan(release("a", present_on=("pypi",)), release("b", "a"))
    assert levels(half) == [["pypi:b"]]


def test_nothing_to_release_is_nothing_to_do() -> None:
    assert (upload_indexes(plan(), KINDS), branch_indexes(plan(), KINDS), upload_levels(plan(), KINDS)) == ((), (), ())
