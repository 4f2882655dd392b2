"""A run of a pipeline: templates expanded, then stages and jobs in their order, each job on a clean machine."""

import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.pipelines.azure.agent import Outcome, Report
from tests.pipelines.azure.documents import read_document
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import Context, IgnoringCase, evaluate, to_boolean, to_text
from tests.pipelines.azure.graph import (
    Ended,
    dependencies,
    in_order,
    stage_dependencies,
    status_functions,
    together,
)
from tests.pipelines.azure.machines import Place, run_job
from tests.pipelines.azure.parameters import bind
from tests.pipelines.azure.pipeline import Entry, Job, Pipeline, Stage, read_pipeline
from tests.pipelines.azure.service import Artifacts, Service
from tests.pipelines.azure.templates import Scope, expand
from tests.pipelines.azure.triggers import Request, run_variables, starts_run, template_variables
from tests.pipelines.azure.variables import Variable, Variables

# Known before a run, if there is something to know.
_MAYBE = ("PullRequestId", "SourceBranch", "TargetBranch", "TargetBranchName")


@dataclass(slots=True, kw_only=True)
class Run:
    """What a run left. ``jobs`` are the reports by ``stage/job`` or ``stage/job/leg``, ``stages`` the outcomes."""

    pipeline: Pipeline
    artifacts: Artifacts
    stages: dict[str, Outcome] = field(default_factory=dict)
    jobs: dict[str, Report] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """How the whole run ended."""
        return together(self.stages.values())

    @property
    def output(self) -> str:
        """All that was printed."""
        return "".join(f"===== {name}\n{report.output}" for name, report in self.jobs.items())

    @property
    def summary(self) -> str:
        """What is shown on the page of the run."""
        return "\n".join(text for report in self.jobs.values() for text in report.summaries)

    def told(self) -> str:
        """How everything ended and what was printed, for messages of failed assertions. What failed comes first."""
        jobs = sorted(self.jobs.items(), key=lambda job: job[1].outcome is not Outcome.FAILED)
        steps = [(name, *step) for name, report in jobs for step in report.steps]
        failed = ", ".join(f"{name} / {step}" for name, step, outcome in steps if outcome is Outcome.FAILED)
        lines = [f"{name}: {report.outcome}: {report.steps}" for name, report in jobs]
        output = [f"===== {name}\n{report.output}" for name, report in jobs]
        return "\n".join([f"failed: {failed or 'nothing'}", *self.issues, str(self.stages), *lines, *output])

    @property
    def issues(self) -> list[str]:
        """The errors and warnings on that page."""
        return [issue for report in self.jobs.values() for issue in report.issues]


def load(root: Path, file: str, request: Request) -> tuple[Pipeline, object]:
    """The pipeline in ``file`` below ``root`` for ``request``, and its trigger. Raises PipelineError."""
    document = read_document(root / file)
    parameters = bind(document.get("parameters"), request.parameters, file)
    known: dict[str, object] = {f"System.PullRequest.{name}": None for name in _MAYBE}
    known |= template_variables(request)
    scope = Scope(root=root, file=PurePosixPath(file), names={"parameters": parameters})
    scope = scope.with_name("variables", IgnoringCase(known, what="variable known before the run"))
    variables = expand(document.get("variables", {}), scope)
    given = {**document, "variables": variables}
    known |= {entry.name: entry.value for entry in read_pipeline(_only_variables(given)).variables}
    scope = scope.with_name("variables", IgnoringCase(known, what="variable known before the run"))
    body = {key: value for key, value in given.items() if key not in ("parameters", "variables")}
    expanded = expand(body, scope)
    assert isinstance(expanded, dict)
    return read_pipeline({**expanded, "variables": variables}), expanded.get("trigger")


def _only_variables(document: Mapping[str, object]) -> Mapping[str, object]:
    job = {"job": "Job", "steps": []}
    return {"variables": document["variables"], "jobs": [job]}


def run_pipeline(service: Service, file: str, request: Request) -> Run | None:
    """Run the pipeline ``file`` as the commit of ``request`` has it; None where a push starts no run.

    Raises PipelineError for what Azure would refuse. Fails when something secret was printed or kept.
    """
    root = service.folder / f"definition-{request.number}"
    _export(service, request, root)
    pipeline, trigger = load(root, file, request)
    if request.reason == "IndividualCI" and not starts_run(trigger, request):
        return None
    artifacts = Artifacts(service.folder / f"artifacts-{request.number}")
    artifacts.folder.mkdir()
    course = _Course(service, request, Run(pipeline=pipeline, artifacts=artifacts))
    course.go()
    no_secrets(service, request, course.run)
    return course.run


def no_secrets(service: Service, request: Request, run: Run) -> None:
    """Fail when a secret is in the output, a summary or an artifact of ``run``."""
    secrets = {service.token, *(variable.value for variable in request.variables if variable.secret)}
    secrets |= {variable.value for group in service.groups.values() for variable in group if variable.secret}
    secrets |= {secret for report in run.jobs.values() for secret in report.secrets}
    told = {"the output": run.output, "a summary": run.summary, "an issue": "\n".join(run.issues)}
    for name in run.artifacts.names():
        for path, file in run.artifacts.files(name).items():
            told[f"the artifact {name}/{path}"] = file.read_bytes().decode("latin-1")
    found = sorted(where for where, text in told.items() for secret in secrets if secret and secret in text)
    assert not found, f"a secret is in {', '.join(found)}"


def _export(service: Service, request: Request, folder: Path) -> None:
    """Write the files of the commit into ``folder``: the service reads the pipeline without anybody's leave."""
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    service.repository.git("archive", "--format=tar", f"--output={archive}", request.commit)
    with tarfile.open(archive) as files:
        files.extractall(folder, filter="data")


