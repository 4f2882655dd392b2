"""What the commits since a given one would say about each package. An explanation: no plan is made from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from paa.edges import git, git_history
from paa.errors import UsageError
from paa.model import Bump
from paa.plan.commits import Commit, combine, ownership, parse_commit
from paa.plan.state import commits_since
from paa.scan.repository import Repository, require_commit
from paa.scan.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What commits say about one package: the largest bump, the exact version if one asks for it, and the commits."""

    package: str
    bump: Bump
    exact: str | None
    commits: tuple[Commit, ...]


def find_since(repository: Repository, revision: str) -> str | None:
    """The commit that ``revision`` names, or the last one that HEAD shares with it; None for nothing at all.

    CI systems name a commit before the first one by zeros. Raises UsageError for a revision that there is not, or that
    HEAD shares no history with.
    """
    head = require_commit(repository)
    if not revision.strip("0 "):
        return None
    since = git.find_commit(repository.root, revision)
    if since is None:
        message = f"there is no commit {revision!r} here"
        advice = (
            "name a commit, a tag or a branch; a shallow clone has only the newest commits (--fetch gets the others)"
        )
        raise UsageError(message, advice=advice)
    common = git_history.merge_base(repository.root, since, head)
    if common is None:
        message = f"HEAD and {revision!r} have no commit in common"
        raise UsageError(message, advice="a shallow clone has only the newest commits: --fetch gets the others")
    return common


def said_since(state: State, since: str) -> tuple[Said, ...]:
    """What is said about each package after the commit ``since``, which HEAD descends from; sorted by package."""
    return _said(state, commits_since(state.repository, since) or ())


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
