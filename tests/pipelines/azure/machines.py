"""The machine of a job: its folders, its predefined variables, and the steps that Azure adds by itself."""

from dataclasses import dataclass
from pathlib import Path

from tests.pipelines.azure.agent import Agent, Report
from tests.pipelines.azure.pipeline import Job, Step
from tests.pipelines.azure.service import Artifacts, Service
from tests.pipelines.azure.tasks import TASKS
from tests.pipelines.azure.triggers import Request
from tests.pipelines.azure.variables import Variable, Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A job in its stage; ``leg`` is that of a matrix, or empty."""

    stage: str
    job: Job
    leg: str
    variables: Variables


def run_job(service: Service, artifacts: Artifacts, request: Request, place: Place) -> Report:
    """Run one job, or one leg of it, in folders and a home that nobody has used before."""
    name = "-".join(filter(None, (str(request.number), place.stage, place.job.name, place.leg)))
    folder = service.folder / "machines" / name
    work = folder / "work" / "1"
    for path in (*(work / part for part in ("s", "a", "b", "TestResults")), folder / "temp", folder / "home"):
        path.mkdir(parents=True)
    more = {"TF_BUILD": "True"}
    if service.authority is not None:
        more["GIT_SSL_CAINFO"] = str(service.authority)
    report = Report(minutes=place.job.minutes)
    agent = Agent(
        service=service,
        artifacts=artifacts,
        folder=folder,
        environment=service.machine.environment(folder / "home", more),
        variables=Variables(*place.variables.all(), *_predefined(service, place, folder)).with_nested_values(),
        tasks=TASKS,
        report=report,
    )
    agent.run(_steps(place.job))
    report.secrets.update(agent.variables.secrets())
    return report


def _steps(job: Job) -> tuple[Step, ...]:
    """The steps with those that Azure puts before them: a job checks out, a deployment downloads, unless it says so."""
    kind = "checkout" if job.environment is None else "download"
    if any(step.task == kind for step in job.steps):
        return job.steps
    if kind == "checkout":
        return (Step(task="checkout", inputs={"checkout": "self"}), *job.steps)
    return (Step(task="download", inputs={"download": "current"}), *job.steps)


def _predefined(service: Service, place: Place, folder: Path) -> list[Variable]:
    work = folder / "work" / "1"
    values = {
        "Agent.BuildDirectory": str(work),
        "Agent.TempDirectory": str(folder / "temp"),
        "Agent.ToolsDirectory": str(folder / "tools"),
        "Agent.WorkFolder": str(folder / "work"),
        "Agent.OS": "Linux",
        "Agent.OSArchitecture": "X64",
        "Agent.JobName": " ".join(filter(None, (place.job.name, place.leg))),
        "Build.SourcesDirectory": str(work / "s"),
        "Build.Repository.LocalPath": str(work / "s"),
        "Build.ArtifactStagingDirectory": str(work / "a"),
        "Build.StagingDirectory": str(work / "a"),
        "Build.BinariesDirectory": str(work / "b"),
        "Common.TestResultsDirectory": str(work / "TestResults"),
        "Pipeline.Workspace": str(work),
        "System.DefaultWorkingDirectory": str(work / "s"),
        "System.ArtifactsDirectory": str(work / "a"),
        "System.StageName": place.stage,
        "System.JobName": place.job.name,
        "System.PhaseName": place.job.name,
        "System.StageAttempt": "1",
        "System.JobAttempt": "1",
    }
    if place.job.environment is not None:
        values["Environment.Name"] = place.job.environment
    found = [Variable(name=name, value=value, readonly=True) for name, value in values.items()]
    return [*found, Variable(name="System.AccessToken", value=service.token, secret=True, readonly=True)]
