"""What has to be released, as which version, and why. Pure: everything it needs is asked of its arguments."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from paa.config import Config
from paa.config.keys import InternalRequirements
from paa.errors import FindingsError
from paa.model import Plan, Reason, Release, ScannedPackage
from paa.plan.commits import Commit, ownership, parse_commit
from paa.plan.completing import asks
from paa.plan.floors import Siblings, bound, outgrown
from paa.plan.judging import judge
from paa.plan.last import histories_for
from paa.plan.obstacles import broken, on_circle, unmet
from paa.plan.options import OFFLINE
from paa.plan.order import cycles, finished, in_order
from paa.plan.prereleases import Stage
from paa.plan.published import Ask
from paa.plan.question import Asked, Question, Verdict
from paa.plan.records import History
from paa.plan.requested import TagRequest, kept_to


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """What a plan is made from.

    ``commits_since`` gives the commits after a commit (None: all), newest first, or None when that commit is not an
    ancestor of HEAD. ``asked_for`` gives, for unchanged packages (name → commit of the last release), the commits that
    may ask for them. ``ask`` tells what an index has; None plans offline. ``repository`` is the https address of
    the sources. ``stage`` makes pre-releases; ``again`` names the packages to release though they are unchanged.
    ``request`` is a tag that asks for one package: nothing else is released as a new version then.
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
    asked_for: Callable[[Mapping[str, str]], Mapping[str, Collection[str]]] = lambda _: {}
    stage: Stage | None = None
    again: frozenset[str] = frozenset()
    request: TagRequest | None = None


@dataclass(slots=True, kw_only=True)
class _Work:
    """The plan in the making; ``doubts`` collects what makes it provisional."""

    given: PlanInput
    scanned: Mapping[str, ScannedPackage]
    requests_since: Callable[[str | None], Sequence[Asked] | None]
    doubts: list[str] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def releases(self) -> dict[str, Release]:
        """What is to be released so far."""
        return {name: verdict.release for name, verdict in self.verdicts.items() if verdict.release is not None}

    @property
    def siblings(self) -> Siblings:
        """What packages that need one another have to know of each other."""
        given = self.given
        return Siblings(
            scanned=self.scanned,
            planned=self.releases,
            history=given.history,
            config=given.config,
            indexes=given.indexes,
        )


def make_plan(given: PlanInput, names: Collection[str] | None = None) -> Plan:
    """The plan for the packages in ``names`` (None: all) and for what they need that has changed too.

    A package that can't be released is in ``blocked`` and stops nothing but what needs it.
    """
    history = histories_for(given.history, given.scanned, given.config, given.indexes, given.commits_since)
    work = _Work(
        given=replace(given, history=history),
        scanned={item.package.name: item for item in given.scanned},
        requests_since=cache(partial(_requests_since, given)),
    )
    chosen = _with_needed(given.scanned, names)
    wanted = [item for item in given.scanned if item.metadata is None or item.metadata.publish]
    wanted = [item for item in wanted if item.package.name in chosen]
    work.verdicts = _judge_all(work, wanted)
    if given.request is None:
        _follow_siblings(work, wanted)
    else:
        work.verdicts = kept_to(given.request, work.verdicts, work.scanned[given.request.package])
    _block_unmet(work)
    releases, siblings = work.releases, work.siblings
    order = in_order({name: work.scanned[name].siblings for name in releases})
    doubts = [OFFLINE] if given.ask is None else work.doubts
    return Plan(
        commit=given.commit,
        indexes=_indexes(given, releases.values()),
        builder=given.builder,
        releases=tuple(bound(releases[name], siblings, work.verdicts[name].floors) for name in order),
        unchanged=tuple(sorted(name for name, verdict in work.verdicts.items() if _is_unchanged(verdict))),
        blocked=tuple(item for name in sorted(work.verdicts) if (item := work.verdicts[name].blocked) is not None),
        provisional="; ".join(dict.fromkeys(doubts)) or None,
    )


def _indexes(given: PlanInput, releases: Iterable[Release]) -> tuple[str, ...]:
    """The indexes that were meant, and those that pre-releases go to instead."""
    return tuple(dict.fromkeys([*given.indexes, *(name for release in releases for name in release.targets)]))


def _with_needed(scanned: Sequence[ScannedPackage], names: Collection[str] | None) -> set[str]:
    siblings = {item.package.name: item.siblings for item in scanned}
    waiting, chosen = list(siblings if names is None else names), set()
    while waiting:
        name = waiting.pop()
        if name not in chosen:
            chosen.add(name)
            waiting += siblings.get(name, ())
    return chosen


