"""The pipeline of Azure DevOps: ``.azure/azure-pipelines.yml`` and a template for each of its jobs."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from paa.config.indexes import environment_prefix, reading_prefix
from paa.errors import UsageError
from paa.model import Index, IndexKind
from paa.ppr.options import InstallSource, PipelineOptions, Trigger
from paa.ppr.rendered import render_yaml

if TYPE_CHECKING:
    from paa.edges.tree import Tree

_JOBS = ("plan", "build", "check", "publish", "record", "tests")
_IMAGES = {"linux": "ubuntu-latest", "macos": "macos-latest", "windows": "windows-latest"}
# Everybody may read these; a directory is no place that jobs share.
_PUBLIC = (IndexKind.PYPI, IndexKind.TESTPYPI, IndexKind.DIRECTORY)
# What Azure evaluates wherever it stands, before it reads the rest.
_EXPRESSION = "${{"


def azure_files(pipeline: PipelineOptions, tree: "Tree | None" = None) -> Mapping[str, str]:
    """The text of each file by its path in the repository; the same options give the same bytes.

    Templates of the repository's own, under ``.paa/templates/azure`` of ``tree``, take the place of paa's. Raises
    FindingsError when one of them is wrong, UsageError where a name can't stand in a pipeline.
    """
    values = _values(pipeline)
    files = {".azure/azure-pipelines.yml": "azure/azure-pipelines.yml.j2"}
    files |= {f".azure/jobs/{job}.yml": f"azure/jobs/{job}.yml.j2" for job in _JOBS}
    return {path: render_yaml(template, values, tree) for path, template in files.items()}


def _values(pipeline: PipelineOptions) -> dict[str, object]:
    branch = _literal(pipeline.default_branch, "the default branch")
    is_tag = pipeline.trigger is Trigger.TAG
    feeds = tuple(sorted(pipeline.feeds, key=lambda feed: feed.name))
    on_branch = f"eq(variables['Build.SourceBranch'], {_quoted(f'refs/heads/{branch}')})"
    # A run by hand is a release to the feed that was chosen, or none.
    pushed = "startsWith(variables['Build.SourceBranch'], 'refs/tags/')" if is_tag else on_branch
    return {
        "branch": branch,
        "branch_expression": _quoted(f"refs/heads/{branch}"),
        "pushed_expression": f"and(ne(variables['Build.Reason'], 'Manual'), {pushed})",
        "feeds": feeds,
        # Those that Azure's own tasks can log in to: by their names.
        "named_feeds": tuple(feed for feed in feeds if feed.feed),
        "pushed_feed": _pushed_feed(pipeline, feeds),
        "publish_on_push": pipeline.publish_on_push,
        "tag_filters": _tag_filters(pipeline.tag_format) if is_tag else (),
        "python_version": pipeline.python_version,
        "legs": _legs(pipeline),
        "upload_logins": _upload_logins(pipeline, feeds),
        "reading_logins": _logins(reading_prefix, _private(pipeline, feeds)),
    } | _installation(pipeline)


def _installation(pipeline: PipelineOptions) -> dict[str, object]:
    """What jobs have pip install: to plan and check, to build, to test on any system, and to publish.

    They do so outside of the sources, whose files Python would take for modules of pip's. The lock file is for Linux
    and one version of Python; the job that publishes has it from the plan, as it checks nothing out.
    """
    here = pipeline.install_from is InstallSource.CHECKOUT
    plain, building, testing = (
        _requirement(pipeline, extra, from_checkout=here) for extra in ("", "[build]", "[build,test]")
    )
    values = {
        "requirement": plain,
        "building_requirement": building,
        "testing_requirement": testing,
        "released_requirement": _requirement(pipeline, "", from_checkout=False),
        "checking_requirement": plain,
    }
    if pipeline.lock:
        locked = f'--require-hashes --requirement "$BUILD_SOURCESDIRECTORY/{pipeline.lock_file}"'
        values["released_requirement"] = "--require-hashes --requirement plan/requirements.txt"
        values |= {} if here else {"requirement": locked, "building_requirement": locked}
        values |= {} if here else {"checking_requirement": values["released_requirement"]}
    return values | {
        "install_folder": "$(Agent.TempDirectory)",
        "lock_file": pipeline.lock_file if pipeline.lock else "",
        "from_checkout": here,
    }


def _requirement(pipeline: PipelineOptions, extra: str, *, from_checkout: bool) -> str:
    return f'"${{BUILD_SOURCESDIRECTORY}}{extra}"' if from_checkout else f'"paa{extra}=={pipeline.paa_version}"'


def _legs(pipeline: PipelineOptions) -> list[tuple[str, str, str]]:
    """Name, version of Python and image of each job of tests: all versions on one system, one on each of the others."""
    first, *others = pipeline.test_systems
    versions = [
        (f"{first}_{version.replace('.', '_')}", version, _IMAGES[first]) for version in pipeline.python_versions
    ]
    return versions + [(system, pipeline.python_version, _IMAGES[system]) for system in others]


def _pushed_feed(pipeline: PipelineOptions, feeds: tuple[Index, ...]) -> str:
    """The feed that pip reads where nobody has chosen one; empty where none is meant."""
    names = [feed.name for feed in feeds]
    meant = [name for name in pipeline.publish_to if name in names]
    return next(iter(meant or (names if len(names) == 1 else [])), "")


def _upload_logins(pipeline: PipelineOptions, feeds: tuple[Index, ...]) -> list[str]:
    """The variables with credentials for uploading, and for asking before that: in the one job without sources."""
    takers = {*feeds, *(index for index in pipeline.upload_indexes if index.kind is not IndexKind.DIRECTORY)}
    reading = _logins(reading_prefix, _private(pipeline, feeds))
    return ["TWINE_USERNAME", "TWINE_PASSWORD", *_logins(environment_prefix, takers), *reading]


def _private(pipeline: PipelineOptions, feeds: tuple[Index, ...]) -> set[Index]:
    """The indexes that may want a login of those who read."""
    return {index for index in (*feeds, *pipeline.upload_indexes) if index.kind not in _PUBLIC}


def _logins(prefix: Callable[[str], str], indexes: Iterable[Index]) -> list[str]:
    names = sorted(index.name for index in indexes)
    return [f"{prefix(name)}{what}" for name in names for what in ("USERNAME", "PASSWORD")]


def _tag_filters(tag_format: str) -> tuple[str, ...]:
    """The tags that ask for a release: of the repository's own format, or a version alone: `v` and a digit."""
    own = _literal(tag_format, "tag_format").replace("{package}", "*").replace("{version}", "*")
    return (own, *(f"v{digit}*" for digit in range(10)))


def _quoted(text: str) -> str:
    """``text`` as a string of an expression."""
    return "'" + text.replace("'", "''") + "'"


def _literal(text: str, what: str) -> str:
    if _EXPRESSION in text or not text.isprintable():
        message = f"{what} {text!r} holds what Azure Pipelines takes for an expression"
        raise UsageError(message, advice="choose another name for it")
    return text
