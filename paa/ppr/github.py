"""The workflows of GitHub Actions, from the options of a repository's pipelines. Pure, but for reading templates.

What is decided here is said to the templates in plain values; they hold next to no logic.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paa.edges.credentials import variable_names
from paa.model import Index, IndexKind
from paa.ppr.actions import action_pins
from paa.ppr.options import InstallSource, PipelineOptions, Trigger
from paa.ppr.rendered import render_yaml

if TYPE_CHECKING:
    from paa.edges.tree import Tree

PUBLISH_WORKFLOW = ".github/workflows/publish.yml"
TESTS_WORKFLOW = ".github/workflows/tests.yml"
DEPENDABOT = ".github/dependabot.yml"
# What "Index" of a manual run says when nothing was chosen; no index can have this name.
AS_CONFIGURED = "as configured"
# Jobs that read private indexes get the secrets of this environment, too.
READING_ENVIRONMENT = "package-indexes"

_TEMPLATES: Mapping[str, str] = {
    PUBLISH_WORKFLOW: "github/publish.yml.j2",
    TESTS_WORKFLOW: "github/tests.yml.j2",
    DEPENDABOT: "github/dependabot.yml.j2",
}
_SYSTEMS = {"linux": "ubuntu-latest", "macos": "macos-latest", "windows": "windows-latest"}
# As long as a run may wait for somebody who approves of it.
_KEEP_DAYS = 30
_PREVIEW_DAYS = 7
# Indexes that take tokens made from the identity of a workflow ("trusted publishing").
_TRUSTING = (IndexKind.PYPI, IndexKind.TESTPYPI)
# Everybody may read these; a directory is no place that jobs share.
_PUBLIC = (*_TRUSTING, IndexKind.DIRECTORY, IndexKind.GIT, IndexKind.GITHUB_PAGES)
_TOKENS: Mapping[IndexKind, str] = {IndexKind.PYPI: "PYPI_API_TOKEN", IndexKind.TESTPYPI: "TEST_PYPI_API_TOKEN"}
_TWINE = ("TWINE_USERNAME", "TWINE_PASSWORD")
# The characters that mean something in a filter for branches and tags, and may stand in their names.
_FILTER_CHARACTERS = re.compile(r"[!+\[\]?*\\]")
# Every version that PEP 440 knows begins with a digit.
_ANY_VERSION = "[0-9]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An environment variable of a step: ``value`` is an expression of GitHub's."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishJob:
    """A job that publishes: its name, the jobs that it waits for, and the outputs of the plan that it goes by."""

    id: str
    needs: str
    has: str
    matrix: str


def github_files(options: PipelineOptions, tree: "Tree | None" = None) -> Mapping[str, str]:
    """The files of a repository that releases with GitHub Actions, by their paths; each text ends with a newline.

    Templates of the repository's own, under ``.paa/templates/github`` of ``tree``, take the place of paa's. Raises
    FindingsError when one of them is wrong.
    """
    values = _values(options)
    return {path: render_yaml(template, values, tree) for path, template in _TEMPLATES.items()}


def _values(options: PipelineOptions) -> Mapping[str, object]:
    jobs = _publish_jobs(options)
    private = _private_indexes(options)
    return {
        "actions": action_pins(),
        "as_configured": AS_CONFIGURED,
        "branch": _quoted(_escaped(options.default_branch)),
        "branches": bool(options.branch_indexes),
        "elsewhere": _elsewhere(options.trigger),
        "from_checkout": options.install_from is InstallSource.CHECKOUT,
        "indexes": options.indexes,
        "keep_days": _KEEP_DAYS,
        "levels": _levels(options),
        "lock_file": options.lock_file if options.lock else "",
        "paa_version": options.paa_version,
        "pages_needs": _list("plan", "check", *(job.id for job in jobs)),
        "preview_days": _PREVIEW_DAYS,
        "publish_jobs": jobs,
        "python_version": options.python_version,
        "python_versions": _list(*map(_quoted, options.python_versions)),
        "reading": tuple(variable for index in private for variable in _reading(options, index)),
        "reading_only": tuple(variable for index in private for variable in _reading_only(index)),
        "reading_environment": READING_ENVIRONMENT,
        "record_needs": _list("plan", "check", *(job.id for job in jobs), "pages"),
        "systems": _list(*(_SYSTEMS[system] for system in options.test_systems)),
        "tags": _tag_filters(options),
        "trusted": any(index.kind in _TRUSTING for index in options.upload_indexes),
        "uploads": bool(options.upload_indexes),
        "writing": _writing(options),
    }


def _levels(options: PipelineOptions) -> tuple[int, ...]:
    per_package = options.environment_per_package and options.upload_indexes
    return tuple(range(1, options.levels + 1)) if per_package else ()


def _publish_jobs(options: PipelineOptions) -> tuple[PublishJob, ...]:
    """One for all indexes; or one for each level of dependents, so that each package has an environment of its own."""
    if not options.upload_indexes:
        return ()
    levels = _levels(options)
    if not levels:
        return (PublishJob(id="publish", needs=_list("plan", "check"), has="has_uploads", matrix="indexes"),)
    return tuple(
        PublishJob(
            id=f"publish-{level}",
            needs=_list("plan", "check", *(f"publish-{earlier}" for earlier in levels if earlier < level)),
            has=f"has_level_{level}",
            matrix=f"level_{level}",
        )
        for level in levels
    )


def _elsewhere(trigger: Trigger) -> str:
    """The condition under which a manual run only shows what it would do, whatever was asked for."""
    other = "github.ref_name != github.event.repository.default_branch"
    if trigger is Trigger.TAG:
        return f"github.ref_type == 'branch' && {other}"
    return f"(github.ref_type != 'branch' || {other})"


def _tag_filters(options: PipelineOptions) -> str:
    """The tags that ask for a release: by the repository's own format, or a version alone."""
    if options.trigger is not Trigger.TAG:
        return ""
    own = _escaped(options.tag_format).replace("{package}", "*").replace("{version}", _ANY_VERSION)
    return _list(*map(_quoted, dict.fromkeys((own, f"v{_ANY_VERSION}"))))


