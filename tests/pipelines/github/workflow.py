"""The text of a workflow → what it says, with every key known.

Source: GitHub Docs, "Workflow syntax for GitHub Actions".
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.values import Value

_WORKFLOW = {"name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"}
_JOB = {
    "name", "needs", "if", "permissions", "environment", "concurrency", "outputs", "env", "defaults", "strategy",
    "runs-on", "steps", "timeout-minutes", "continue-on-error",
}  # fmt: skip
_STEP = {
    "id", "if", "name", "uses", "with", "run", "shell", "working-directory", "env", "continue-on-error",
    "timeout-minutes",
}  # fmt: skip
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SCOPES = {
    "actions", "artifact-metadata", "attestations", "checks", "contents", "deployments", "discussions", "id-token",
    "issues", "models", "packages", "pages", "pull-requests", "security-events", "statuses",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job as it is written. ``said`` has the rest of its keys."""

    key: str
    needs: tuple[str, ...]
    permissions: Mapping[str, str]
    steps: tuple[Mapping[str, Value], ...]
    said: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A workflow as it is written; ``jobs`` come after those that they need."""

    path: str
    on: Mapping[str, Value]
    jobs: tuple[Job, ...]
    said: Mapping[str, Value]

    def job(self, key: str) -> Job:
        """The job that is called ``key``."""
        return next(job for job in self.jobs if job.key == key)

    def ancestors(self, key: str) -> frozenset[str]:
        """All jobs that the job ``key`` needs, and what those need."""
        direct = self.job(key).needs
        return frozenset(direct).union(*(self.ancestors(each) for each in direct))


def read_workflow(source: str, path: str) -> Workflow:
    """Read the workflow ``source`` of the file at ``path``. Raises WorkflowError for whatever is not known."""
    said = mapping(read_yaml(source), path)
    _require_known(said, _WORKFLOW, path)
    if not {"on", "jobs"} <= said.keys():
        message = f"{path}: a workflow has on: and jobs:"
        raise WorkflowError(message)
    default = _permissions(said.get("permissions", {"contents": "read"}), path)
    jobs = {key: _job(key, mapping(job, key), default) for key, job in mapping(said["jobs"], path).items()}
    return Workflow(path=path, on=_triggers(said["on"]), jobs=_in_order(jobs), said=said)


def mapping(value: Value, where: str) -> Mapping[str, Value]:
    """``value``, which has to be a mapping; nothing at all is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        message = f"{where}: a mapping expected, not {value!r}"
        raise WorkflowError(message)
    return value


def strings(value: Value, where: str) -> tuple[str, ...]:
    """``value``, which has to be a string or a list of strings."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, Sequence) or not all(isinstance(item, str) for item in items):
        message = f"{where}: strings expected, not {value!r}"
        raise WorkflowError(message)
    return tuple(str(item) for item in items)


def _triggers(on: Value) -> Mapping[str, Value]:
    return on if isinstance(on, Mapping) else dict.fromkeys(strings(on, "on"))


def _job(key: str, said: Mapping[str, Value], default: Mapping[str, str]) -> Job:
    _require_known(said, _JOB, f"job {key}")
    if not _IDENTIFIER.fullmatch(key) or "runs-on" not in said or not said.get("steps"):
        message = f"job {key}: a job has a proper name, runs-on and steps"
        raise WorkflowError(message)
    given = said["steps"]
    assert isinstance(given, Sequence)
    steps = tuple(_step(mapping(step, key), f"job {key}, step {place}") for place, step in enumerate(given, 1))
    identifiers = [step["id"] for step in steps if "id" in step]
    if len({*identifiers}) < len(identifiers):
        message = f"job {key}: two steps with one id"
        raise WorkflowError(message)
    permissions = _permissions(said["permissions"], f"job {key}") if "permissions" in said else default
    return Job(
        key=key, needs=strings(said.get("needs", ()), f"job {key}"), permissions=permissions, steps=steps, said=said
    )


def _step(said: Mapping[str, Value], where: str) -> Mapping[str, Value]:
    _require_known(said, _STEP, where)
    if ("run" in said) == ("uses" in said) or ("with" in said and "run" in said):
        message = f"{where}: a step has either run, or uses (and with)"
        raise WorkflowError(message)
    return said


def _permissions(given: Value, where: str) -> Mapping[str, str]:
    made = {name: str(level) for name, level in mapping(given, f"{where}: permissions").items()}
    if made.keys() - _SCOPES or {*made.values()} - {"read", "write", "none"}:
        message = f"{where}: permissions {made} are not known"
        raise WorkflowError(message)
    return made


def _in_order(jobs: Mapping[str, Job]) -> tuple[Job, ...]:
    """Each job after those that it needs, else in the order of the file."""
    done: dict[str, Job] = {}
    while len(done) < len(jobs):
        ready = [job for job in jobs.values() if job.key not in done and {*job.needs} <= done.keys()]
        if not ready:
            message = f"jobs need one another, or one that is not there: {sorted(jobs.keys() - done.keys())}"
            raise WorkflowError(message)
        done[ready[0].key] = ready[0]
    return tuple(done.values())


def _require_known(said: Mapping[str, Value], known: set[str], where: str) -> None:
    if unknown := sorted(said.keys() - known):
        message = f"{where}: not known: {', '.join(unknown)}"
        raise WorkflowError(message)


class _Loader(yaml.SafeLoader):
    """YAML 1.2 as GitHub reads it: ``on`` is a string, keys are there once, and numbers are floats."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    made = loader.construct_mapping(node, deep=True)
    if len(made) < len(node.value):
        keys = [str(key.value) for key, _ in node.value]
        message = f"a key stands twice: {sorted({key for key in keys if keys.count(key) > 1})}"
        raise WorkflowError(message)
    return made


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _begins in (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _begin = [*_begins.replace("\0", "")] + ([""] if "\0" in _begins else [])
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _begin)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(source: str) -> Value:
    """The content of a YAML text. Raises WorkflowError where it is none."""
    try:
        made: Value = yaml.load(source, _Loader)  # noqa: S506  # a safe loader, with fewer types
    except yaml.YAMLError as error:
        message = f"no YAML: {error}"
        raise WorkflowError(message) from error
    return made
