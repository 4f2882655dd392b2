"""Names that PyPI does not have yet: order, days, and what to register."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY

from paa.doctor.new_names import new_names
from paa.doctor.workflows import PublishingWorkflow
from paa.model import Index, IndexKind, Package, Requirement, ScannedPackage
from paa.publish.targets import resolve_index

PYPI = resolve_index(Index(name="pypi", kind=IndexKind.PYPI))
TESTPYPI = resolve_index(Index(name="testpypi", kind=IndexKind.TESTPYPI))
TODAY = date(2026, 12, 30)
SOURCES = "https://github.com/example/tools"
WORKFLOW = PublishingWorkflow(name="publish.yml")


def package(name: str, *siblings: str) -> ScannedPackage:
    requirements = tuple(Requirement(requirement=one, evidence="", sources=(), sibling=one) for one in siblings)
    return ScannedPackage(package=Package(name=name, module=f"python_modules/{name}.py"), requirements=requirements)


def test_what_others_need_comes_first_whatever_its_name() -> None:
    packages = [package("a_report", "z_words"), package("m_dice"), package("z_words", "zz_base"), package("zz_base")]
    names = new_names(PYPI, packages, SOURCES, WORKFLOW, TODAY).distributions
    assert sorted(names) == ["a-report", "m-dice", "z-words", "zz-base"]
    assert names.index("zz-base") < names.index("z-words") < names.index("a-report")


@pytest.mark.parametrize(("count", "day"), [(1, "2026-12-30"), (4, "2026-12-30"), (5, "2026-12-31"), (9, "2027-01-01")])
def test_about_four_new_names_a_day(count: int, day: str) -> None:
    packages = [package(f"p{number}") for number in range(count)]
    assert new_names(PYPI, packages, SOURCES, WORKFLOW, TODAY).done_on == day


def test_one_name_has_the_environment_of_the_template_and_several_have_one_each() -> None:
    (alone,) = new_names(PYPI, [package("dice")], SOURCES, WORKFLOW, TODAY).publishers
    assert (alone.owner, alone.repository, alone.workflow, alone.environment) == (
        "example",
        "tools",
        "publish.yml",
        "pypi",
    )
    both = new_names(TESTPYPI, [package("dice"), package("words")], SOURCES, WORKFLOW, TODAY).publishers
    assert [(item.distribution, item.environment) for item in both] == [
        ("dice", "testpypi-dice"),
        ("words", "testpypi-words"),
    ]
    keys = {(item.owner, item.repository, item.workflow, item.environment) for item in both}
    assert len(keys) == len(both)


def test_the_link_is_on_the_host_of_the_index() -> None:
    for index, upload in ((PYPI, DEFAULT_REPOSITORY), (TESTPYPI, TEST_REPOSITORY)):
        (item,) = new_names(index, [package("dice")], SOURCES, WORKFLOW, TODAY).publishers
        host = urlsplit(upload).netloc.removeprefix("upload.")
        assert (urlsplit(item.link).netloc, urlsplit(item.link).path) == (host, "/manage/account/publishing/")


@pytest.mark.parametrize(
    "sources", [None, "https://gitlab.com/example/tools", "https://github.com/example", "nonsense"]
)
def test_there_is_nothing_to_register_for_sources_that_are_not_on_github(sources: str | None) -> None:
    assert new_names(PYPI, [package("dice")], sources, WORKFLOW, TODAY).publishers == ()


def test_another_index_has_neither_limit_nor_form() -> None:
    index = Index(
        name="company", kind=IndexKind.PYPISERVER, upload_url="http://127.0.0.1/", simple_url="http://127.0.0.1/"
    )
    names = new_names(index, [package("dice")], SOURCES, WORKFLOW, TODAY)
    assert (names.distributions, names.done_on, names.publishers) == (("dice",), None, ())
