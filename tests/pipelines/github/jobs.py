"""One job on a machine of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.pipelines.git_host import GitHost
from tests.pipelines.github.actions import Place
from tests.pipelines.github.artifacts import Artifacts
from tests.pipelines.github.contexts import RunFacts, default_variables, github_context, known, runner_context
from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.matrix import matrix_name
from tests.pipelines.github.results import FAILURE, SUCCESS, JobRun
from tests.pipelines.github.steps import Machinery, run_step, show_steps
from tests.pipelines.github.templates import fill, scope
from tests.pipelines.github.values import Value, number, plain, text
from tests.pipelines.github.workflow import Job, Workflow, mapping
from tests.pipelines.machine import Machine

_MOST_OUTPUT = 1024 * 1024
_ENVIRONMENT = {"name", "url", "deployment"}
# Nothing listens there: who asks for an identity gets none.
_NO_IDENTITY = "http://127.0.0.1:9/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """The secrets of the repository, and those of its environments by name."""

    repository: Mapping[str, str]
    environments: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What all jobs of a run share."""

    machine: Machine
    host: GitHost
    secrets: Secrets
    workflow: Workflow
    facts: RunFacts
    artifacts: Artifacts
    inputs: Mapping[str, Value]


def run_job(site: Site, job: Job, needs: Value, matrix: Mapping[str, Value], folder: Path) -> JobRun:
    """Run ``job`` with the ``matrix`` values in the new ``folder``. Raises WorkflowError for what is not valid."""
    allowed = _allowed(job, site)
    level = allowed.get("contents", "none")
    token = site.host.token(may_write=level == "write", may_read=level != "none")
    try:
        return _run(site, job, {"needs": needs, "matrix": matrix}, folder, token)
    finally:
        site.host.revoke(token)


def _allowed(job: Job, site: Site) -> Mapping[str, str]:
    """What the job's token may do: of a pull request from a fork it never writes, nor is there an identity."""
    if site.facts.event.secrets:
        return job.permissions
    return {name: "read" for name, level in job.permissions.items() if level != "none" and name != "id-token"}


def _run(site: Site, job: Job, given: Mapping[str, Value], folder: Path, token: str) -> JobRun:
    matrix = mapping(given["matrix"], "matrix")
    machinery = _machinery(site, job, given, folder, token)
    contexts, environment = machinery.contexts, _environment(job, machinery.contexts)
    name = text(fill(job.said.get("name", matrix_name(job.key, matrix)), scope("jobs.name", contexts, {})))
    if number(fill(job.said.get("timeout-minutes", 360.0), scope("jobs.timeout-minutes", contexts, {}))) <= 0:
        message = f"job {job.key}: timeout-minutes"
        raise WorkflowError(message)
    identifiers = tuple(text(step["id"]) for step in job.steps if "id" in step)
    for step in job.steps:
        show_steps(identifiers, machinery)
        run_step(step, machinery)
    show_steps(identifiers, machinery)
    outputs = _outputs(job, machinery)
    _require_no_secret_on_disk(job, machinery.secrets, folder, machinery.place.workspace)
    return JobRun(
        key=job.key,
        name=name,
        result=FAILURE if machinery.failed else SUCCESS,
        matrix=matrix,
        environment=environment,
        permissions=_allowed(job, site),
        outputs=outputs,
        steps=tuple(machinery.done),
        folder=folder,
    )