def _private_indexes(options: PipelineOptions) -> tuple[Index, ...]:
    return tuple(index for index in options.indexes if index.kind not in _PUBLIC)


def _reading(options: PipelineOptions, index: Index) -> tuple[Variable, Variable]:
    """What ``index`` is read with: a login of its own that can do no more, or else one for writing.

    Name and password are of the same login.
    """
    user, password = variable_names(index.name, reading=True)
    logins = [(user, password), variable_names(index.name), *([_TWINE] if index == _main_index(options) else [])]
    names, others = [], ""
    for number, (its_user, its_password) in enumerate(logins, start=1):
        is_it = f"secrets.{its_password} && " if number < len(logins) else ""
        names.append(f"{others}{is_it}{_name(its_user)}")
        others += f"!secrets.{its_password} && "
    passwords = " || ".join(f"secrets.{its_password}" for _, its_password in logins)
    return (
        Variable(name=user, value=f"${{{{ {' || '.join(names)} || '' }}}}"),
        Variable(name=password, value=f"${{{{ {passwords} }}}}"),
    )


def _reading_only(index: Index) -> tuple[Variable, Variable]:
    """The same where wheels are imported: their code could get at a login, so it never gets one that can write."""
    user, password = variable_names(index.name, reading=True)
    return (
        Variable(name=user, value=f"${{{{ {_name(user)} }}}}"),
        Variable(name=password, value=f"${{{{ secrets.{password} }}}}"),
    )


def _main_index(options: PipelineOptions) -> Index | None:
    """The one index that releases are uploaded to: what a login that names none is for. None if there are several."""
    found = [index for index in _with_login(options) if index.name in options.publish_to]
    return found[0] if len(found) == 1 else None


def _with_login(options: PipelineOptions) -> tuple[Index, ...]:
    return tuple(index for index in options.upload_indexes if index.kind is not IndexKind.DIRECTORY)


def _writing(options: PipelineOptions) -> tuple[Variable, ...]:
    """What the indexes are written with: each job of the matrix gets what its own index needs, and nothing else's."""
    logins = tuple(variable for index in _with_login(options) for variable in _login(index))
    main = _main_index(options)
    if main is None:
        return logins
    user, password = _TWINE
    return (*logins, _only_for(main, user, _name(user)), _only_for(main, password, f"secrets.{password}"))


def _login(index: Index) -> tuple[Variable, Variable]:
    user, password = variable_names(index.name)
    token = _TOKENS.get(index.kind)
    found = f"(secrets.{password} || secrets.{token})" if token else f"secrets.{password}"
    return _only_for(index, user, _name(user)), _only_for(index, password, found)


def _name(variable: str) -> str:
    """A user name, which need not be a secret.

    GitHub leaves out every output of a job that contains the value of a secret, and a name is soon part of another.
    """
    return f"(vars.{variable} || secrets.{variable})"


def _only_for(index: Index, variable: str, found: str) -> Variable:
    """A variable with the value of ``found`` in the job for ``index``; it is empty in the others."""
    return Variable(name=variable, value=f"${{{{ matrix.index == '{index.name}' && {found} || '' }}}}")


def _escaped(name: str) -> str:
    return _FILTER_CHARACTERS.sub(lambda found: "\\" + found[0], name)


def _quoted(text: str) -> str:
    """``text`` as a scalar of YAML that can be nothing else than a text; JSON's strings are such."""
    return json.dumps(text, ensure_ascii=False)


def _list(*items: str) -> str:
    return f"[{', '.join(items)}]"