class _Course:
    """A run on its way."""

    def __init__(self, service: Service, request: Request, run: Run) -> None:
        self.run = run
        self._service = service
        self._request = request
        self._stages: dict[str, Ended] = {}

    def go(self) -> None:
        stages = {stage.name: stage for stage in self.run.pipeline.stages}
        graph = {name: stage.needs for name, stage in stages.items()}
        for name in in_order([*stages], graph):
            stage = stages[name]
            names: dict[str, object] = {
                "dependencies": dependencies(stage.needs, self._stages, "stage"),
                "variables": IgnoringCase(self._variables((), {}).values()),
            }
            functions = status_functions(stage.needs, graph, self._stages)
            holds = to_boolean(evaluate(stage.condition, Context(names=names, functions=functions)))
            self._stages[name] = self._stage(stage) if holds else Ended(outcome=Outcome.SKIPPED)
            self.run.stages[name] = self._stages[name].outcome

    def _stage(self, stage: Stage) -> Ended:
        jobs = {job.name: job for job in stage.jobs}
        graph = {name: job.needs for name, job in jobs.items()}
        ended: dict[str, Ended] = {}
        for name in in_order([*jobs], graph):
            job = jobs[name]
            names: dict[str, object] = {
                "dependencies": dependencies(job.needs, ended, "job"),
                "stageDependencies": stage_dependencies(stage.needs, self._stages),
            }
            variables = self._variables((*stage.variables, *job.variables), names)
            names["variables"] = IgnoringCase(variables.values())
            context = Context(names=names, functions=status_functions(job.needs, graph, ended))
            if not to_boolean(evaluate(job.condition, context)):
                ended[name] = Ended(outcome=Outcome.SKIPPED)
                continue
            ended[name] = self._job(stage, job, variables, context)
        outcome = together(each.outcome for each in ended.values())
        outputs = {f"{name}.{key}": value for name, each in ended.items() for key, value in each.outputs.items()}
        return Ended(outcome=outcome, outputs=outputs, jobs=ended)

    def _job(self, stage: Stage, job: Job, variables: Variables, context: Context) -> Ended:
        outcomes: list[Outcome] = []
        outputs: dict[str, str] = {}
        for leg, values in _legs(job, context):
            if isinstance(job.matrix, dict) and self._request.legs and leg not in self._request.legs:
                continue
            of_leg = Variables(*variables.all(), *(Variable(name=name, value=text) for name, text in values.items()))
            place = Place(stage=stage.name, job=job, leg=leg, variables=of_leg)
            report = run_job(self._service, self.run.artifacts, self._request, place)
            self.run.jobs["/".join(filter(None, (stage.name, job.name, leg)))] = report
            failed = report.outcome is Outcome.FAILED
            outcomes.append(Outcome.ISSUES if failed and job.continue_on_error else report.outcome)
            prefix = f"{leg}." if leg else f"{job.name}." if job.environment else ""
            outputs |= {f"{prefix}{name}": value for name, value in report.outputs.items()}
        return Ended(outcome=together(outcomes), outputs=outputs)

    def _variables(self, inner: tuple[Entry, ...], names: Mapping[str, object]) -> Variables:
        """The variables of a job: predefined, of the pipeline's page, then as the files have them, the inner last."""
        predefined = run_variables(self._request, self._service.origin)
        found = Variables(*self._request.variables)
        for entry in (*self.run.pipeline.variables, *inner):
            if entry.is_group:
                if entry.name not in self._service.groups:
                    message = f"there is no variable group {entry.name!r}"
                    raise PipelineError(message)
                for variable in self._service.groups[entry.name]:
                    found.put(variable)
            else:
                value = _runtime_value(entry.value, names, found, predefined)
                found.replace(Variable(name=entry.name, value=value, readonly=entry.readonly))
        for name, value in predefined.items():
            found.replace(Variable(name=name, value=value, readonly=True))
        return found


def _runtime_value(text: str, names: Mapping[str, object], found: Variables, predefined: Mapping[str, str]) -> str:
    if not (text.startswith("$[") and text.endswith("]")):
        if "$[" in text:
            message = f"{text!r}: a runtime expression is the whole value"
            raise PipelineError(message)
        return text
    everything = {**found.values(), **predefined}
    return to_text(evaluate(text[2:-1], Context(names={**names, "variables": IgnoringCase(everything)})))


def _legs(job: Job, context: Context) -> Iterator[tuple[str, Mapping[str, str]]]:
    matrix = job.matrix
    if matrix is None:
        yield "", {}
        return
    if isinstance(matrix, str):
        if not (matrix.startswith("$[") and matrix.endswith("]")):
            message = f"the job {job.name}: the matrix {matrix!r} is no runtime expression"
            raise PipelineError(message)
        text = to_text(evaluate(matrix[2:-1], Context(names=context.names)))
        try:
            matrix = json.loads(text)
        except ValueError:
            message = f"the job {job.name}: the matrix {text!r} is not JSON"
            raise PipelineError(message) from None
    if not isinstance(matrix, dict) or not matrix:
        message = f"the job {job.name}: a matrix has at least one leg"
        raise PipelineError(message)
    for leg, values in matrix.items():
        if not leg.isascii() or not leg.replace("_", "a").isalnum() or not leg[0].isalpha():
            message = f"the job {job.name}: the leg {leg!r} is no name"
            raise PipelineError(message)
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            message = f"the job {job.name}: the leg {leg}: values are strings"
            raise PipelineError(message)
        yield leg, values
