"""The workflow that publishes, and the environments that trusted publishing knows it by."""

from datetime import date

import pytest

from paa.doctor.new_names import NewNames, environment_advice, new_names
from paa.doctor.workflows import PublishingWorkflow, publishing_workflow
from paa.model import Index, IndexKind, Package, ScannedPackage
from paa.ppr.github import PUBLISH_WORKFLOW, github_files
from paa.publish.targets import resolve_index
from tests.pipelines.github_option_sets import pipeline_options

_PYPI = resolve_index(Index(name="pypi", kind=IndexKind.PYPI))


def written(*, per_package: bool) -> PublishingWorkflow:
    """What is found where ``paa init-ppr --github`` has written the workflow."""
    files = github_files(pipeline_options(environment_per_package=per_package, levels=2))
    return publishing_workflow({path: text.encode() for path, text in files.items()})


def new(workflow: PublishingWorkflow, *names: str) -> NewNames:
    packages = [ScannedPackage(package=Package(name=name, module=f"python_modules/{name}.py")) for name in names]
    return new_names(_PYPI, packages, "https://github.com/example/tools", workflow, date(2026, 12, 30))


def environments(workflow: PublishingWorkflow, *names: str) -> list[str]:
    return [item.environment for item in new(workflow, *names).publishers]


def test_the_workflow_is_the_one_that_may_ask_for_a_token() -> None:
    token = b"jobs:\n  publish:\n    permissions:\n      id-token: write\n"

    def name(files: dict[str, bytes]) -> str:
        return publishing_workflow(files).name

    assert name({}) == "publish.yml"
    assert name({".github/workflows/tests.yml": b"on: push\n"}) == "publish.yml"
    assert name({".github/workflows/ship.yaml": token, ".github/workflows/a.yml": b""}) == "ship.yaml"
    assert name({".github/workflows/a.yml": token, ".github/workflows/publish.yml": token}) == "publish.yml"
    assert name({"docs/.github/workflows/b.yml": token}) == "publish.yml"


def test_what_we_write_is_known_again() -> None:
    assert written(per_package=False) == PublishingWorkflow(name="publish.yml", per_package=False)
    assert written(per_package=True) == PublishingWorkflow(name="publish.yml", per_package=True)
    foreign = {PUBLISH_WORKFLOW: b"jobs:\n  a:\n    permissions:\n      id-token: write\n    environment: pypi\n"}
    assert publishing_workflow(foreign) == PublishingWorkflow(name="publish.yml", per_package=None)


def test_the_environment_is_the_one_that_the_workflow_names() -> None:
    assert environments(written(per_package=False), "dice") == ["pypi"]
    assert environments(written(per_package=True), "dice") == ["pypi-dice"]
    assert environments(written(per_package=True), "dice", "my_words") == ["pypi-dice", "pypi-my_words"]
    assert environments(PublishingWorkflow(name="ship.yml"), "dice") == ["pypi"]


def test_one_environment_for_several_new_names_is_advised_against() -> None:
    workflow = written(per_package=False)
    (advice,) = environment_advice(workflow, [new(workflow, "dice", "words")])
    assert "2 names are new on pypi" in advice.text
    assert "--environment-per-package" in advice.then


@pytest.mark.parametrize(("per_package", "names"), [(False, ["dice"]), (True, ["dice", "words"])])
def test_otherwise_nothing_is_said(per_package: bool, names: list[str]) -> None:  # noqa: FBT001  # pytest's argument
    workflow = written(per_package=per_package)
    assert environment_advice(workflow, [new(workflow, *names)]) == ()
    assert environment_advice(PublishingWorkflow(name="ship.yml"), [new(workflow, "dice", "words")]) == ()