def _machinery(site: Site, job: Job, given: Mapping[str, Value], folder: Path, token: str) -> Machinery:
    """A fresh machine for the job: its folders, contexts, secrets and variables."""
    workspace, temp, tools = folder / "work" / "packages", folder / "work" / "temp", folder / "tools"
    for path in (workspace, temp, tools):
        path.mkdir(parents=True)
    github, runner = github_context(site.facts, job.key, token, workspace), runner_context(temp, tools)
    (temp / "event.json").write_text(json.dumps(plain(site.facts.event.payload)), encoding="utf-8")
    contexts: dict[str, Value] = {
        "github": known("github", github),
        "inputs": known("inputs", site.inputs),
        "needs": given["needs"],
        "vars": {},
        "strategy": {"job-index": 0.0, "job-total": 1.0},
        "matrix": known("matrix", mapping(given["matrix"], "matrix")),
        "job": {"status": SUCCESS},
        "runner": known("runner", runner),
    }
    secrets = _secrets(site, _environment(job, contexts)) | {"GITHUB_TOKEN": token}
    contexts["secrets"] = secrets
    base = site.machine.environment(folder / "home", {"GIT_SSL_CAINFO": str(site.host.authority)})
    identity = {"ACTIONS_ID_TOKEN_REQUEST_URL": _NO_IDENTITY, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": token}
    base |= default_variables(github, runner) | (identity if _allowed(job, site).get("id-token") == "write" else {})
    variables = _variables(site.workflow.said.get("env", {}), "env", contexts)
    variables |= _variables(job.said.get("env", {}), "jobs.env", contexts)
    place = Place(
        machine=site.machine, workspace=workspace, tools=tools, artifacts=site.artifacts, address=site.facts.address,
        token=token, sha=site.facts.event.sha, ref=site.facts.event.ref, environment=base, path=[], variables=variables,
    )  # fmt: skip
    return Machinery(
        contexts=contexts, place=place, base=base, temp=temp, defaults=_defaults(site.workflow, job), secrets=secrets,
        variables=variables,
    )  # fmt: skip


def _environment(job: Job, contexts: Mapping[str, Value]) -> str:
    """The name of the job's environment; empty without one."""
    said = job.said.get("environment")
    if isinstance(said, Mapping):
        if said.keys() - _ENVIRONMENT:
            message = f"job {job.key}: environment: {sorted(said)}"
            raise WorkflowError(message)
        said = said["name"]
    return text(fill(said, scope("jobs.environment", contexts, {})))


def _secrets(site: Site, environment: str) -> dict[str, str]:
    if not site.facts.event.secrets:
        return {}
    return {**site.secrets.repository, **site.secrets.environments.get(environment, {})}


def _variables(said: Value, key: str, contexts: Mapping[str, Value]) -> dict[str, str]:
    filled = fill(mapping(said, key), scope(key, contexts, {}))
    return {name: text(value) for name, value in mapping(filled, key).items()}


def _defaults(workflow: Workflow, job: Job) -> dict[str, Value]:
    made: dict[str, Value] = {}
    for said in (workflow.said, job.said):
        defaults = mapping(said.get("defaults"), "defaults")
        made |= mapping(defaults.get("run"), "defaults.run")
        if defaults.keys() - {"run"} or made.keys() - {"shell", "working-directory"}:
            message = f"defaults: {defaults}"
            raise WorkflowError(message)
    return made


def _outputs(job: Job, machinery: Machinery) -> dict[str, str]:
    """The outputs of the job: without those that are empty, and without those that hold a secret, as on GitHub."""
    declared = mapping(job.said.get("outputs"), f"job {job.key}: outputs")
    made: dict[str, str] = {}
    for name, source in declared.items():
        value = text(fill(source, scope("jobs.outputs", machinery.contexts, {})))
        if len(value.encode("utf-16-le")) > _MOST_OUTPUT:
            message = f"job {job.key}: the output {name} is larger than 1 MB"
            raise WorkflowError(message)
        if value and not any(secret and secret in value for secret in machinery.secrets.values()):
            made[name] = value
    return made


def _require_no_secret_on_disk(job: Job, secrets: Mapping[str, str], folder: Path, workspace: Path) -> None:
    """No secret is left in the workspace or home: caches, settings of Git and documents included."""
    for root in (workspace, folder / "home"):
        for path in root.rglob("*"):
            if path.is_file() and not path.is_symlink() and "objects" not in path.parts:
                content = path.read_bytes()
                found = [name for name, value in secrets.items() if value and value.encode() in content]
                if found:
                    message = f"job {job.key}: {path} holds the secret {found[0]}"
                    raise WorkflowError(message)
