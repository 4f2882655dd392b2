"""One step: its condition, its environment, its shell or its action, and what it says to the runner."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.pipelines.github.actions import Place, run_action
from tests.pipelines.github.artifacts import ActionFailedError
from tests.pipelines.github.commands import SWITCHED_OFF, Command, commands_in, read_pairs
from tests.pipelines.github.errors import WorkflowError
from tests.pipelines.github.results import FAILURE, SKIPPED, SUCCESS, StepRun
from tests.pipelines.github.templates import fill, holds, scope
from tests.pipelines.github.values import Known, Value, number, text, truth
from tests.pipelines.github.workflow import mapping

_SHELLS: Mapping[str, tuple[str, ...]] = {
    "": ("bash", "-e", "{0}"),
    "bash": ("bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"),
    "sh": ("sh", "-e", "{0}"),
    "python": ("python", "{0}"),
}
_FILES = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
_MOST_SUMMARY = 1024 * 1024
_SHORTEST_SECRET = 4


@dataclass(slots=True, kw_only=True)
class Machinery:
    """A job that is running: what its steps share, and change."""

    contexts: dict[str, Value]
    place: Place
    base: Mapping[str, str]
    temp: Path
    defaults: Mapping[str, Value]
    secrets: Mapping[str, str]
    variables: dict[str, str]
    path: list[str] = field(default_factory=list)
    steps: dict[str, Value] = field(default_factory=dict)
    done: list[StepRun] = field(default_factory=list)
    failed: bool = False

    def functions(self) -> dict[str, Callable[..., Value]]:
        """The functions that tell how the job stands."""
        return {
            "success": lambda: not self.failed,
            "failure": lambda: self.failed,
            "cancelled": lambda: False,
            "always": lambda: True,
        }

    def fill(self, key: str, source: Value) -> Value:
        """``source``, which stands at ``jobs.steps.<key>``, with its expressions evaluated."""
        return fill(source, scope(f"jobs.steps.{key}", self.contexts, self.functions()))


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """What a step did, while it is being found out."""

    failed: bool = False
    output: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()


def run_step(said: Mapping[str, Value], job: Machinery) -> None:
    """Run one step and note what became of it. Raises WorkflowError for what is not valid or not known."""
    job.contexts["env"] = dict(job.variables)
    given = {name: text(value) for name, value in mapping(job.fill("env", said.get("env", {})), "env").items()}
    if forbidden := [name for name in given if name.startswith(("GITHUB_", "RUNNER_"))]:
        message = f"env: {forbidden} can't be set"
        raise WorkflowError(message)
    job.contexts["env"] = {**job.variables, **given}
    name = text(job.fill("name", said.get("name", said.get("uses", "Run"))))
    condition = said.get("if", "success()")
    where = scope("jobs.steps.if", job.contexts, job.functions())
    if not truth(holds(text(condition), where)):
        _note(said, StepRun(name=name, outcome=SKIPPED, conclusion=SKIPPED), job)
        return
    outcome = _run(said, given, job)
    _require_no_secret(name, outcome, job)
    conclusion = outcome.failed and not truth(job.fill("continue-on-error", said.get("continue-on-error", False)))
    job.failed = job.failed or conclusion
    done = StepRun(
        name=name,
        outcome=FAILURE if outcome.failed else SUCCESS,
        conclusion=FAILURE if conclusion else SUCCESS,
        output=outcome.output,
        summary=outcome.summary,
        outputs=outcome.outputs,
        environment=given,
        commands=outcome.commands,
    )
    _note(said, done, job)


def show_steps(identifiers: tuple[str, ...], job: Machinery) -> None:
    """Bring the context ``steps`` up to date: those that have run, and those that have not, which is no error."""
    nothing: Value = {"outcome": "", "conclusion": "", "outputs": {}}
    steps = {name: job.steps.get(name, nothing) for name in identifiers}
    job.contexts["steps"] = Known("the context 'steps'", steps)


def _note(said: Mapping[str, Value], done: StepRun, job: Machinery) -> None:
    job.done.append(done)
    if "id" in said:
        job.steps[text(said["id"])] = {
            "outcome": done.outcome, "conclusion": done.conclusion, "outputs": done.outputs
        }  # fmt: skip


def _run(said: Mapping[str, Value], given: Mapping[str, str], job: Machinery) -> _Outcome:
    folder = job.temp / f"step-{len(job.done)}"
    folder.mkdir(parents=True)
    files = {name: folder / name.lower() for name in _FILES}
    for path in files.values():
        path.touch()
    found = {"PATH": ":".join([*reversed(job.path), job.base["PATH"]])}
    environment = {**job.base, **job.variables, **found, **given, **{name: str(path) for name, path in files.items()}}
    outcome = _Outcome()
    if "uses" in said:
        _use(said, environment, job, outcome)
    else:
        _shell(said, environment, folder / "script.sh", job, outcome)
    _take(files, job, outcome)
    return outcome


def _use(said: Mapping[str, Value], environment: Mapping[str, str], job: Machinery, outcome: _Outcome) -> None:
    given = {name: text(value) for name, value in mapping(job.fill("with", said.get("with", {})), "with").items()}
    place = job.place
    place = Place(
        machine=place.machine, workspace=place.workspace, tools=place.tools, artifacts=place.artifacts,
        address=place.address, token=place.token, sha=place.sha, ref=place.ref, environment=environment,
        path=job.path, variables=job.variables,
    )  # fmt: skip
    try:
        outcome.outputs |= run_action(text(said["uses"]), given, place)
    except ActionFailedError as error:
        outcome.failed = True
        outcome.output = f"Error: {error}\n"


def _shell(
    said: Mapping[str, Value], environment: Mapping[str, str], script: Path, job: Machinery, outcome: _Outcome
) -> None:
    shell = text(said.get("shell", job.defaults.get("shell", "")))
    if shell not in _SHELLS:
        message = f"the shell {shell!r} is not known"
        raise WorkflowError(message)
    script.write_text(text(job.fill("run", said["run"])) + "\n", encoding="utf-8")
    where = text(job.fill("working-directory", said.get("working-directory", job.defaults.get("working-directory"))))
    minutes = number(job.fill("timeout-minutes", said.get("timeout-minutes", 5.0)))
    command = [part.format(script) for part in _SHELLS[shell]]
    done = subprocess.run(
        command,
        cwd=job.place.workspace / where,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=min(minutes, 5.0) * 60,
        check=False,
    )
    outcome.output = done.stdout.decode(errors="replace")
    outcome.failed = done.returncode != 0
    if outcome.failed:
        outcome.output += f"Error: Process completed with exit code {done.returncode}.\n"


def _take(files: Mapping[str, Path], job: Machinery, outcome: _Outcome) -> None:
    """Do what the step told the runner, in the order in which the runner does it."""
    outcome.commands = tuple(commands_in(outcome.output))
    for command in outcome.commands:
        if command.name == "set-output":
            outcome.outputs[command.properties.get("name", "")] = command.data
        outcome.failed = outcome.failed or command.name in SWITCHED_OFF
    written = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    try:
        outcome.outputs |= read_pairs(written["GITHUB_OUTPUT"], "GITHUB_OUTPUT")
        job.variables |= read_pairs(written["GITHUB_ENV"], "GITHUB_ENV")
    except WorkflowError as error:
        outcome.failed = True
        outcome.output += f"Error: Unable to process file command: {error}\n"
    job.path += [line for line in written["GITHUB_PATH"].splitlines() if line]
    outcome.summary = written["GITHUB_STEP_SUMMARY"]
    if len(outcome.summary.encode()) > _MOST_SUMMARY:
        message = f"the summary has {len(outcome.summary)} characters; GitHub drops what is longer than 1 MiB"
        raise WorkflowError(message)


def _require_no_secret(name: str, outcome: _Outcome, job: Machinery) -> None:
    everything = "\n".join([outcome.output, outcome.summary, *outcome.outputs.values()])
    for secret, value in job.secrets.items():
        if len(value) >= _SHORTEST_SECRET and value in everything:
            message = f"the secret {secret} stands in what the step {name!r} wrote"
            raise WorkflowError(message)
