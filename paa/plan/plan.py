"""What has to be released, as which version, and why. Pure: everything it needs is asked of its arguments."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from packaging.utils import canonicalize_name

from paa.config import Config
from paa.errors import FindingsError, IndexReadError
from paa.model import Blocked, Bump, Plan, Reason, Release, ScannedPackage
from paa.plan.commits import Commit, Request, combine, ownership, parse_commit
from paa.plan.floors import Siblings, bound
from paa.plan.notes import release_notes
from paa.plan.order import cycles, in_order
from paa.plan.published import Ask, PublishedProject
from paa.plan.records import History, Recorded
from paa.plan.versions import is_prerelease, next_version

_REASONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """What a plan is made from.

    ``commits_since`` gives the commits after a commit (None: all), newest first, or None when that commit is not an
    ancestor of HEAD. ``ask`` tells what the target indexes have; None plans offline. ``repository`` is the https
    address of the sources.
    """

    scanned: Sequence[ScannedPackage]
    history: Mapping[str, History]
    config: Config
    commit: str | None
    indexes: tuple[str, ...]
    builder: str
    repository: str | None
    commits_since: Callable[[str | None], Sequence[Commit] | None]
    ask: Ask | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What became of one package, before order and floors are known."""

    release: Release | None = None
    blocked: Blocked | None = None
    known_floors: Mapping[str, str] | None = None


