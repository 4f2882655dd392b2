"""Settings, choices and the repository → what pipelines are made from."""

import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import paa
from paa.config import Config
from paa.config.feeds import read_feeds
from paa.edges import git
from paa.model import Index, IndexKind
from paa.ppr.generated import Choices
from paa.ppr.options import InstallSource, PipelineOptions, Platform, Trigger
from paa.ppr.scaffold import EXAMPLE_FEED, example_feed
from paa.publish.targets import named_indexes
from paa.scan.standard_library import SUPPORTED_PYTHONS

_PYPI, _TESTPYPI = IndexKind.PYPI.value, IndexKind.TESTPYPI.value
# The newest that the tests of paa run on.
_USUAL_PYTHON = "3.13"
_OWN_NAME = "paa"
_BRANCHES = ("main", "master")


def make_pipeline(root: Path, config: Config, platform: Platform, choices: Choices, levels: int) -> PipelineOptions:
    """What the pipelines of the repository at ``root`` are made from.

    ``levels`` is the number of levels in which its packages need one another. Raises UsageError for an index that is
    not configured.
    """
    prereleases = _prereleases(config, choices.trigger)
    names = (*config.publish_to, *prereleases, *choices.indexes)
    return PipelineOptions(
        paa_version=Version(paa.__version__).public,
        indexes=named_indexes(config, names),
        publish_to=config.publish_to,
        prereleases_to=prereleases,
        feeds=_feeds(config, platform),
        trigger=choices.trigger,
        publish_on_push=platform is Platform.GITHUB or config.azure_publish_on_push,
        environment_per_package=choices.environment_per_package,
        levels=levels,
        python_version=_python(config),
        python_versions=_pythons(config),
        test_systems=config.test_systems,
        default_branch=choices.default_branch,
        tag_format=config.tag_format,
        full=choices.full,
        lock=choices.lock,
        install_from=InstallSource.CHECKOUT if _is_own_repository(root, config) else InstallSource.INDEX,
    )


def find_default_branch(root: Path, known: str | None) -> str:
    """The branch that releases are made from: what the remote says, else ``known``, else what is here.

    Of the two usual names, ``known`` counts no more when it is gone and the other is here: then it was renamed.
    """
    if git.find_top(root) is None:
        return known or _BRANCHES[0]
    done = git.run_git(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    if done.code == 0:
        return done.output.decode("utf-8", "replace").strip().removeprefix("origin/")
    here = git.current_branch(root)
    there = [name for name in _BRANCHES if _is_here(root, name, here)]
    renamed = known in _BRANCHES and known not in there and len(there) > 0
    if known is not None and not renamed:
        return known
    return next(iter(there), here or _BRANCHES[0])


def _is_here(root: Path, name: str, current: str | None) -> bool:
    """Whether the branch is here or was seen on the remote; the checked-out one may be without a commit yet."""
    references = (f"refs/heads/{name}", f"refs/remotes/origin/{name}")
    return name == current or any(git.find_commit(root, reference) is not None for reference in references)


def _prereleases(config: Config, trigger: Trigger) -> tuple[str, ...]:
    """Where pre-releases go: with tags to TestPyPI, if releases go to PyPI and nothing else is said."""
    unsaid = config.prereleases_to == config.publish_to
    if trigger is Trigger.TAG and unsaid and _PYPI in config.publish_to:
        return tuple(_TESTPYPI if name == _PYPI else name for name in config.publish_to)
    return config.prereleases_to


def _feeds(config: Config, platform: Platform) -> tuple[Index, ...]:
    """The feeds by name; the example only as long as there is no other, and also before it is written."""
    if platform is not Platform.AZURE:
        return ()
    example, _ = read_feeds({EXAMPLE_FEED: example_feed().encode()}, {})
    found = {name: index for name, index in config.indexes.items() if index.kind is IndexKind.AZURE}
    own = {name: index for name, index in found.items() if example.get(name) != index}
    return tuple(index for _, index in sorted((own or found or example).items()))


def _pythons(config: Config) -> tuple[str, ...]:
    wanted = SpecifierSet(config.requires_python or "")
    # A whole minor version is meant, so its later releases count: >=3.11.4 does not leave 3.11 out.
    fitting = tuple(version for version in SUPPORTED_PYTHONS if any(wanted.filter((version, f"{version}.99"))))
    return fitting or SUPPORTED_PYTHONS


def _python(config: Config) -> str:
    """What paa runs on: the configured version, if paa runs on it."""
    given = config.python_version
    if given is None:
        return _USUAL_PYTHON
    minor = ".".join(given.split(".")[:2])
    return minor if minor in SUPPORTED_PYTHONS else _USUAL_PYTHON


def _is_own_repository(root: Path, config: Config) -> bool:
    """Whether the repository is that of paa itself: then its pipelines build with the checkout."""
    project = root / "pyproject.toml"
    if "." not in config.projects or not project.is_file():
        return False
    try:
        name = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("name")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError):
        return False
    return isinstance(name, str) and canonicalize_name(name) == _OWN_NAME
