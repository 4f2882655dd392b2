"""One package → its release, or why there is none. Pure: what it needs to know is asked of its arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packaging.utils import canonicalize_name

from paa.errors import FindingsError
from paa.model import Bump, Reason
from paa.plan.commits import Request, combine
from paa.plan.completing import can_be_completed, incomplete, notes_to_catch_up, to_be_told, unrecorded
from paa.plan.last import has_arrived
from paa.plan.notes import release_notes
from paa.plan.pep440 import is_prerelease
from paa.plan.question import Asked, Question, Verdict, blocked, new_release
from paa.plan.reasons import reasons_of
from paa.plan.records import Recorded
from paa.plan.standing import Projects, have, made_already, stranger, taken_on
from paa.plan.targets import targets_of
from paa.plan.used_up import (
    passed_over,
    skipped_reasons,
    used_up,
    used_up_notes,
    used_up_on,
    used_up_reason,
    without_used_up,
)
from paa.plan.versions import next_version


def judge(question: Question) -> Verdict:
    """What becomes of the package: its release, the reason why it can't be released, or neither (unchanged)."""
    item, last = question.item, question.history.last
    try:
        is_asked = bool(question.wish) and not (last and last.partial and question.exact == last.version)
        if last is None or last.fingerprint != item.fingerprint or is_asked:
            return _decide(question)
        return _complete(question, last)
    except FindingsError as error:
        return blocked(question.name, error.message, path=item.package.module, advice=error.advice)


def _complete(question: Question, last: Recorded) -> Verdict:
    """The same version for the targets that are not known to have the last release, and lack it."""
    targets = targets_of(question.config, question.indexes, last.version)
    if _went_elsewhere(question, last, targets):
        return Verdict()
    unknown = () if last.indexes is None else tuple(name for name in targets if name not in last.indexes)
    if last.indexes is None:
        # A record that names no index is of everything that there was to publish to.
        required = targets_of(question.config, question.config.publish_to, last.version)
        unknown = tuple(name for name in targets if name not in required)
    if not unknown and not has_arrived(last, question.config):
        return Verdict()
    projects = question.projects(unknown)
    if (index := _stranger(question, projects)) is not None:
        return _not_ours(question, index)
    if (reason := _obstacle(question, last.version, projects)) is not None:
        return _decide(replace(question, wish=(reason,)))
    there = have(last.version, projects)
    missing = tuple(name for name in unknown if name not in there)
    if not missing and not last.partial:
        return Verdict()
    present = {*(last.indexes or ()), *there} & question.config.indexes.keys()
    release = new_release(question, last.version, Bump.NONE, (incomplete(last, missing),))
    if last.partial:
        release = replace(release, notes=notes_to_catch_up(question, last.version, (*targets, *present)))
    floors: Mapping[str, str] = {
        canonicalize_name(question.distribution_of(name)): to for name, to in last.floors.items()
    }
    return Verdict(
        release=replace(release, targets=targets, present_on=tuple(sorted(present)), previous=None), floors=floors
    )


def _obstacle(question: Question, version: str, projects: Projects) -> Reason | None:
    """Why ``version`` can't be brought to the indexes in ``projects``, all of which lack it or have something else."""
    if (index := taken_on(question.item, version, projects)) is not None:
        return _conflict(version, index)
    gone = used_up_on(used_up(question.history, projects), version, projects)
    return used_up_reason(version, gone) if gone else None


def _went_elsewhere(question: Question, last: Recorded, targets: Sequence[str]) -> bool:
    """Whether a pre-release was sent to other indexes altogether, as a tag can have it: it stays there."""
    meant = set(question.indexes) == set(question.config.publish_to)
    return meant and is_prerelease(last.version) and bool(last.indexes) and not {*(last.indexes or ())} & {*targets}


