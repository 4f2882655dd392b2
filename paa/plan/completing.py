"""A version that is on an index already and not recorded, or not everywhere: it is completed, never made anew. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from packaging.version import Version

from paa.errors import FindingsError
from paa.model import Bump, Reason
from paa.plan.commits import Commit, Request
from paa.plan.last import told_last
from paa.plan.notes import release_notes
from paa.plan.question import Question, Verdict, new_release
from paa.plan.records import Recorded
from paa.plan.standing import Made, Projects, have
from paa.plan.targets import targets_of
from paa.plan.used_up import used_up, used_up_on


def can_be_completed(question: Question, made: Made, projects: Projects) -> bool:
    """Whether that version can be brought to all indexes, and nobody asks for another one."""
    targets = targets_of(question.config, question.indexes, made.version)
    gone = used_up_on(used_up(question.history, projects), made.version, targets)
    return made.taken_on is None and not gone and not _is_passed_over(question, made)


def _is_passed_over(question: Question, made: Made) -> bool:
    """Whether a tag, or an empty commit, asks for another one: the way on where an index takes that one no more."""
    if question.exact is not None:
        return Version(question.exact) != Version(made.version)
    last = question.history.last
    try:
        asked = question.requests_since(last.commit if last else None) or ()
    except FindingsError:
        return False
    wanted = [
        requests[question.name].exact
        for commit, requests in asked
        if question.name in requests and asks(commit, requests[question.name])
    ]
    return any(version is not None and Version(version) > Version(made.version) for version in wanted)


def asks(commit: Commit, request: Request) -> bool:
    """Whether a commit that changes nothing at all asks for a release: by a bump or version in brackets.

    Where it changes something, what it says is about that, be it a test, or something that was taken back later.
    """
    return request.asks and not commit.paths


def unrecorded(question: Question, made: Made, projects: Projects) -> Verdict:
    """A version on the index that carries the planned fingerprint is that release: completed, never re-versioned."""
    targets = targets_of(question.config, question.indexes, made.version)
    there = have(made.version, projects)
    lacking = tuple(name for name in targets if name not in there)
    where = ", ".join(there)
    reasons = [Reason(kind="unrecorded", text=f"{made.version} is on {where}, but not recorded here")]
    if lacking:
        reasons.append(
            Reason(kind="missing", text=f"{', '.join(lacking)} {'lacks' if len(lacking) == 1 else 'lack'} it")
        )
    release = replace(
        new_release(question, made.version, Bump.NONE, tuple(reasons)),
        notes=notes_to_catch_up(question, made.version, (*targets, *there)),
        targets=targets,
        present_on=tuple(sorted(there)),
    )
    return Verdict(release=release, floors=made.floors)


def incomplete(last: Recorded, missing: Sequence[str]) -> Reason:
    """Why the last release has to be looked at again: what lacks it, or that all have it and nothing says so."""
    if missing:
        lacks = f"{', '.join(missing)} {'lacks' if len(missing) == 1 else 'lack'} it"
        return Reason(kind="missing", text=f"{last.version} is released, and {lacks}")
    return Reason(kind="unrecorded", text=f"{last.version} has got where it was to go, and that is not recorded here")


def notes_to_catch_up(question: Question, version: str, targets: Sequence[str]) -> tuple[str, ...]:
    """The notes of a release that nobody got to record: what its commits say, as the run that made it read them.

    ``targets`` are all indexes that have it then.
    """
    history = question.history
    commits = question.requests_since(history.last.commit if history.last else None) or ()
    asked = [requests[question.name] for _, requests in commits if question.name in requests]
    asked = [*to_be_told(question, targets, asked)]
    return release_notes(asked, question.repository) or (() if history.versions - {version} else ("First release",))


def to_be_told(question: Question, targets: Sequence[str], asking: Sequence[Request]) -> Sequence[Request]:
    """What the notes are made from: ``asking`` (since the last release), or all since what ``targets`` had last."""
    last, told = question.history.last, told_last(question.history, question.config, targets)
    if last is None or told == last:
        return asking
    commits = question.requests_since(told.commit if told else None)
    if commits is None:
        return asking
    return [requests[question.name] for _, requests in commits if question.name in requests]
