"""What has been released → tags, tracking files, release notes, README. The index first, the tag last.

The tags come first here: each proves one release and holds all that the files tell about it, so that whoever finds a
tag without its entry in the files can write it. The files follow in one commit, and both are pushed in one step.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from paa.edges import git, git_remote
from paa.edges.git_commit import knows_committer
from paa.edges.git_remote import RemoteState
from paa.edges.git_tags import Tag, list_tags
from paa.edges.tree import commit_tree
from paa.errors import GitError, UsageError
from paa.model import BuiltRelease, Plan, ReleaseSet
from paa.record.branches import Target, base_for, branch_for, find_target
from paa.record.commit import RecordCommit, commit_record, settle
from paa.record.entries import entries_for
from paa.record.model import Recorded
from paa.record.places import Places, find_places, known_tags, make_tags, own_reference, tag_reference
from paa.record.readme_edit import ReadmeEdit
from paa.scan.repository import Repository

# How often it begins anew where others push at the same time.
_TRIES = 10
_HEADS = "refs/heads/"


def require_committer(repository: Repository) -> None:
    """Raise UsageError when Git could make no commit and no tag here: better before anything is published."""
    if not knows_committer(repository.root):
        message = "Git does not know who commits and tags here, so that a release could not be recorded"
        raise UsageError(message, advice="git config user.name NAME && git config user.email ADDRESS, then run again")


def require_target(repository: Repository) -> None:
    """Raise UsageError where nothing says which remote to push to: better before anything is published."""
    find_target(repository)


def record(
    repository: Repository,
    release_set: ReleaseSet,
    packages: Collection[str],
    *,
    push: bool,
    edit: ReadmeEdit | None = None,
) -> Recorded:
    """Record those releases of ``release_set`` whose package is in ``packages``: they are on every target index.

    Running it again does only what is missing, wherever it was stopped. A tag that is there and records something else
    keeps its release from being recorded, and no other. ``edit`` is committed together with what is tracked.

    Raises UsageError when Git has no committer, ConfigError for a tracking file that can't be read, GitError when Git
    fails or not even the tags can be pushed; nothing that was recorded is undone then.
    """
    wanted = tuple(built for built in release_set.releases if built.release.package in packages)
    if not wanted:
        return Recorded()
    task = _Task(repository=repository, plan=release_set.plan, wanted=wanted, edit=edit)
    target = find_target(repository) if push else None
    return _record_here(task) if target is None else _record_there(task, target)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What is to be recorded, and where."""

    repository: Repository
    plan: Plan
    wanted: tuple[BuiltRelease, ...]
    edit: ReadmeEdit | None

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference that matters for what is wanted."""
        return tuple(
            name for built in self.wanted for name in (tag_reference(self.repository, built), own_reference(built))
        )


def _record_here(task: _Task) -> Recorded:
    """Tags and commit in this clone alone."""
    repository = task.repository
    known = known_tags(repository, None, None, ())
    places = find_places(repository, task.wanted, known)
    if not places.taken:
        return Recorded(refused=places.refused)
    require_committer(repository)
    make_tags(repository, task.plan, places, known)
    head = _head(repository)
    made = commit_record(repository, head, known_tags(repository, None, None, ()), places.taken, task.edit)
    return _ended(repository, head, made, Recorded(tags=places.names, refused=places.refused))


def _record_there(task: _Task, target: Target) -> Recorded:
    """Tags and commit here and on the remote; anew whenever somebody else has pushed meanwhile."""
    state, tries = _look(task, target), 1
    while True:
        attempt = _prepare(task, target, state)
        done = Recorded(tags=attempt.places.names, refused=attempt.places.refused)
        if not attempt.places.taken:
            return done
        done, problem = _push_branch(attempt, done)
        if problem is None:
            return done
        state = _look(task, target)
        if tries == _TRIES or not _has_moved(attempt, state):
            return _push_tags(attempt, state, replace(done, push_problem=problem))
        tries += 1


def _look(task: _Task, target: Target) -> RemoteState:
    try:
        return git_remote.look_at(task.repository.root, target.remote)
    except GitError as error:
        raise _not_pushed(task, error.message) from error


def _push_tags(attempt: "_Attempt", state: RemoteState, done: Recorded) -> Recorded:
    """The tags alone, for they are enough."""
    refspecs = _unpushed(state, attempt.places.taken)
    problem = git_remote.push(attempt.task.repository.root, attempt.target.remote, refspecs) if refspecs else None
    if problem is not None:
        raise _not_pushed(attempt.task, problem)
    return replace(done, pushed=done.tags)


def _not_pushed(task: _Task, reason: str) -> GitError:
    """The error after which everything is recorded in this clone, and nothing on the remote."""
    _record_here(task)
    message = f"what was recorded could not be pushed: {reason}"
    advice = "the release itself is done; run the same command again once the remote takes pushes"
    return GitError(message, advice=advice)


def _prepare(task: _Task, target: Target, state: RemoteState) -> "_Attempt":
    """Make the tags that are missing, and find out where all of it goes."""
    repository = task.repository
    known = known_tags(repository, target.remote, state, task.references)
    places = find_places(repository, task.wanted, known)
    if places.taken:
        require_committer(repository)
        make_tags(repository, task.plan, places, known)
        # What the remote has comes first.
        known = {tag.reference: tag for tag in list_tags(repository.root)} | known
    branch = branch_for(repository, target, state)
    return _Attempt(task=task, target=target, state=state, known=known, places=places, branch=branch)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """One try to push, with what the remote had when it began; ``branch`` is the one there that gets the commit."""

    task: _Task
    target: Target
    state: RemoteState
    known: dict[str, Tag]
    places: Places
    branch: str | None

    @property
    def there(self) -> str | None:
        """The commit that this branch has there."""
        return None if self.branch is None else self.state.references.get(_HEADS + self.branch)


def _push_branch(attempt: _Attempt, done: Recorded) -> tuple[Recorded, str | None]:
    """Push branch and tags in one step; the reason when that was refused or can't be tried."""
    repository, target, branch = attempt.task.repository, attempt.target, attempt.branch
    if branch is None:
        return done, f"HEAD stands on no branch, and none of {target.remote} is known to hold it"
    head = _head(repository)
    base = base_for(repository, target, attempt.there, attempt.known)
    if base is None:
        reason = f"{branch} has moved on here and on {target.remote}: 'git pull' brings the two together"
        return done, reason
    try:
        made = commit_record(repository, base, attempt.known, attempt.places.taken, attempt.task.edit)
    except GitError as error:
        return done, error.message
    tags = _unpushed(attempt.state, made.entries.keys() | _untold(attempt))
    refspecs = [*([f"{made.commit}:{_HEADS}{branch}"] if made.commit != attempt.there else []), *tags]
    problem = git_remote.push(repository.root, target.remote, refspecs) if refspecs else None
    if problem is not None:
        return done, problem
    done = replace(done, pushed=(branch, *done.tags), readme_problem=made.readme_problem)
    if target.local is None:
        # A checkout of a commit stays at that commit.
        return replace(done, commit=made.commit if made.commit != base else None), None
    return _ended(repository, head, made, done), None


def _untold(attempt: _Attempt) -> Collection[str]:
    """The tags of releases that the remote's branch does not know, as after a run that was not to push."""
    if attempt.there is None:
        return ()
    tree = commit_tree(attempt.task.repository.root, attempt.there)
    return entries_for(tree, attempt.known, {}, attempt.task.repository.config.module_dir).keys()


def _ended(repository: Repository, head: str, made: RecordCommit, done: Recorded) -> Recorded:
    stayed = settle(repository, head, made)
    commit = made.commit if made.commit != made.base else None
    return replace(done, commit=commit, stayed=stayed, readme_problem=made.readme_problem)


def _has_moved(attempt: _Attempt, now: RemoteState) -> bool:
    """Whether somebody else has changed there what was to be pushed."""
    names = [_HEADS + (attempt.branch or ""), *attempt.places.taken]
    return any(attempt.state.references.get(name) != now.references.get(name) for name in names)


def _unpushed(state: RemoteState, references: Collection[str]) -> list[str]:
    return [f"{name}:{name}" for name in sorted(references) if name not in state.references]


def _head(repository: Repository) -> str:
    return git.head_commit(repository.root) or "HEAD"
