"""What is recorded beside tags: releases that went to chosen indexes, and versions that are used up on one.

Each is an annotated tag object with a reference of its own, one for each index, so that none is ever overwritten. The
remote comes first, and this clone last: what could not be pushed is found out again by the next run, from the index.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from paa.edges import git, git_remote
from paa.edges.git_commit import name_object, store_tag_object
from paa.edges.git_tags import BESIDE, BURNT_REFERENCES, PUBLISHED_REFERENCES, list_tags
from paa.errors import GitError
from paa.model import BuiltRelease, Burnt, Plan
from paa.plan.tags import burnt_message, tag_message
from paa.record.branches import find_target
from paa.record.places import records
from paa.scan.repository import Repository

_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a run found out that no tag can say yet.

    ``published`` maps packages to the chosen indexes that serve what was built; ``burnt`` are versions used up.
    """

    published: Mapping[str, Sequence[str]] = field(default_factory=dict)
    burnt: Sequence[Burnt] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One tag object that is to be there: its reference and message, and the release that it is of, if it is of one."""

    reference: str
    message: str
    built: BuiltRelease | None = None


def notes_of(plan: Plan, releases: Iterable[BuiltRelease], beside: Beside) -> tuple[Note, ...]:
    """The notes that ``beside`` comes to, sorted by reference; ``releases`` are those that were built."""
    built = {item.release.package: item for item in releases}
    notes = [
        _published(plan, built[package], index)
        for package, indexes in beside.published.items()
        if package in built
        for index in indexes
    ]
    notes += [
        Note(reference=f"{BURNT_REFERENCES}/{item.package}/{item.version}/{item.index}", message=burnt_message(item))
        for item in beside.burnt
    ]
    return tuple(sorted(notes, key=lambda note: note.reference))


def _published(plan: Plan, built: BuiltRelease, index: str) -> Note:
    release = replace(built.release, targets=(index,), present_on=())
    return Note(
        reference=f"{PUBLISHED_REFERENCES}/{release.package}/{release.version}/{index}",
        message=tag_message(release, built.files, plan.builder),
        built=built,
    )


def record_beside(repository: Repository, plan: Plan, notes: Sequence[Note], *, push: bool) -> tuple[str, ...]:
    """Make the notes that are not there yet, on the remote and here; return the references of all that are there then.

    One that is there and records something else stays, and is not among them. Raises GitError when they can't be
    pushed: nothing was kept here then, so that the next run finds out again.
    """
    if not notes:
        return ()
    target = find_target(repository) if push else None
    if target is not None:
        _push(repository, plan, notes, target.remote)
    known = {tag.reference: tag for tag in list_tags(repository.root, BESIDE)}
    for note in notes:
        if note.reference not in known:
            name_object(repository.root, note.reference, _stored(repository, plan, note))
    known = {tag.reference: tag for tag in list_tags(repository.root, BESIDE)}
    return tuple(note.reference for note in notes if note.built is None or records(known[note.reference], note.built))


def _push(repository: Repository, plan: Plan, notes: Sequence[Note], remote: str) -> None:
    """Have the remote have all, and fetch what it had before; anew where somebody else has pushed meanwhile."""
    root = repository.root
    there, problem = git_remote.look_at(root, remote).references, None
    for _ in range(_TRIES):
        here = {tag.reference for tag in list_tags(root, BESIDE)}
        wanted = {note.reference: note for note in notes}
        git_remote.fetch(root, remote, [f"{name}:{name}" for name in wanted if name in there and name not in here])
        # What a run that was not to push has left here comes along.
        refspecs = [f"{name}:{name}" for name in sorted(here) if name not in there]
        new = [note for name, note in wanted.items() if name not in there and name not in here]
        refspecs += [f"{_stored(repository, plan, note)}:{note.reference}" for note in new]
        problem = git_remote.push(root, remote, refspecs) if refspecs else None
        if problem is None:
            return
        before, there = there, git_remote.look_at(root, remote).references
        if there == before:
            break
    message = f"what was found out could not be pushed: {problem}"
    raise GitError(message, advice="run the same command again once the remote takes pushes to refs/paa")


def _stored(repository: Repository, plan: Plan, note: Note) -> str:
    commit = plan.commit or git.head_commit(repository.root) or ""
    return store_tag_object(repository.root, note.reference, commit, note.message)
