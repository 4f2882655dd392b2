"""What starts a run: somebody, a push, a pull request; and the variables that Azure sets for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.pipelines.azure.documents import as_boolean
from tests.pipelines.azure.errors import PipelineError
from tests.pipelines.azure.service import ORGANIZATION, PROJECT
from tests.pipelines.azure.tasks import matches
from tests.pipelines.azure.variables import Variable

_NO_RUN = re.compile(r"\[(skip ci|ci skip|skip azurepipelines)\]|skip-checks: ?true|\*\*\*NO_CI\*\*\*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request: ``source`` and ``target`` are branches (``refs/heads/…``)."""

    number: int
    source: str
    target: str = "refs/heads/main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is run: ``commit`` of ``ref``, with the ``parameters`` of a manual run; ``variables`` are the pipeline's.

    ``reason`` is Manual, IndividualCI or PullRequest; ``message`` is that of the commit. ``legs`` are those of matrices
    in the files that are run; if any are given, the others count as done, since their machines are not at hand.
    """

    commit: str
    ref: str = "refs/heads/main"
    message: str = ""
    reason: str = "Manual"
    parameters: Mapping[str, object] = field(default_factory=dict)
    variables: tuple[Variable, ...] = ()
    pull_request: PullRequest | None = None
    number: int = 1
    legs: tuple[str, ...] = ()


def starts_run(trigger: object, request: Request) -> bool:
    """Whether a push starts a run by ``trigger`` (the expanded value; None without one). Raises PipelineError."""
    if _NO_RUN.search(request.message) or trigger == "none":
        return False
    if isinstance(trigger, list):
        trigger = {"branches": {"include": trigger}}
    if trigger is None:
        trigger = {"branches": {"include": ["*"]}}
    if not isinstance(trigger, dict) or trigger.keys() - {"branches", "tags", "batch"}:
        message = f"trigger: {trigger!r} is not known here"
        raise PipelineError(message)
    as_boolean(trigger.get("batch", "false"), "batch")
    prefix, kind = ("refs/tags/", "tags") if request.ref.startswith("refs/tags/") else ("refs/heads/", "branches")
    chosen = trigger.get(kind)
    if chosen is None:
        return False
    if isinstance(chosen, list):
        chosen = {"include": chosen}
    name = request.ref.removeprefix(prefix)
    included = any(_fits(name, pattern) for pattern in chosen.get("include", []))
    return included and not any(_fits(name, pattern) for pattern in chosen.get("exclude", []))


def _fits(name: str, pattern: str) -> bool:
    pattern = pattern.removeprefix("refs/heads/").removeprefix("refs/tags/")
    # Here, a star goes over slashes.
    return matches(name, re.sub(r"\*+", "**", pattern))


def template_variables(request: Request) -> dict[str, str]:
    """The predefined variables that are there before anything runs."""
    values = {
        "Build.Reason": request.reason,
        "Build.SourceBranch": request.ref,
        "Build.SourceBranchName": request.ref.rpartition("/")[2],
        "Build.SourceVersion": request.commit,
        "Build.DefinitionName": "packages",
        "Build.Repository.Name": "packages",
        "Build.Repository.Provider": "TfsGit",
        "Build.RequestedFor": "Grace Hopper",
        "System.CollectionUri": f"https://dev.azure.com/{ORGANIZATION}/",
        "System.TeamFoundationCollectionUri": f"https://dev.azure.com/{ORGANIZATION}/",
        "System.TeamProject": PROJECT,
        "System.DefinitionId": "12",
    }
    if request.pull_request is not None:
        values |= {
            "System.PullRequest.PullRequestId": str(request.pull_request.number),
            "System.PullRequest.SourceBranch": request.pull_request.source,
            "System.PullRequest.TargetBranch": request.pull_request.target,
            "System.PullRequest.TargetBranchName": request.pull_request.target.removeprefix("refs/heads/"),
        }
    return values


def run_variables(request: Request, origin: str) -> dict[str, str]:
    """All predefined variables of a run, those of the agent aside."""
    return template_variables(request) | {
        "Build.BuildId": str(1000 + request.number),
        "Build.BuildNumber": f"20261120.{request.number}",
        "Build.SourceVersionMessage": request.message.partition("\n")[0][:200],
        "Build.Repository.Uri": origin,
        "Build.RequestedForEmail": "grace@example.org",
        "Build.QueuedBy": "Grace Hopper",
        "System.HostType": "build",
    }
