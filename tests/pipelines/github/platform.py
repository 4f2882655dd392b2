"""The platform: it has a repository, secrets and machines, and runs a workflow when something happens."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipelines.git_host import GitHost
from tests.pipelines.github.artifacts import Artifacts
from tests.pipelines.github.contexts import RunFacts, github_context, known
from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.events import Event, read_inputs, starts
from tests.pipelines.github.jobs import Secrets, Site, run_job
from tests.pipelines.github.matrix import combinations, matrix_name
from tests.pipelines.github.results import CANCELLED, FAILURE, SKIPPED, SUCCESS, JobRun, Run, worst
from tests.pipelines.github.templates import fill, holds, scope
from tests.pipelines.github.values import Value, text, truth
from tests.pipelines.github.workflow import Job, Workflow, mapping, read_workflow
from tests.pipelines.machine import Machine

_CONCURRENCY = {"group", "cancel-in-progress", "queue"}


def everything(_key: str, _matrix: Mapping[str, Value]) -> bool:
    """Run every job of a matrix."""
    return True


@dataclass(slots=True, kw_only=True)
class Platform:
    """``address`` is the repository's; runs are kept below ``folder``.

    ``chosen`` says which jobs of a matrix are run here at all (those of other systems and Pythons can't be, or need not
    be, all of them).
    """

    machine: Machine
    host: GitHost
    address: str
    folder: Path
    secrets: Secrets
    chosen: Callable[[str, Mapping[str, Value]], bool] = everything
    runs: int = 0

    def start(self, source: str, path: str, event: Event) -> "Attempt":
        """Begin a run of the workflow ``source`` for ``event``. Raises WorkflowError where GitHub would not."""
        workflow = read_workflow(source, path)
        if not starts(workflow, event):
            message = f"{path} is not started by {event.name} of {event.ref} ({event.message!r})"
            raise WorkflowError(message)
        self.runs += 1
        inputs = read_inputs(workflow, event.inputs) if event.name == "workflow_dispatch" else _no_inputs(workflow)
        facts = RunFacts(
            workflow=text(workflow.said.get("name", path)), path=path, event=event, address=self.address,
            run_id=self.runs, attempt=1,
        )  # fmt: skip
        site = Site(
            machine=self.machine,
            host=self.host,
            secrets=self.secrets,
            workflow=workflow,
            facts=facts,
            artifacts=Artifacts(folder=self.folder / f"run-{self.runs}" / "artifacts"),
            inputs=inputs,
        )
        return Attempt(platform=self, site=site, folder=self.folder / f"run-{self.runs}")

    def run(self, source: str, path: str, event: Event) -> Run:
        """Run the workflow ``source`` for ``event``."""
        return self.start(source, path, event).run()


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One attempt of a run. ``cancelled_before`` is the job before which somebody cancels it."""

    platform: Platform
    site: Site
    folder: Path
    cancelled_before: str = ""
    cancelled: bool = False
    done: list[JobRun] = field(default_factory=list)
    kept: tuple[JobRun, ...] = ()
    repeated: frozenset[str] = frozenset()

    def again(self, *, failed_only: bool = False) -> "Attempt":
        """The next attempt of the same run: all jobs, or those that failed and those that need them.

        Commit and workflow are those of the first attempt, secrets those of today.
        """
        facts = self.site.facts
        facts = RunFacts(
            workflow=facts.workflow, path=facts.path, event=facts.event, address=facts.address, run_id=facts.run_id,
            attempt=facts.attempt + 1,
        )  # fmt: skip
        self.site.artifacts.next_attempt(failed_only=failed_only)
        site = Site(
            machine=self.site.machine, host=self.site.host, secrets=self.platform.secrets, workflow=self.site.workflow,
            facts=facts, artifacts=self.site.artifacts, inputs=self.site.inputs,
        )  # fmt: skip
        repeated = _repeated(site.workflow, self.done)
        kept = _kept(site.workflow, self.done, repeated) if failed_only else ()
        return Attempt(platform=self.platform, site=site, folder=self.folder, kept=kept, repeated=repeated)

    def run(self) -> Run:
        """Run its jobs. Raises WorkflowError for whatever GitHub would refuse, and for what is not known here."""
        self._check_concurrency()
        for job in self.site.workflow.jobs:
            self.cancelled = self.cancelled or job.key == self.cancelled_before
            self.done += self._job(job)
        return Run(jobs=tuple(self.done))

    def _job(self, job: Job) -> list[JobRun]:
        kept = [run for run in self.kept if run.key == job.key]
        if kept and job.key not in self.repeated:
            return kept
        contexts = self._contexts(job)
        condition = text(job.said.get("if", "success()"))
        if not truth(holds(condition, scope("jobs.if", contexts, self._functions(job)))):
            return [JobRun(key=job.key, name=job.key, result=CANCELLED if self.cancelled else SKIPPED)]
        strategy = mapping(fill(job.said.get("strategy"), scope("jobs.strategy", contexts, {})), "strategy")
        matrices = combinations(strategy) if strategy else [{}]
        made: list[JobRun] = []
        members = {key for matrix in matrices for key in matrix}
        for matrix in matrices:
            if not self.platform.chosen(job.key, matrix):
                continue
            again = [run for run in kept if run.matrix == matrix]
            if again:
                made += again
            elif truth(strategy.get("fail-fast", True)) and any(run.result == FAILURE for run in made):
                made.append(JobRun(key=job.key, name=matrix_name(job.key, matrix), result=CANCELLED, matrix=matrix))
            else:
                values = {**dict.fromkeys(members), **matrix}
                made.append(self._run(job, contexts["needs"], values))
        return made

    def _run(self, job: Job, needs: Value, matrix: Mapping[str, Value]) -> JobRun:
        place = len([*self.folder.glob("job-*")])
        return run_job(self.site, job, needs, matrix, self.folder / f"job-{place:03d}-{job.key}")

    def _contexts(self, job: Job) -> dict[str, Value]:
        needs: dict[str, Value] = {key: self._needed(key) for key in job.needs}
        github = github_context(self.site.facts, job.key, "no token here", self.folder)
        return {
            "github": known("github", github),
            "inputs": known("inputs", self.site.inputs),
            "needs": known("needs", needs),
            "vars": {},
        }

    def _needed(self, key: str) -> Value:
        """A job that another needs: its result, and each output as the last one of the matrix that set it has it."""
        outputs: dict[str, Value] = dict.fromkeys(mapping(self.site.workflow.job(key).said.get("outputs"), key), "")
        for run in self.done:
            if run.key == key:
                outputs |= run.outputs
        return known(f"needs.{key}", {"result": self._result(key), "outputs": known(f"needs.{key}.outputs", outputs)})

    def _result(self, key: str) -> str:
        found = SKIPPED
        for run in self.done:
            found = worst(found, run.result) if run.key == key else found
        return found

    def _functions(self, job: Job) -> dict[str, Callable[..., Value]]:
        """The functions of a job's ``if``: they look at all jobs that it needs, directly or not."""
        results = [self._result(key) for key in self.site.workflow.ancestors(job.key)]
        return {
            "success": lambda: not self.cancelled and all(result == SUCCESS for result in results),
            "failure": lambda: any(result == FAILURE for result in results),
            "cancelled": lambda: self.cancelled,
            "always": lambda: True,
        }

    def _check_concurrency(self) -> None:
        said = self.site.workflow.said.get("concurrency")
        if said is None:
            return
        github = known("github", github_context(self.site.facts, "", "no token here", self.folder))
        where = scope("concurrency", {"github": github, "inputs": known("inputs", self.site.inputs), "vars": {}}, {})
        filled = fill(said, where)
        if isinstance(filled, Mapping) and filled.keys() - _CONCURRENCY:
            message = f"concurrency: {json.dumps(sorted(filled))}"
            raise WorkflowError(message)


def _no_inputs(workflow: Workflow) -> dict[str, Value]:
    """Without a form: every declared input is there, and null."""
    declared = mapping(mapping(workflow.on.get("workflow_dispatch"), "on").get("inputs"), "inputs")
    return dict.fromkeys(declared)


def _repeated(workflow: Workflow, runs: Sequence[JobRun]) -> frozenset[str]:
    """The jobs that are run again when failed ones are: those, and all that need them."""
    found: set[str] = set()
    for job in workflow.jobs:
        bad = any(run.key == job.key and run.result in {FAILURE, CANCELLED} for run in runs)
        if bad or workflow.ancestors(job.key) & found:
            found.add(job.key)
    return frozenset(found)


def _kept(workflow: Workflow, runs: Sequence[JobRun], repeated: frozenset[str]) -> tuple[JobRun, ...]:
    """What stays as it was: jobs that are not repeated, and of a matrix that failed those that did not."""
    first = {key for key in repeated if not workflow.ancestors(key) & repeated}
    return tuple(
        run for run in runs if run.key not in repeated or (run.key in first and run.result in {SUCCESS, SKIPPED})
    )
