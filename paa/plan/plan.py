"""What has to be released, as which version, and why. Pure: everything it needs is asked of its arguments."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial

from paa.config.keys import InternalRequirements
from paa.model import Plan, Reason, Release, ScannedPackage
from paa.plan.commits import ownership, parse_commit
from paa.plan.floors import bound, outgrown
from paa.plan.judging import judge
from paa.plan.last import histories_for
from paa.plan.obstacles import broken, on_circle, unmet
from paa.plan.options import OFFLINE
from paa.plan.order import cycles, finished, in_order
from paa.plan.question import Asked, Verdict
from paa.plan.records import History
from paa.plan.requested import kept_to
from paa.plan.wishes import wishes
from paa.plan.work import PlanInput, Work


def make_plan(given: PlanInput, names: Collection[str] | None = None) -> Plan:
    """The plan for the packages in ``names`` (None: all) and for what they need that has changed too.

    A package that can't be released is in ``blocked`` and stops nothing but what needs it.
    """
    history = histories_for(given.history, given.scanned, given.config, given.indexes, given.commits_since)
    work = Work(
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
    return Plan(
        commit=given.commit,
        indexes=_indexes(given, releases.values()),
        builder=given.builder,
        releases=tuple(bound(releases[name], siblings, work.verdicts[name].floors) for name in order),
        unchanged=tuple(sorted(name for name, verdict in work.verdicts.items() if _is_unchanged(verdict))),
        blocked=tuple(item for name in sorted(work.verdicts) if (item := work.verdicts[name].blocked) is not None),
        provisional=OFFLINE if given.ask is None else work.doubts.text(),
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


def _judge_all(work: Work, wanted: Sequence[ScannedPackage]) -> dict[str, Verdict]:
    groups = cycles({item.package.name: item.siblings for item in work.given.scanned})
    loops = {name: members for members in groups for name in members}
    wished = wishes(work, wanted)
    verdicts = {}
    for item in wanted:
        name = item.package.name
        if item.errors:
            verdicts[name] = broken(item)
        elif name in loops:
            verdicts[name] = on_circle(item, loops[name], work.scanned)
        else:
            verdicts[name] = judge(work.question(item, wished.get(name, ())))
    return verdicts


def _follow_siblings(work: Work, wanted: Sequence[ScannedPackage]) -> None:
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
            work.verdicts[name] = judge(work.question(items[name], (Reason(kind="cascade", text=text),)))
            siblings = work.siblings


def _can_follow(verdict: Verdict, version: str) -> bool:
    return _is_unchanged(verdict) or (verdict.release is not None and verdict.release.version == version)


def _block_unmet(work: Work) -> None:
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


def _is_unchanged(verdict: Verdict) -> bool:
    return verdict.release is None and verdict.blocked is None
