"""What is left to do for a person after a repository was set up."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from paa.config import CONFIG_FILE
from paa.edges.credentials import variable_names
from paa.model import Index, IndexKind
from paa.ppr.init import SetUp
from paa.ppr.options import PipelineOptions, Platform, Trigger
from paa.ppr.scaffold import EXAMPLE_FEED, readme_base_path

_EXAMPLE = Path(EXAMPLE_FEED).stem
_PUSH = "git add --all && git commit && git push"
_TRUSTING = (IndexKind.PYPI, IndexKind.TESTPYPI)
_NO_LOGIN = (IndexKind.DIRECTORY, IndexKind.GIT, IndexKind.GITHUB_PAGES)


def next_steps(set_up: SetUp) -> tuple[str, ...]:
    """The steps in their order, each a sentence or two."""
    return tuple(_steps(set_up))


def _steps(set_up: SetUp) -> Iterator[str]:
    if not set_up.in_git:
        yield f"make this a Git repository: git init -b {set_up.choices.default_branch}"
    if set_up.platform is None or set_up.pipeline is None:
        return
    if set_up.unsettled:
        yield f"settle {_listed([change.path for change in set_up.unsettled])}, then run this again"
    if set_up.left_over:
        yield f"remove what only package-auto-assembler has used: git rm {' '.join(set_up.left_over)}"
    if set_up.folders_later:
        yield f"edit {CONFIG_FILE}: which folders hold what, and where packages are published to"
        yield f"run `paa init-ppr --{set_up.platform}` or `paa init-paa` again: it makes the folders named there"
        return
    yield f"write what the README is to say into {readme_base_path(set_up.platform)}"
    steps = _azure_steps if set_up.platform is Platform.AZURE else _github_steps
    yield from steps(set_up.pipeline, f"commit and push to {set_up.choices.default_branch}: {_PUSH}")


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _azure_steps(pipeline: PipelineOptions, push: str) -> Iterator[str]:
    if not _own_feeds(pipeline):
        yield f"describe each of your feeds in a file of its own like {EXAMPLE_FEED}, and run this again"
    elif feeds := _feeds_passed_by(pipeline):
        yield (
            f"add `publish_to: [{', '.join(feeds)}]` to {CONFIG_FILE}: without it releases are meant for "
            f"{', '.join(pipeline.publish_to)}"
        )
    yield "allow the project's build service to contribute and to create tags (Project settings, Repositories)"
    yield "create the environment paa (Pipelines, Environments), and give it the check Exclusive lock"
    yield push
    yield "make a pipeline from .azure/azure-pipelines.yml (Pipelines, New pipeline)"


def _github_steps(pipeline: PipelineOptions, push: str) -> Iterator[str]:
    # The push releases what there is, so it comes after what that needs.
    for index in pipeline.indexes:
        yield from _login_steps(index, per_package=pipeline.environment_per_package)
    yield push
    yield "serve the branch gh-pages, once it is there, as the site of the packages (Settings, Pages)"
    if pipeline.trigger is Trigger.TAG:
        tag = pipeline.tag_format.format(package="PACKAGE", version="1.2.3")
        yield f"a release is asked for by a tag: git tag {tag} && git push origin {tag}"


def _own_feeds(pipeline: PipelineOptions) -> tuple[str, ...]:
    """The feeds but for the example."""
    return tuple(feed.name for feed in pipeline.feeds if feed.name != _EXAMPLE)


def _feeds_passed_by(pipeline: PipelineOptions) -> tuple[str, ...]:
    """The feeds but for the example, where none of them is what packages are released to."""
    names = _own_feeds(pipeline)
    return () if set(names) & set(pipeline.publish_to) else names


def _login_steps(index: Index, *, per_package: bool) -> Iterator[str]:
    user, password = variable_names(index.name)
    if index.kind in _TRUSTING:
        environment = f"{index.name}-<package>" if per_package else index.name
        token = "PYPI_API_TOKEN" if index.kind is IndexKind.PYPI else "TEST_PYPI_API_TOKEN"
        yield (
            f"register publish.yml with the environment {environment} as a trusted publisher on {index.name}, "
            f"or set the secret {token}"
        )
    elif index.kind not in _NO_LOGIN:
        yield f"set the secrets {user} and {password} for the index {index.name}"
    elif index.kind is IndexKind.DIRECTORY:
        yield f"the index {index.name} is a folder of the machine that publishes: runs of CI share none"
