"""What became of a run, for tests to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipelines.github.commands import Command
from tests.pipelines.github.values import Value

SUCCESS, FAILURE, SKIPPED, CANCELLED = "success", "failure", "skipped", "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun:
    """One step. ``outcome`` is what happened, ``conclusion`` what counts (``continue-on-error``).

    ``environment`` is what the workflow gave it, beside what all steps have.
    """

    name: str
    outcome: str
    conclusion: str
    output: str = ""
    summary: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One job; of a matrix, one of its jobs. ``folder`` is where it ran."""

    key: str
    name: str
    result: str
    matrix: Mapping[str, Value] = field(default_factory=dict)
    environment: str = ""
    permissions: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[StepRun, ...] = ()
    folder: Path | None = None

    @property
    def output(self) -> str:
        """What its steps wrote."""
        return "\n".join(step.output for step in self.steps)

    def step(self, name: str) -> StepRun:
        """The step that is called ``name``."""
        return next(step for step in self.steps if step.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt of a run."""

    jobs: tuple[JobRun, ...]

    @property
    def result(self) -> str:
        """What is shown beside the commit."""
        results = {job.result for job in self.jobs}
        return FAILURE if FAILURE in results else CANCELLED if CANCELLED in results else SUCCESS

    @property
    def results(self) -> dict[str, str]:
        """Job → its result; of a matrix the worst."""
        made: dict[str, str] = {}
        for job in self.jobs:
            made[job.key] = worst(made.get(job.key, SKIPPED), job.result)
        return made

    @property
    def summary(self) -> str:
        """The summaries of all steps, in order."""
        return "\n".join(step.summary for job in self.jobs for step in job.steps if step.summary)

    @property
    def output(self) -> str:
        """All that was written, with headings: to be shown when a test fails. What failed comes first."""
        steps = [(job, step) for job in self.jobs for step in job.steps]
        steps.sort(key=lambda found: found[1].outcome != FAILURE)
        failed = ", ".join(f"{job.name} / {step.name}" for job, step in steps if step.outcome == FAILURE)
        told = (f"--- {job.name} ({job.result}) / {step.name} ({step.outcome})\n{step.output}" for job, step in steps)
        return "\n".join([f"failed: {failed or 'nothing'}", *told])

    def job(self, key: str) -> JobRun:
        """The only job that is called ``key``."""
        (found,) = self.of(key)
        return found

    def of(self, key: str) -> list[JobRun]:
        """The jobs of the matrix ``key``."""
        return [job for job in self.jobs if job.key == key]


def worst(one: str, other: str) -> str:
    """The result of a matrix, of two of its jobs."""
    return max(one, other, key=(SKIPPED, SUCCESS, CANCELLED, FAILURE).index)
