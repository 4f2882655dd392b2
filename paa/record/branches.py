"""Which branch of which remote gets the commit that records, and on top of what it is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from paa.edges import git, git_history, git_remote
from paa.edges.git_remote import RemoteState
from paa.edges.git_tags import Tag
from paa.record.commit import is_only_recorded
from paa.scan.repository import Repository

_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The remote; ``local`` is the branch that is checked out (None: HEAD is detached), ``branch`` its name there."""

    remote: str
    local: str | None
    branch: str | None


def find_target(repository: Repository) -> Target | None:
    """Where to push; None without a remote. Raises UsageError when nothing says which one of several."""
    settings = git_remote.read_settings(repository.root)
    local = git.current_branch(repository.root)
    remote = git_remote.choose_remote(settings, local)
    if remote is None:
        return None
    return Target(remote=remote, local=local, branch=local and git_remote.branch_there(settings, local))


def branch_for(repository: Repository, target: Target, state: RemoteState) -> str | None:
    """The branch of the remote that the commit goes to.

    A detached HEAD, as CI systems check it out, belongs to the one branch that stands there, or to the default branch
    if that holds it; else, as for a pull request that is not merged, to none.
    """
    if target.local is not None:
        return target.branch
    head = git.head_commit(repository.root)
    standing = [name for name, commit in state.references.items() if name.startswith(_HEADS) and commit == head]
    if len(standing) == 1:
        return standing[0].removeprefix(_HEADS)
    default = state.references.get(f"{_HEADS}{state.default_branch}")
    if head is None or default is None:
        return None
    _fetch_commit(repository, target, f"{_HEADS}{state.default_branch}", default)
    return state.default_branch if git_history.is_ancestor(repository.root, head, default) else None


def base_for(repository: Repository, target: Target, there: str | None, known: Mapping[str, Tag]) -> str | None:
    """The commit to record on: the later one of HEAD and ``there``, the branch's commit on the remote.

    None where both have moved on, unless all that this clone has more is what paa recorded in it. Raises GitError.
    """
    head = git.head_commit(repository.root)
    if there is None or head is None or there == head:
        return head
    if target.branch is not None:
        _fetch_commit(repository, target, f"{_HEADS}{target.branch}", there)
    if git_history.is_ancestor(repository.root, head, there):
        return there
    if target.local is None:
        return None
    common = git_history.merge_base(repository.root, head, there)
    if common == there:
        return head
    return there if common is not None and is_only_recorded(repository, common, head, known) else None


def tracked_commit(repository: Repository) -> str | None:
    """The commit of this branch on its remote as far as this clone knows; None where it knows of none."""
    settings = git_remote.read_settings(repository.root)
    local = git.current_branch(repository.root)
    target = find_target(repository)
    if target is None or local is None:
        return None
    return git_remote.remote_commit(repository.root, target.remote, git_remote.branch_there(settings, local))


def _fetch_commit(repository: Repository, target: Target, reference: str, commit: str) -> None:
    if not git_remote.has_object(repository.root, commit):
        git_remote.fetch(repository.root, target.remote, [reference])
