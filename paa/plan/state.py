"""A scanned state of the repository → its plan: gathers from Git and the indexes what ``plan.py`` decides from."""

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paa.edges import git
from paa.edges.addresses import web_url
from paa.errors import FindingsError
from paa.model import Index, Plan
from paa.plan.commits import Commit
from paa.plan.history import read_history
from paa.plan.plan import PlanInput, make_plan
from paa.scan.repository import Repository
from paa.scan.state import State, require_package

if TYPE_CHECKING:
    from paa.plan.published import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTarget:
    """Where the releases are to go, who tells what is there (None: nobody, plan offline), and what will build them."""

    indexes: Sequence[Index]
    ask: "Ask | None"
    builder: str


def plan_state(
    state: State,
    target: PlanTarget,
    names: Collection[str] | None = None,
    *,
    allow_rewound: bool = False,
) -> Plan:
    """The plan for a scanned state. Raises UsageError for one of ``names`` that is no package.

    With ``allow_rewound`` HEAD need not descend from the last release: where history was rewritten, the commits since
    the last common one count.
    """
    repository = state.repository
    chosen = None if names is None else {require_package(state, name).package.name for name in names}
    address = repository.config.source_repo_url or _remote_address(repository)
    return make_plan(
        PlanInput(
            scanned=tuple(state.scanned.values()),
            history=read_history(state),
            config=repository.config,
            commit=repository.commit,
            indexes=tuple(index.name for index in target.indexes),
            builder=target.builder,
            repository=address,
            commits_since=functools.cache(functools.partial(commits_since, repository, allow_rewound=allow_rewound)),
            ask=target.ask,
        ),
        chosen,
    )


def _remote_address(repository: Repository) -> str | None:
    remote = git.remote_url(repository.root) if repository.in_git else None
    return web_url(remote) if remote else None


def commits_since(repository: Repository, since: str | None, *, allow_rewound: bool = False) -> Sequence[Commit] | None:
    """The commits after ``since`` (None: all), newest first; None when HEAD does not descend from it.

    Raises FindingsError where a shallow clone does not reach back to it.
    """
    if repository.commit is None:
        return ()
    if since is not None and allow_rewound:
        since = git.merge_base(repository.root, since, repository.commit)
    if since is not None and not git.is_ancestor(repository.root, since, repository.commit):
        if git.is_shallow(repository.root):
            message = f"this clone is shallow and does not reach back to {since[:12]}, the commit of the last release"
            raise FindingsError(message, advice="git fetch --unshallow --tags (in CI: fetch the whole history)")
        return None
    logged = git.log_commits(repository.root, since)
    return tuple(Commit(sha=item.sha, subject=item.subject, body=item.body, paths=item.paths) for item in logged)