def _requests_since(given: PlanInput, since: str | None) -> Sequence[Asked] | None:
    """Each commit is read once, however many packages it touches."""
    commits = given.commits_since(since)
    if commits is None:
        return None
    owners = ownership({item.package.name: tuple(item.contents) for item in given.scanned})
    use_messages = given.config.use_commit_messages
    return tuple((commit, parse_commit(commit, owners, use_messages=use_messages)) for commit in commits)


def _judge_all(work: _Work, wanted: Sequence[ScannedPackage]) -> dict[str, Verdict]:
    groups = cycles({item.package.name: item.siblings for item in work.given.scanned})
    loops = {name: members for members in groups for name in members}
    wishes = _wishes(work, wanted)
    verdicts = {}
    for item in wanted:
        name = item.package.name
        if item.errors:
            verdicts[name] = broken(item)
        elif name in loops:
            verdicts[name] = on_circle(item, loops[name], work.scanned)
        else:
            verdicts[name] = judge(_question(work, item, wishes.get(name, ())))
    return verdicts


def _question(work: _Work, item: ScannedPackage, wish: tuple[Reason, ...]) -> Question:
    given = work.given
    asked = given.request if given.request and given.request.package == item.package.name else None
    if asked is not None:
        wish = (*wish, Reason(kind="asked", text=f"the tag {asked.tag} asks for {asked.version}"))
    return Question(
        item=item,
        history=given.history.get(item.package.name, History()),
        config=given.config,
        indexes=given.indexes,
        stage=given.stage,
        repository=given.repository,
        ask=given.ask,
        requests_since=work.requests_since,
        doubts=work.doubts,
        distribution_of=lambda name: work.scanned[name].distribution if name in work.scanned else name,
        wish=wish,
        exact=asked.version if asked else None,
    )


def _wishes(work: _Work, wanted: Sequence[ScannedPackage]) -> dict[str, tuple[Reason, ...]]:
    """Why packages that have not changed are to be released all the same."""
    given, unchanged = work.given, {}
    for item in wanted:
        last = given.history.get(item.package.name, History()).last
        if last is not None and last.fingerprint == item.fingerprint and not item.errors:
            unchanged[item.package.name] = last.commit or ""
    wishes: dict[str, tuple[Reason, ...]] = {
        name: (Reason(kind="asked", text="asked for with --all"),) for name in unchanged.keys() & given.again
    }
    if not given.config.use_commit_messages or not unchanged:
        return wishes
    for name, those in sorted(given.asked_for(unchanged).items()):
        if reasons := _asked_by_commits(work, name, unchanged[name], those):
            wishes[name] = (*wishes.get(name, ()), *reasons)
    return wishes


def _asked_by_commits(work: _Work, name: str, since: str, those: Collection[str]) -> tuple[Reason, ...]:
    """What only a history can tell is left alone where it can't be read: the package is unchanged."""
    try:
        asked = work.requests_since(since or None)
    except FindingsError:
        return ()
    return tuple(
        Reason(kind="asked", text=commit.subject, commit=commit.sha)
        for commit, requests in asked or ()
        if name in requests and commit.sha in those and asks(commit, requests[name])
    )


def _follow_siblings(work: _Work, wanted: Sequence[ScannedPackage]) -> None:
    """Release what is unchanged, but does not allow the new version of a sibling: by a patch, and in order."""
    if work.given.config.internal_requirements is InternalRequirements.FLOOR:
        return
    siblings = work.siblings
    items = {item.package.name: item for item in wanted}
    for name in finished({name: item.siblings for name, item in items.items()}):
        last = work.given.history.get(name, History()).last
        if (
            last is None
            or last.fingerprint != items[name].fingerprint
            or not _can_follow(work.verdicts[name], last.version)
        ):
            continue
        if (found := outgrown(items[name], last, siblings)) is not None:
            sibling, version = found
            text = f"it has to allow {sibling} {version}: the last release was built against {last.floors[sibling]}"
            work.verdicts[name] = judge(_question(work, items[name], (Reason(kind="cascade", text=text),)))
            siblings = work.siblings


def _can_follow(verdict: Verdict, version: str) -> bool:
    return _is_unchanged(verdict) or (verdict.release is not None and verdict.release.version == version)


def _is_unchanged(verdict: Verdict) -> bool:
    return verdict.release is None and verdict.blocked is None


def _block_unmet(work: _Work) -> None:
    """Block what needs a package that neither has been released nor will be, until nothing changes any more."""
    while True:
        siblings = work.siblings
        waiting = [
            (name, sibling)
            for name, release in work.releases.items()
            for sibling in work.scanned[name].siblings
            if siblings.version_for(sibling, release.targets) is None
        ]
        if not waiting:
            return
        for name, sibling in waiting:
            work.verdicts[name] = unmet(name, sibling, siblings.planned)
