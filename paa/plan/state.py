"""A scanned state of the repository → its plan: gathers from Git and the indexes what ``plan.py`` decides from."""

import functools
from collections.abc import Collection, Sequence

from paa.edges import git, git_history
from paa.edges.addresses import web_url
from paa.edges.git_tags import PUBLISHED_REFERENCES, RECORDS, list_tags
from paa.errors import FindingsError
from paa.model import Plan
from paa.plan.asked_for import asking_commits
from paa.plan.commits import Commit
from paa.plan.history import read_history
from paa.plan.options import PlanOptions, PlanTarget
from paa.plan.plan import make_plan
from paa.plan.records import History
from paa.plan.released import with_released_files
from paa.plan.requested import TagRequest
from paa.plan.tag_request import without_requests
from paa.plan.work import PlanInput
from paa.scan.repository import Repository
from paa.scan.state import State, require_package

_DEFAULT = PlanOptions()


def plan_state(
    state: State, target: PlanTarget, names: Collection[str] | None = None, options: PlanOptions = _DEFAULT
) -> Plan:
    """The plan for a scanned state. Raises UsageError for one of ``names`` that is no package."""
    repository = state.repository
    chosen = None if names is None else {require_package(state, name).package.name for name in names}
    history, request = read_history(state), options.request
    if request is not None:
        if request.done is not None:
            return _nothing(state, target, request)
        chosen = {request.package}
        history = {**history, request.package: without_requests(history.get(request.package, History()), request)}
    since = functools.partial(commits_since, repository, allow_rewound=options.allow_rewound)
    plan = make_plan(
        PlanInput(
            scanned=tuple(state.scanned.values()),
            history=history,
            config=repository.config,
            commit=repository.commit,
            indexes=tuple(index.name for index in target.indexes),
            builder=target.builder,
            repository=repository_address(repository),
            commits_since=functools.cache(since),
            ask=target.ask,
            asked_for=functools.partial(asking_commits, repository),
            stage=options.stage,
            again=frozenset(state.scanned if chosen is None else chosen) if options.everything else frozenset(),
            request=request,
        ),
        chosen,
    )
    if not any(release.present_on for release in plan.releases):
        return plan
    return with_released_files(plan, list_tags(repository.root, (*RECORDS, PUBLISHED_REFERENCES)))


def _nothing(state: State, target: PlanTarget, request: TagRequest) -> Plan:
    """The plan for a tag whose release is done."""
    return Plan(
        commit=state.repository.commit,
        indexes=tuple(index.name for index in target.indexes),
        builder=target.builder,
        unchanged=(request.package,) if request.package in state.scanned else (),
    )


def repository_address(repository: Repository) -> str | None:
    """The web address of the sources; None where nothing tells it."""
    if repository.config.source_repo_url is not None:
        return repository.config.source_repo_url
    remote = git.remote_url(repository.root) if repository.in_git else None
    return web_url(remote) if remote else None


def commits_since(repository: Repository, since: str | None, *, allow_rewound: bool = False) -> Sequence[Commit] | None:
    """The commits after ``since`` (None: all), newest first; None when HEAD does not descend from it.

    Raises FindingsError where a shallow clone does not reach back to it.
    """
    if repository.commit is None:
        return ()
    if since is not None and allow_rewound:
        since = git_history.merge_base(repository.root, since, repository.commit)
    if since is not None and not git_history.is_ancestor(repository.root, since, repository.commit):
        if git_history.is_shallow(repository.root):
            message = f"this clone is shallow and does not reach back to {since[:12]}, the commit of the last release"
            raise FindingsError(message, advice="git fetch --unshallow --tags (in CI: fetch the whole history)")
        return None
    logged = git_history.log_commits(repository.root, since)
    return tuple(Commit(sha=item.sha, subject=item.subject, body=item.body, paths=item.paths) for item in logged)
