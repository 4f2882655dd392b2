"""Settings and choices → what pipelines are made from."""

from pathlib import Path

import pytest

from paa.config import Config, parse_config
from paa.errors import UsageError
from paa.ppr.generated import Choices
from paa.ppr.options import InstallSource, PipelineOptions, Platform, Trigger
from paa.ppr.pipeline import find_default_branch, make_pipeline
from paa.scan.standard_library import SUPPORTED_PYTHONS
from tests.repository import Repository

FEED = b"feed_name: data\norganization: contoso\n"


def config(text: str = "", **feeds: bytes) -> Config:
    files = {f".azure/feeds/{name}.yml": data for name, data in feeds.items()}
    return parse_config(text.encode(), root=Path("/nowhere"), source=".paa.config", feeds=files, check_paths=False)


def pipeline(
    settings: Config,
    choices: Choices | None = None,
    platform: Platform = Platform.GITHUB,
    root: Path = Path("/nowhere"),
) -> PipelineOptions:
    return make_pipeline(root, settings, platform, choices or Choices(), 3)


def names(options: PipelineOptions) -> list[str]:
    return [index.name for index in options.indexes]


def test_indexes_are_there_once_in_the_order_in_which_they_are_named() -> None:
    settings = config("publish_to: [testpypi, a]\nprereleases_to: [a, b]\n", a=FEED, b=FEED)
    assert names(pipeline(settings, Choices(indexes=("pypi", "testpypi")))) == ["testpypi", "a", "b", "pypi"]


def test_an_unknown_index_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no index 'c'"):
        pipeline(config(a=FEED), Choices(indexes=("c",)))


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("", Trigger.TAG, ("testpypi",)),
        ("", Trigger.PUSH, ("pypi",)),
        ("prereleases_to: [a]", Trigger.TAG, ("a",)),
        # What is private must not get out by a pre-release.
        ("publish_to: [a]", Trigger.TAG, ("a",)),
        ("publish_to: [a, pypi]", Trigger.TAG, ("a", "testpypi")),
    ],
)
def test_prereleases_by_tag_go_to_testpypi_in_place_of_pypi(
    text: str, trigger: Trigger, expected: tuple[str, ...]
) -> None:
    assert pipeline(config(text, a=FEED), Choices(trigger=trigger)).prereleases_to == expected


@pytest.mark.parametrize(
    ("text", "platform", "expected"),
    [
        ("", Platform.GITHUB, True),
        ("", Platform.AZURE, False),
        ("publish_to: a", Platform.AZURE, False),
        ("azure_publish_on_push: true", Platform.AZURE, True),
    ],
)
def test_azure_publishes_on_a_push_only_where_the_settings_say_so(
    text: str, platform: Platform, *, expected: bool
) -> None:
    assert pipeline(config(text, a=FEED), platform=platform).publish_on_push is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SUPPORTED_PYTHONS),
        ("requires_python: '>=3.13'", ("3.13", "3.14", "3.15")),
        ("requires_python: '>=3.13.4,<3.15'", ("3.13", "3.14")),
        ("requires_python: '==3.12.*'", ("3.12",)),
        ("requires_python: '>=3.99'", SUPPORTED_PYTHONS),
    ],
)
def test_packages_are_tested_on_the_versions_that_they_support(text: str, expected: tuple[str, ...]) -> None:
    assert pipeline(config(text)).python_versions == expected


@pytest.mark.parametrize(("given", "expected"), [("3.12", "3.12"), ("3.12.4", "3.12"), ("3.9", "3.13")])
def test_paa_runs_on_the_version_of_the_settings_if_it_can(given: str, expected: str) -> None:
    assert pipeline(config(f"python_version: '{given}'")).python_version == expected


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        ('[project]\nname = "Paa"\n', InstallSource.CHECKOUT),
        ('[project]\nname = "other"\n', InstallSource.INDEX),
        ('project = "paa"\n', InstallSource.INDEX),
        ("[project", InstallSource.INDEX),
        ("", InstallSource.INDEX),
    ],
)
def test_only_paas_own_repository_installs_paa_from_the_checkout(
    tmp_path: Path, project: str, expected: InstallSource
) -> None:
    (tmp_path / "pyproject.toml").write_text(project)
    assert pipeline(config("projects: [{path: .}]"), root=tmp_path).install_from is expected
    assert pipeline(config(), root=tmp_path).install_from is InstallSource.INDEX


def test_the_default_branch_without_a_remote_is_the_usual_one_that_is_there(repository: Repository) -> None:
    repository.git("symbolic-ref", "HEAD", "refs/heads/work")
    assert find_default_branch(repository.path, None) == "work"
    repository.commit("One")
    assert find_default_branch(repository.path, None) == "work"
    repository.git("branch", "master")
    assert find_default_branch(repository.path, None) == "master"
    repository.git("branch", "main")
    assert find_default_branch(repository.path, None) == "main"
    assert find_default_branch(repository.path, "trunk") == "trunk"


def test_the_default_branch_outside_git_is_main(tmp_path: Path) -> None:
    assert find_default_branch(tmp_path, None) == "main"
