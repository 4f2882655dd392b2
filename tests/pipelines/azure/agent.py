"""One job on a clean machine: folders, steps, variables, and the logging commands in what steps print."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.evaluation import Context, Function, IgnoringCase, evaluate, to_boolean
from tests.pipelines.azure.pipeline import Step
from tests.pipelines.azure.service import Artifacts, Service
from tests.pipelines.azure.variables import Command, Variable, Variables, parse_command

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
# What "restricted" leaves, by the page on security of templates in the documentation of Azure Pipelines.
_UNRESTRICTED = {"logdetail", "logissue", "complete", "setprogress", "setsecret", "setvariable", "debug"}
_UNRESTRICTED |= {"settaskvariable", "prependpath"}


class Outcome(StrEnum):
    """How a step, a job or a stage ended."""

    SUCCEEDED = "Succeeded"
    ISSUES = "SucceededWithIssues"
    FAILED = "Failed"
    SKIPPED = "Skipped"
    CANCELED = "Canceled"


@dataclass(slots=True, kw_only=True)
class Report:
    """What a job left: how its steps ended (by name or task), all that was printed, and what it set.

    ``asked`` are all variables that logging commands were to set, whether they could or not. ``output`` is what
    programs printed, before the agent would hide secrets in it.
    """

    outcome: Outcome = Outcome.SUCCEEDED
    steps: list[tuple[str, Outcome]] = field(default_factory=list)
    output: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    summaries: list[str] = field(default_factory=list)
    issues: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    minutes: float = 0.0


class Task(Protocol):
    """What a step does: True if it succeeded. Raises PipelineError for what the real task would refuse."""

    def __call__(self, agent: "Agent", inputs: Mapping[str, str], step: Step) -> bool: ...


@dataclass(slots=True, kw_only=True)
class Agent:
    """A machine at work on one job.

    ``path`` are the folders that come first on PATH, ``environment`` is what programs find there in any job.
    """

    service: Service
    artifacts: Artifacts
    folder: Path
    environment: Mapping[str, str]
    variables: Variables
    tasks: Mapping[str, Task]
    report: Report
    path: list[Path] = field(default_factory=list)

    def run(self, steps: Sequence[Step]) -> None:
        """Do the steps, each if its condition holds; the report says the rest."""
        for step in steps:
            name = step.name or step.task
            if not step.enabled or not self._holds(step):
                self.report.steps.append((name, Outcome.SKIPPED))
                continue
            outcome = self._outcome(step)
            if outcome is Outcome.FAILED and step.continue_on_error:
                outcome = Outcome.ISSUES
            self.report.steps.append((name, outcome))
            if outcome is Outcome.FAILED or self.report.outcome is Outcome.SUCCEEDED:
                self.report.outcome = outcome

    def place(self, variable: str) -> Path:
        """The folder that a predefined variable names."""
        return Path(self.variables.get(variable) or "")

    def program(
        self, command: Sequence[str], step: Step, *, folder: Path, more: Mapping[str, str] | None = None
    ) -> int:
        """Run a program as the agent does, with the environment of the step; obeys what it prints."""
        environment = self._environment(step)
        environment["PATH"] = ":".join([*map(str, self.path), environment["PATH"]])
        limit = (step.minutes or self.report.minutes) * 60
        done = subprocess.run(
            command,
            cwd=folder,
            env={**environment, **(more or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=limit,
            check=False,
        )
        self.say(done.stdout.decode(errors="replace"), step)
        return done.returncode

    def say(self, text: str, step: Step) -> None:
        """Take ``text`` as the output of ``step``, line by line."""
        self.report.output += text if text.endswith("\n") else f"{text}\n"
        for line in _LINE_ENDS.split(text):
            command = parse_command(line)
            if command is not None:
                self._obey(command, step)

    def _environment(self, step: Step) -> dict[str, str]:
        given = {name: self.variables.expand(value) for name, value in step.environment.items()}
        return {**self.environment, **self.variables.environment(), **given}

    def _outcome(self, step: Step) -> Outcome:
        task = self.tasks.get(step.task)
        if task is None:
            message = f"the task {step.task} is not known here"
            raise PipelineError(message)
        inputs = {name: self.variables.expand(value) for name, value in step.inputs.items()}
        before = len(self.report.issues)
        self.report.output += f"##[section]Starting: {step.display_name or step.name or step.task}\n"
        try:
            succeeded = task(self, inputs, step)
        except subprocess.TimeoutExpired:
            self.report.issues.append(f"{step.display_name or step.task}: the time was up")
            succeeded = False
        completed = [issue for issue in self.report.issues[before:] if issue.startswith("complete:")]
        self.report.issues[before:] = [issue for issue in self.report.issues[before:] if issue not in completed]
        if not succeeded or "complete:failed" in completed:
            return Outcome.FAILED
        return Outcome.ISSUES if completed else Outcome.SUCCEEDED

    def _holds(self, step: Step) -> bool:
        names = {"variables": IgnoringCase(self.variables.values())}
        return to_boolean(evaluate(step.condition, Context(names=names, functions=self._status())))

    def _status(self) -> Mapping[str, Function]:
        outcome = self.report.outcome
        good = outcome in (Outcome.SUCCEEDED, Outcome.ISSUES)

        def alone(value: bool) -> Function:  # noqa: FBT001 (a value like any other)
            def function(arguments: Sequence[object]) -> object:
                if arguments:
                    message = "in steps, status functions take no arguments"
                    raise PipelineError(message)
                return value

            return function

        return {
            "succeeded": alone(good),
            "failed": alone(outcome is Outcome.FAILED),
            "succeededorfailed": alone(good or outcome is Outcome.FAILED),
            "always": alone(True),  # noqa: FBT003 (see above)
            "canceled": alone(outcome is Outcome.CANCELED),
        }

    def _obey(self, command: Command, step: Step) -> None:
        if step.restricted and (command.area != "task" or command.event not in _UNRESTRICTED):
            self.report.warnings.append(f"{command.area}.{command.event} is not allowed here")
            return
        match command.area, command.event:
            case "task", "setvariable":
                self._set(command, step)
            case "task", "uploadsummary":
                self.report.summaries.append(self._file(command).read_text(encoding="utf-8"))
            case "task", "logissue" if command.properties.get("type") in ("error", "warning"):
                self.report.issues.append(f"{command.properties['type']}: {command.data}")
            case "task", "complete":
                results = {"succeeded": "", "succeededwithissues": "complete:issues", "failed": "complete:failed"}
                self.report.issues += filter(None, [results[command.properties.get("result", "succeeded").lower()]])
            case "task", "setsecret":
                self.report.secrets.add(command.data)
            case "task", "prependpath":
                self.path.insert(0, Path(command.data))
            case "task", "debug":
                pass
            case _:
                message = f"the logging command {command.area}.{command.event} is not known here: {command}"
                raise PipelineError(message)

    def _set(self, command: Command, step: Step) -> None:
        given = command.properties
        unknown = given.keys() - {"variable", "issecret", "isoutput", "isreadonly"}
        if unknown or "variable" not in given:
            message = f"task.setvariable: {dict(given)} has a wrong form"
            raise PipelineError(message)
        name, secret = given["variable"], given.get("issecret", "").lower() == "true"
        self.report.asked[name] = command.data
        if step.settable is not None and name.lower() not in step.settable:
            self.report.warnings.append(f"setting {name} is not allowed here")
            return
        if secret:
            self.report.secrets.update(line for line in command.data.splitlines() if line)
        if given.get("isoutput", "").lower() == "true":
            # Without a name of the step nothing can refer to it.
            self.report.outputs[f"{step.name or step.task}.{name}"] = command.data
            name = f"{step.name or step.task}.{name}"
        try:
            readonly = given.get("isreadonly", "").lower() == "true"
            self.variables.put(Variable(name=name, value=command.data, secret=secret, readonly=readonly))
        except PipelineError as error:
            self.report.warnings.append(str(error))

    def _file(self, command: Command) -> Path:
        path = Path(command.data)
        if path.is_absolute() and path.is_file():
            return path
        message = f"{command.area}.{command.event}: {command.data!r} is not the full path of a file"
        raise PipelineError(message)
