"""A scanned state of the repository → its plan: gathers from Git and the indexes what ``plan.py`` decides from."""

import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paa.edges import git
from paa.edges.addresses import web_url
from paa.errors import FindingsError
from paa.model import Index, Plan
from paa.plan.asked_for import asking_commits
from paa.plan.commits import Commit
from paa.plan.history import read_history
from paa.plan.plan import PlanInput, make_plan
from paa.plan.prereleases import Stage
from paa.scan.repository import Repository
from paa.scan.state import State, require_package

if TYPE_CHECKING:
    from paa.plan.published import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTarget:
    """Where the releases are to go, who tells what is there (None: nobody, plan offline), and what will build them.

    ``ask`` must know the indexes of ``prereleases_to`` too.
    """

    indexes: Sequence[Index]
    ask: "Ask | None"
    builder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What a plan can be told.

    With ``allow_rewound`` HEAD need not descend from the last release: where history was rewritten, the commits since
    the last common one count. ``stage`` makes pre-releases. ``everything`` releases again what is unchanged.
    """

    allow_rewound: bool = False
    stage: Stage | None = None
    everything: bool = False


_DEFAULT = PlanOptions()


def plan_state(
    state: State, target: PlanTarget, names: Collection[str] | None = None, options: PlanOptions = _DEFAULT
) -> Plan:
    """The plan for a scanned state. Raises UsageError for one of ``names`` that is no package."""
    repository = state.repository
    chosen = None if names is None else {require_package(state, name).package.name for name in names}
    since = functools.partial(commits_since, repository, allow_rewound=options.allow_rewound)
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
            commits_since=functools.cache(since),
            ask=target.ask,
            asked_for=functools.partial(asking_commits, repository),
            stage=options.stage,
            again=frozenset(state.scanned if chosen is None else chosen) if options.everything else frozenset(),
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
