"""What the commits since a given one would say about each package. An explanation: no plan is made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from paa.edges import git
from paa.errors import UsageError
from paa.model import Bump
from paa.plan.commits import Commit, combine, ownership, parse_commit
from paa.plan.state import commits_since
from paa.scan.repository import require_commit
from paa.scan.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What commits say about one package: the largest bump, the exact version if one asks for it, and the commits."""

    package: str
    bump: Bump
    exact: str | None
    commits: tuple[Commit, ...]


def said_since(state: State, revision: str) -> tuple[str, tuple[Said, ...]]:
    """The commit that ``revision`` names, and what is said after it about each package, sorted by package.

    Raises UsageError for a revision that there is not, or that HEAD does not descend from.
    """
    repository = state.repository
    require_commit(repository)
    since = git.find_commit(repository.root, revision)
    if since is None:
        message = f"there is no commit {revision!r} here"
        raise UsageError(
            message, advice="name a commit, a tag or a branch; a shallow clone has only the newest commits"
        )
    commits = commits_since(repository, since)
    if commits is None:
        message = f"HEAD does not descend from {revision}"
        raise UsageError(message, advice=f"git merge-base HEAD {revision} gives the commit from which both come")
    return since, _said(state, commits)


def _said(state: State, commits: Sequence[Commit]) -> tuple[Said, ...]:
    owners = ownership({name: tuple(item.contents) for name, item in state.scanned.items()})
    use_messages = state.repository.config.use_commit_messages
    read = [(commit, parse_commit(commit, owners, use_messages=use_messages)) for commit in commits]
    found = []
    for package in sorted({package for _, requests in read for package in requests}):
        asking = [(commit, requests[package]) for commit, requests in read if package in requests]
        request = combine([each for _, each in asking])
        found.append(
            Said(
                package=package,
                bump=request.bump,
                exact=request.exact,
                commits=tuple(commit for commit, _ in asking),
            )
        )
    return tuple(found)
