"""Which packages a pull request may break."""

from dataclasses import replace

from paa.config.settings import default_config
from paa.model import Blocked, Plan, ScannedPackage
from paa.plan.affected import affected
from tests.unit.plan.scenes import plan, scanned


def names(*packages: ScannedPackage, made: Plan | None = None, changed: tuple[str, ...] = ()) -> tuple[str, ...]:
    nothing = Plan(commit=None, indexes=(), builder="x")
    return affected(made or nothing, {item.package.name: item for item in packages}, changed, default_config())


def test_what_is_released_or_blocked_takes_its_dependents_along() -> None:
    chain = (scanned("a"), scanned("b", needs=("a",)), scanned("c", needs=("b",)), scanned("alone"))
    made = plan([scanned("a")])
    assert names(*chain, made=made) == ("a", "b", "c")
    stuck = Plan(commit=None, indexes=(), builder="x", blocked=(Blocked(package="b", reason="broken"),))
    assert names(*chain, made=stuck) == ("b", "c")


def test_packages_that_need_each_other_end() -> None:
    assert names(scanned("a", needs=("b",)), scanned("b", needs=("a",)), made=plan([scanned("a")])) == ("a", "b")


def test_changed_tests_affect_their_package_alone() -> None:
    packages = (scanned("a"), scanned("b", needs=("a",)), scanned("ab"))
    assert names(*packages, changed=("tests/a/test_it.py",)) == ("a",)
    assert names(*packages, changed=("tests/a/data/deep/x.json", "README.md", ".github/workflows/x.yml")) == ("a",)


def test_what_tests_share_affects_all() -> None:
    packages = (scanned("a"), scanned("b"))
    assert names(*packages, changed=("tests/conftest.py",)) == ("a", "b")
    assert names(*packages, changed=("tests/helpers/x.py",)) == ("a", "b")
    assert names(*packages, changed=("tests_other/x.py", ".paa.config")) == ()


def test_a_package_that_is_never_released_is_affected_by_its_files() -> None:
    private = scanned("mine", publish=False)
    assert names(private, scanned("a"), changed=("python_modules/mine.py",)) == ("mine",)
    assert names(private, scanned("a"), changed=("python_modules/a.py",)) == ()


def test_a_project_has_its_tests_in_its_own_folder() -> None:
    found = scanned("tool")
    project = replace(found, package=replace(found.package, project="tool", module="tool/pyproject.toml"))
    assert names(project, scanned("a"), changed=("tool/tests/test_it.py",)) == ("tool",)
    assert names(project, scanned("a"), changed=("tool/src/x.py",)) == ()


def test_what_is_blocked_for_its_name_is_no_package() -> None:
    made = Plan(commit=None, indexes=(), builder="x", blocked=(Blocked(package="$(x)", reason="no name"),))
    assert names(scanned("a"), made=made) == ()


def test_a_file_that_can_be_no_package_is_named_to_no_job() -> None:
    hostile = (scanned("$(System.AccessToken)"), scanned("a b"), scanned("x\ny"))
    made = Plan(
        commit=None,
        indexes=(),
        builder="x",
        blocked=tuple(Blocked(package=item.package.name, reason="no name") for item in hostile),
    )
    assert names(*hostile, scanned("a"), made=made, changed=("tests/conftest.py",)) == ("a",)
