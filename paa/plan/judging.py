"""One package → its release, or why there is none. Pure: what it needs to know is asked of its arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.errors import FindingsError
from paa.model import Bump, Reason, Release
from paa.plan.commits import Commit, Request, combine
from paa.plan.notes import release_notes
from paa.plan.pep440 import is_prerelease
from paa.plan.question import Asked, Question, Verdict, blocked
from paa.plan.reasons import reasons_of
from paa.plan.records import Recorded
from paa.plan.standing import Made, Projects, have, made_already, stranger, taken_on
from paa.plan.targets import targets_of
from paa.plan.versions import next_version


def judge(question: Question) -> Verdict:
    """What becomes of the package: its release, the reason why it can't be released, or neither (unchanged)."""
    item, last = question.item, question.history.last
    try:
        if last is None or last.fingerprint != item.fingerprint or question.wish:
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
    if not unknown:
        return Verdict()
    projects = question.projects(unknown)
    if (index := _stranger(question, projects)) is not None:
        return _not_ours(question, index)
    if (index := taken_on(question.item, last.version, projects)) is not None:
        return _decide(replace(question, wish=(_conflict(last.version, index),)))
    there = have(last.version, projects)
    missing = tuple(name for name in unknown if name not in there)
    if not missing:
        return Verdict()
    text = f"{last.version} is released, and {', '.join(missing)} {'lacks' if len(missing) == 1 else 'lack'} it"
    present = {*(last.indexes or ()), *there} & question.config.indexes.keys()
    release = _release(question, last.version, Bump.NONE, (Reason(kind="missing", text=text),))
    floors: Mapping[str, str] = {
        canonicalize_name(question.distribution_of(name)): to for name, to in last.floors.items()
    }
    return Verdict(
        release=replace(release, targets=targets, present_on=tuple(sorted(present)), previous=None), floors=floors
    )


def _went_elsewhere(question: Question, last: Recorded, targets: Sequence[str]) -> bool:
    """Whether a pre-release was sent to other indexes altogether, as a tag can have it: it stays there."""
    meant = set(question.indexes) == set(question.config.publish_to)
    return meant and is_prerelease(last.version) and bool(last.indexes) and not {*(last.indexes or ())} & {*targets}


def _decide(question: Question) -> Verdict:
    item, history = question.item, question.history
    projects = question.projects(question.indexes)
    if (index := _stranger(question, projects)) is not None:
        return _not_ours(question, index)
    made = made_already(item, history, projects)
    if made is not None and made.taken_on is None and not _is_passed_over(question, made):
        return _unrecorded(question, made, projects)
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
        made = made_already(item, history, projects)
        if made is not None and made.taken_on is None and not _is_passed_over(question, made):
            return _unrecorded(question, made, projects)
        version, targets = _version(question, request, projects)
    released = _released(question, projects)
    bump = Bump.EXACT if request.exact else request.bump if released else Bump.FIRST
    release = _release(question, version, bump, reasons_of(item, history, asking, question.wish))
    notes = release_notes([each for _, each in asking], question.repository)
    return Verdict(
        release=replace(
            release,
            notes=notes or (() if released else ("First release",)),
            new_on_index=question.ask is not None and any(not projects[name].versions for name in targets),
            targets=targets,
        )
    )


def _version(question: Question, request: Request, projects: Projects) -> tuple[str, tuple[str, ...]]:
    """The version that comes next, and the indexes that it goes to."""
    version = next_version(
        _released(question, projects),
        request.bump,
        default=question.config.default_version,
        exact=request.exact,
        stage=question.stage,
    )
    return version, targets_of(question.config, question.indexes, version)


def _released(question: Question, projects: Projects) -> frozenset[str]:
    return question.history.versions.union(*(project.versions for project in projects.values()))


def asks(commit: Commit, request: Request) -> bool:
    """Whether a commit that changes nothing at all asks for a release: by a bump or version in brackets.

    Where it changes something, what it says is about that, be it a test, or something that was taken back later.
    """
    return request.asks and not commit.paths


def _unrecorded(question: Question, made: Made, projects: Projects) -> Verdict:
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
        _release(question, made.version, Bump.NONE, tuple(reasons)),
        notes=_notes_to_catch_up(question, made.version),
        targets=targets,
        present_on=tuple(sorted(there)),
    )
    return Verdict(release=release, floors=made.floors)


def _notes_to_catch_up(question: Question, version: str) -> tuple[str, ...]:
    """The notes of a release that nobody got to record: what its commits say, as the run that made it read them."""
    history = question.history
    commits = question.requests_since(history.last.commit if history.last else None) or ()
    asked = [requests[question.name] for _, requests in commits if question.name in requests]
    return release_notes(asked, question.repository) or (() if history.versions - {version} else ("First release",))


def _release(question: Question, version: str, bump: Bump, reasons: tuple[Reason, ...]) -> Release:
    last = question.history.last
    return Release(
        package=question.name,
        distribution=question.item.distribution,
        version=version,
        previous=last.version if last and last.version != version else None,
        bump=bump,
        fingerprint=question.item.fingerprint,
        reasons=reasons,
    )


def _stranger(question: Question, projects: Projects) -> str | None:
    return stranger(question.item, question.history, projects, question.config, question.repository)


def _not_ours(question: Question, index: str) -> Verdict:
    distribution = question.item.distribution
    message = f"{distribution} is on the index {index} already and was not released from this repository"
    advice = f"choose another name in __package_metadata__, or list {distribution!r} under adopt: in .paa.config"
    return blocked(question.name, message, path=question.item.package.module, advice=advice)


def _conflict(version: str, index: str) -> Reason:
    return Reason(kind="conflict", text=f"{version} on {index} was made from something else; nothing is overwritten")
