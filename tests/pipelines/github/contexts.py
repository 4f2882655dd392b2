"""The contexts of expressions.

Source: GitHub Docs, "Contexts reference".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.pipelines.github.events import Event
from tests.pipelines.github.values import Known, Value

REPOSITORY = "octo-org/packages"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is the same for all jobs of a run. ``address`` is that of the repository's remote."""

    workflow: str
    path: str
    event: Event
    address: str
    run_id: int
    attempt: int

    @property
    def server(self) -> str:
        """The address of the platform itself."""
        return self.address.removesuffix(f"/{REPOSITORY}")


def github_context(facts: RunFacts, job: str, token: str, workspace: Path) -> dict[str, Value]:
    """The ``github`` context of a job, as far as it is known to workflows."""
    event = facts.event
    owner, _, _ = REPOSITORY.partition("/")
    return {
        "actor": "octocat",
        "base_ref": event.base_ref,
        "event": event.payload,
        "event_name": event.name,
        "event_path": str(workspace.parent / "temp" / "event.json"),
        "head_ref": event.head_ref,
        "job": job,
        "ref": event.ref,
        "ref_name": event.ref_name,
        "ref_protected": False,
        "ref_type": "tag" if event.ref.startswith("refs/tags/") else "branch",
        "repository": REPOSITORY,
        "repository_id": "1296269",
        "repository_owner": owner,
        "repository_owner_id": "583231",
        "retention_days": "90",
        "run_attempt": str(facts.attempt),
        "run_id": str(facts.run_id),
        "run_number": str(facts.run_id),
        "server_url": facts.server,
        "sha": event.sha,
        "token": token,
        "triggering_actor": "octocat",
        "workflow": facts.workflow,
        "workflow_ref": f"{REPOSITORY}/{facts.path}@{event.ref}",
        "workflow_sha": event.sha,
        "workspace": str(workspace),
    }


def runner_context(temp: Path, tools: Path) -> dict[str, Value]:
    """The ``runner`` context."""
    return {
        "arch": "X64",
        "debug": "",
        "environment": "github-hosted",
        "name": "runner",
        "os": "Linux",
        "temp": str(temp),
        "tool_cache": str(tools),
    }


def default_variables(github: Mapping[str, Value], runner: Mapping[str, Value]) -> dict[str, str]:
    """The variables that every step finds in its environment. The token is not among them."""
    made = {
        f"GITHUB_{name.upper()}": "true" if value is True else "false" if value is False else str(value)
        for name, value in github.items()
        if name not in {"event", "token"}
    }
    made |= {f"RUNNER_{name.upper()}": str(value) for name, value in runner.items() if value}
    return made | {"CI": "true", "GITHUB_ACTIONS": "true"}


def known(what: str, members: Mapping[str, Value]) -> Known:
    """A context that has these members and no others."""
    return Known(f"the context {what!r}", members)
