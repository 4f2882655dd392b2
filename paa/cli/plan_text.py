"""A plan as text for a person at a terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from paa.cli import output

if TYPE_CHECKING:
    from paa.model import Plan, Release
    from paa.plan.shards import Shard


def show_nothing(indexes: Sequence[str], unchanged: Sequence[str], provisional: str | None) -> None:
    """What a plan without releases and without blocked packages says."""
    output.say(f"nothing to release to {', '.join(indexes)}")
    _show_unchanged(unchanged)
    _show_provisional(provisional)


def show_all(made: "Plan", shards: "Sequence[Shard]", since: Mapping[str, Any] | None, done: str | None) -> None:
    """The plan, its shards, and what the commits since another one say (a document). ``done`` is for a tag."""
    if done is not None:
        output.say(f"nothing to do: {done}")
        return
    show_plan(made)
    for each in shards:
        output.say(f"shard {each.number}: {' '.join(each.packages)}")
    if since is None:
        return
    output.say(f"since {since['commit'][:8]}, the commits ask for (the plan goes by what changed, not by this):")
    for item in since["packages"]:
        output.say(f"  {item['package']}: {item['version'] or item['bump']}")
        for each in item["commits"]:
            output.say(f"      {each['commit'][:8]} {each['subject']}")


def show_plan(made: "Plan") -> None:
    """The plan for a person: releases in order with their reasons, then what is blocked."""
    if not (made.releases or made.blocked):
        show_nothing(made.indexes, made.unchanged, made.provisional)
        return
    from paa.plan.summary import NEW_NAMES_A_DAY, new_names

    where = ", ".join(made.indexes)
    if made.releases:
        output.say(f"{len(made.releases)} to release to {where}, in this order:", style="green")
        for release in made.releases:
            _show_release(release, made)
    else:
        output.say(f"nothing to release to {where}")
    _show_unchanged(made.unchanged)
    for blocked in made.blocked:
        place = f"{blocked.path}:{blocked.line}" if blocked.line else blocked.path or ""
        output.say(f"blocked: {blocked.package}: {blocked.reason}" + (f" ({place})" if place else ""), style="red")
        if blocked.advice:
            output.say(f"  → {blocked.advice}")
    new = new_names(made)
    if len(new) > NEW_NAMES_A_DAY:
        output.warn(f"{len(new)} names are new: PyPI takes about {NEW_NAMES_A_DAY} new projects a day; run again later")
    _show_provisional(made.provisional)


def _show_unchanged(names: Sequence[str]) -> None:
    if names:
        output.say(f"unchanged: {_some(names)}")


def _show_provisional(reason: str | None) -> None:
    if reason:
        output.warn(f"this plan is provisional and can't be published: {reason}")


def _show_release(release: "Release", made: "Plan") -> None:
    before = f"{release.previous} → " if release.previous else ""
    new = ", new on the index" if release.new_on_index else ""
    output.say(f"  {release.distribution}  {before}{release.version}  ({_moved(release)}{new})")
    targets = release.missing_on or release.targets
    if targets and targets != made.indexes:
        output.say(f"      to {', '.join(targets)}")
    for reason in release.reasons:
        commit = f"{reason.commit[:8]} " if reason.commit else ""
        output.say(f"      because {commit}{reason.text}")
        if reason.path:
            output.say(f"              {reason.path}")
    for sibling, version in sorted(release.floors.items()):
        output.say(f"      needs {sibling} {version}")


def _moved(release: "Release") -> str:
    from paa.model import Bump

    return "as it is" if release.bump is Bump.NONE else release.bump.value


def _some(names: Sequence[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