# A commit with what it asks for, by package.
_Asked = tuple[Commit, Mapping[str, Request]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What is found out once for all packages; ``doubts`` collects what makes the plan provisional."""

    loops: Mapping[str, str]
    requests_since: Callable[[str | None], Sequence[_Asked] | None]
    doubts: list[str]


def make_plan(given: PlanInput, names: Collection[str] | None = None) -> Plan:
    """The plan for the packages in ``names`` (None: all) and for what they need that has changed too.

    A package that can't be released is in ``blocked`` and stops nothing but what needs it.
    """
    chosen = _with_needed(given.scanned, names)
    wanted = [item for item in given.scanned if item.metadata is None or item.metadata.publish]
    wanted = [item for item in wanted if item.package.name in chosen]
    doubts: list[str] = [] if given.ask is not None else ["planned offline: the index was not asked"]
    shared = _Shared(
        loops=cycles({item.package.name: item.siblings for item in given.scanned}),
        requests_since=cache(partial(_requests_since, given)),
        doubts=doubts,
    )
    verdicts = {item.package.name: _judge(given, item, shared) for item in wanted}
    verdicts = _without_unmet(given, verdicts)
    releases = {name: verdict.release for name, verdict in verdicts.items() if verdict.release is not None}
    needs = {item.package.name: item.siblings for item in wanted if item.package.name in releases}
    scanned = {item.package.name: item for item in given.scanned}
    siblings = Siblings(scanned=scanned, planned=releases, history=given.history)
    return Plan(
        commit=given.commit,
        indexes=given.indexes,
        builder=given.builder,
        releases=tuple(bound(releases[name], siblings, verdicts[name].known_floors) for name in in_order(needs)),
        unchanged=tuple(
            sorted(name for name, verdict in verdicts.items() if not verdict.release and not verdict.blocked)
        ),
        blocked=tuple(blocked for name in sorted(verdicts) if (blocked := verdicts[name].blocked) is not None),
        provisional="; ".join(dict.fromkeys(doubts)) or None,
    )


def _with_needed(scanned: Sequence[ScannedPackage], names: Collection[str] | None) -> set[str]:
    siblings = {item.package.name: item.siblings for item in scanned}
    waiting, chosen = list(siblings if names is None else names), set()
    while waiting:
        name = waiting.pop()
        if name not in chosen:
            chosen.add(name)
            waiting += siblings.get(name, ())
    return chosen


def _requests_since(given: PlanInput, since: str | None) -> Sequence[_Asked] | None:
    """Each commit is read once, however many packages it touches."""
    commits = given.commits_since(since)
    if commits is None:
        return None
    owners = ownership({item.package.name: tuple(item.contents) for item in given.scanned})
    use_messages = given.config.use_commit_messages
    return tuple((commit, parse_commit(commit, owners, use_messages=use_messages)) for commit in commits)


def _judge(given: PlanInput, item: ScannedPackage, shared: _Shared) -> _Verdict:
    name = item.package.name
    if item.errors:
        first = item.errors[0]
        place = first.location
        more = f" (and {len(item.errors) - 1} more)" if len(item.errors) > 1 else ""
        return _blocked(
            name, first.message + more, place.path if place else None, place.line if place else None, first.advice
        )
    if name in shared.loops:
        return _blocked(name, f"packages need each other in a circle: {shared.loops[name]}", item.package.module)
    history = given.history.get(name, History())
    last = history.last
    if last is not None and last.fingerprint == item.fingerprint:
        return _Verdict()
    try:
        project = given.ask(item.distribution) if given.ask is not None else PublishedProject()
    except IndexReadError as error:
        shared.doubts.append(error.message)
        project = PublishedProject()
    try:
        return _decide(given, item, shared, history, project)
    except FindingsError as error:
        return _blocked(name, error.message, item.package.module, advice=error.advice)


def _decide(
    given: PlanInput, item: ScannedPackage, shared: _Shared, history: History, project: PublishedProject
) -> _Verdict:
    name, manifest = item.package.name, project.manifest
    if manifest is not None and (manifest.package, manifest.fingerprint) == (name, item.fingerprint):
        # A version on the index that carries the planned fingerprint is that release: completed, never re-versioned.
        reason = Reason(kind="unrecorded", text=f"{manifest.version} is on the index, but not recorded here")
        release = _release(item, manifest.version, history, Bump.NONE, (reason,))
        return _Verdict(release=release, known_floors=project.floors)
    if project.versions and not _is_ours(given, item, history, project):
        message = f"{item.distribution} is on the index already and was not released from this repository"
        advice = (
            f"choose another name in __package_metadata__, or list {item.distribution!r} under adopt: in .paa.config"
        )
        return _blocked(name, message, item.package.module, advice=advice)
    last = history.last
    asked = shared.requests_since(last.commit if last else None)
    if asked is None:
        message = f"HEAD does not descend from {_short(last)}, the commit of the last release"
        advice = "release from the newest commit; where history was rewritten, --allow-rewound"
        return _blocked(name, message, advice=advice)
    asking = [(commit, requests[name]) for commit, requests in asked if name in requests]
    requests = [request for _, request in asking]
    request = combine(requests)
    released = project.versions | history.versions
    version = next_version(released, request.bump, default=given.config.default_version, exact=request.exact)
    if (elsewhere := _meant_for(given, version)) is not None:
        message = f"{version} is a pre-release, which goes to {', '.join(elsewhere)} (prereleases_to)"
        return _blocked(name, message, advice=f"paa release {name} --index {elsewhere[0]}")
    bump = Bump.EXACT if request.exact else request.bump if released else Bump.FIRST
    release = _release(item, version, history, bump, _reasons(item, last, [commit for commit, _ in asking]))
    notes = release_notes(requests, given.repository) or (("First release",) if not released else ())
    return _Verdict(release=replace(release, notes=notes, new_on_index=given.ask is not None and not project.versions))


def _meant_for(given: PlanInput, version: str) -> tuple[str, ...] | None:
    """The indexes that a pre-release has to go to instead of those of the plan; None where the plan's are right."""
    meant = given.config.prereleases_to
    if meant == given.config.publish_to or not is_prerelease(version):
        return None
    return meant if set(given.indexes) - set(meant) else None


def _is_ours(given: PlanInput, item: ScannedPackage, history: History, project: PublishedProject) -> bool:
    manifest = project.manifest
    if manifest is not None and manifest.repository is not None and manifest.repository == given.repository:
        return True
    return bool(history.versions & project.versions) or canonicalize_name(item.distribution) in given.config.adopt


def _release(item: ScannedPackage, version: str, history: History, bump: Bump, reasons: tuple[Reason, ...]) -> Release:
    return Release(
        package=item.package.name,
        distribution=item.distribution,
        version=version,
        previous=history.last.version if history.last and history.last.version != version else None,
        bump=bump,
        fingerprint=item.fingerprint,
        reasons=reasons,
    )


def _reasons(item: ScannedPackage, last: Recorded | None, commits: Sequence[Commit]) -> tuple[Reason, ...]:
    if last is None:
        return (Reason(kind="new", text="never released", path=item.package.module),)
    reasons = []
    for commit in commits[:_REASONS]:
        path = next((path for path in commit.paths if path in item.contents), None)
        reasons.append(Reason(kind="commit", text=commit.subject, commit=commit.sha, path=path))
    if not reasons:
        text = f"its requirements, settings or files are not those of {last.version}"
        return (Reason(kind="changed", text=text, path=item.package.module),)
    return tuple(reasons)


def _without_unmet(given: PlanInput, verdicts: Mapping[str, _Verdict]) -> dict[str, _Verdict]:
    """Block what needs a package that neither has been released nor will be, until nothing changes any more."""
    siblings = {item.package.name: item.siblings for item in given.scanned}
    judged = dict(verdicts)
    while True:
        unmet = [
            (name, sibling)
            for name, verdict in judged.items()
            if verdict.release is not None
            for sibling in siblings[name]
            if not _is_available(given, judged, sibling)
        ]
        if not unmet:
            return judged
        for name, sibling in unmet:
            judged[name] = _blocked(name, f"it needs {sibling}, which can't be released")


def _is_available(given: PlanInput, judged: Mapping[str, _Verdict], package: str) -> bool:
    verdict = judged.get(package)
    return bool(verdict and verdict.release) or given.history.get(package, History()).last is not None


def _blocked(
    package: str, reason: str, path: str | None = None, line: int | None = None, advice: str | None = None
) -> _Verdict:
    return _Verdict(blocked=Blocked(package=package, reason=reason, path=path, line=line, advice=advice))


def _short(last: Recorded | None) -> str:
    return (last.commit or "")[:12] if last else ""