def _decide(question: Question) -> Verdict:
    item, history = question.item, question.history
    projects = question.projects(question.indexes)
    if (index := _stranger(question, projects)) is not None:
        return _not_ours(question, index)
    made = made_already(item, history, projects, question.repository)
    if made is not None and can_be_completed(question, made, projects):
        return unrecorded(question, made, projects)
    last = history.last
    since = last.commit if last else None
    asked = question.requests_since(since)
    if asked is None and last is not None and last.fingerprint is None:
        asked = question.requests_since(None)
    if asked is None:
        message = f"HEAD does not descend from {(since or '')[:12]}, the commit of the last release"
        advice = "release from the newest commit; where history was rewritten, --allow-rewound"
        return blocked(question.name, message, advice=advice)
    if made is not None and made.taken_on is not None:
        question = replace(question, wish=(*question.wish, _conflict(made.version, made.taken_on)))
    return _next(question, asked, projects)


def _next(question: Question, asked: Sequence[Asked], projects: Projects) -> Verdict:
    """The version after all that there is, as far as the commits in ``asked`` ask for."""
    item, history = question.item, question.history
    asking = [(commit, requests[question.name]) for commit, requests in asked if question.name in requests]
    if question.wish and history.last is not None and history.last.fingerprint == item.fingerprint:
        # What was changed and taken back is nothing to tell; what was asked for is.
        wished = {reason.commit for reason in question.wish}
        asking = [(commit, request) for commit, request in asking if commit.sha in wished]
    request = combine([request for _, request in asking])
    if question.exact is not None:
        request = replace(request, bump=Bump.EXACT, exact=question.exact, also_asked=())
    version, targets = _version(question, request, projects)
    if new := [name for name in targets if name not in projects]:
        # A pre-release goes to indexes that were not asked yet: it may be there, or take another number.
        projects = {**projects, **question.projects(new)}
        if (index := _stranger(question, projects)) is not None:
            return _not_ours(question, index)
        made = made_already(item, history, projects, question.repository)
        if made is not None and can_be_completed(question, made, projects):
            return unrecorded(question, made, projects)
        version, targets = _version(question, request, projects)
    released = _released(question, projects)
    bump = Bump.EXACT if request.exact == version else request.bump if released else Bump.FIRST
    skipped = skipped_reasons(used_up(history, projects), version, _known(question, projects))
    wish = (*question.wish, *skipped)
    release = new_release(question, version, bump, reasons_of(item, history, asking, wish))
    notes = release_notes(to_be_told(question, targets, [each for _, each in asking]), question.repository)
    notes = (*notes, *used_up_notes(version, wish))
    return Verdict(
        release=replace(
            release,
            notes=notes or (() if released else ("First release",)),
            new_on_index=question.ask is not None
            and any(not projects[name].versions for name in targets if name not in question.doubts.errors),
            targets=targets,
        )
    )


def _version(question: Question, request: Request, projects: Projects) -> tuple[str, tuple[str, ...]]:
    """The version that comes next, and the indexes that it goes to. Raises FindingsError for a tag's that can't be."""
    found = used_up(question.history, projects)
    version = next_version(
        _known(question, projects),
        request.bump,
        default=question.config.default_version,
        exact=request.exact,
        stage=question.stage,
    )
    if question.exact is None:
        version = passed_over(version, _released(question, projects), found, question.stage)
    targets = targets_of(question.config, question.indexes, version)
    if gone := used_up_on(found, version, targets):
        message = f"{version} is asked for by a tag, and its name is used up on {', '.join(gone)}"
        raise FindingsError(message, advice="tag the version after it")
    return version, targets


def _known(question: Question, projects: Projects) -> frozenset[str]:
    """The versions from which the next one is counted."""
    return without_used_up(_released(question, projects), question.history, used_up(question.history, projects))


def _released(question: Question, projects: Projects) -> frozenset[str]:
    return question.history.versions.union(*(project.versions for project in projects.values()))


def _stranger(question: Question, projects: Projects) -> str | None:
    return stranger(question.item, question.history, projects, question.config, question.repository)


def _not_ours(question: Question, index: str) -> Verdict:
    distribution = question.item.distribution
    message = f"{distribution} is on the index {index} already and was not released from this repository"
    advice = f"choose another name in __package_metadata__, or list {distribution!r} under adopt: in .paa.config"
    return blocked(question.name, message, path=question.item.package.module, advice=advice)


def _conflict(version: str, index: str) -> Reason:
    return Reason(kind="conflict", text=f"{version} on {index} was made from something else; nothing is overwritten")
