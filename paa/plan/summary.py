"""A plan as Markdown for the page of a CI job. Nothing from commits, paths or names can do anything there."""

from collections.abc import Iterable

from paa.documents.markdown import cell, code
from paa.model import Blocked, Bump, IndexKind, Plan, Reason, Release
from paa.plan.links import commit_link

# About as many new projects PyPI takes a day from one user or address.
NEW_NAMES_A_DAY = 4
# GitHub takes 1 MiB from a step, and other commands may write there too: bytes for what is released, and for the rest.
_MOST_BYTES = 300_000
_SHORT_SHA = 8
# Reasons in words of our own; all others are somebody's.
_OWN_WORDS = frozenset({"new", "changed", "unrecorded", "missing", "cascade", "conflict", "taken-over"})


def plan_markdown(plan: Plan, repository: str | None, *, preview: bool, done: str | None = None) -> str:
    """The plan with its reasons. ``repository`` is the web address of the sources, None where it is not known.

    A ``preview`` is for a change that is not merged yet. ``done`` says why a tag has nothing left to ask for.
    """
    parts = [
        "## What merging this releases\n" if preview else "## Plan\n",
        *_releases(plan, repository, preview=preview, done=done),
    ]
    if plan.blocked:
        items = _bounded((_blocked(item) for item in plan.blocked), len(plan.blocked), "packages")
        parts.append(f"### Blocked\n\n{items}")
    if plan.unchanged:
        parts.append(f"Unchanged: {len(plan.unchanged)}\n")
    if new := new_names(plan):
        some = cell(", ".join(release.distribution for release in new))
        quota = f" PyPI takes about {NEW_NAMES_A_DAY} new projects a day: run it again later for the rest."
        parts.append(f"New on PyPI: {some}.{quota if len(new) > NEW_NAMES_A_DAY else ''}\n")
    if plan.provisional:
        parts.append(f"This plan is provisional and can't be published: {code(plan.provisional)}\n")
    return "\n".join(parts) + "\n"


def new_names(plan: Plan) -> tuple[Release, ...]:
    """The releases whose names are new on PyPI, as far as the index was asked."""
    name = IndexKind.PYPI.value
    return tuple(item for item in plan.releases if item.new_on_index and name in plan.targets_of(item))


def _releases(plan: Plan, repository: str | None, *, preview: bool, done: str | None) -> Iterable[str]:
    where = ", ".join(cell(name) for name in plan.indexes)
    if done is not None:
        return [f"Nothing to do: {code(done)}\n"]
    if not plan.releases:
        return [f"Nothing to release{f' to {where}' if where else ''}.\n"]
    number = len(plan.releases)
    items = _bounded((_release(item, plan, repository, preview=preview) for item in plan.releases), number, "releases")
    head = f"{number} {'release' if number == 1 else 'releases'} to {where}, in this order:\n"
    return [head, items]


def _release(release: Release, plan: Plan, repository: str | None, *, preview: bool) -> str:
    name, version = _name(release.distribution), cell(release.version)
    reasons = [_reason(item, repository) for item in release.reasons]
    facts = ["as it is" if release.bump is Bump.NONE else release.bump.value]
    facts += ["new on the index"] if release.new_on_index else []
    if preview:
        why = f" because {reasons.pop(0)}" if reasons else ""
        facts += [f"after {cell(release.previous)}"] if release.previous else []
        lines = [f"- Merging this releases **{name} {version}**{why} ({', '.join(facts)})"]
    else:
        before = f"{cell(release.previous)} → " if release.previous else ""
        lines = [f"- **{name}** {before}**{version}** ({', '.join(facts)})"]
    lines += [f"  - because {reason}" for reason in reasons]
    targets = release.missing_on or release.targets
    if targets and targets != plan.indexes:
        lines.append(f"  - to {', '.join(map(cell, targets))}")
    lines += [f"  - needs {cell(sibling)} {cell(floor)}" for sibling, floor in sorted(release.floors.items())]
    return "\n".join(lines) + "\n"


def _name(distribution: str) -> str:
    """Names may have dots, and GitHub makes links of what begins like the name of a web site."""
    return cell(distribution).replace("www.", "www\\.")


def _reason(reason: Reason, repository: str | None) -> str:
    text = cell(reason.text) if reason.kind in _OWN_WORDS else code(reason.text)
    path = f" in {code(reason.path)}" if reason.path else ""
    if reason.commit is None:
        return f"{text}{path}"
    short = reason.commit[:_SHORT_SHA]
    page = commit_link(repository, reason.commit) if repository else None
    return f"[{short}]({page}) {text}{path}" if page else f"{code(short)} {text}{path}"


def _blocked(item: Blocked) -> str:
    place = f"{item.path}:{item.line}" if item.path and item.line else item.path
    advice = f"\n  - what to do: {code(item.advice)}" if item.advice else ""
    return f"- {code(item.package)}: {code(item.reason)}{f' in {code(place)}' if place else ''}{advice}\n"


def _bounded(items: Iterable[str], number: int, things: str) -> str:
    """``items`` as far as there is room, and how many are left out."""
    kept: list[str] = []
    size = 0
    for item in items:
        size += len(item.encode())
        if size > _MOST_BYTES:
            return "".join([*kept, f"- … and {number - len(kept)} more {things}\n"])
        kept.append(item)
    return "".join(kept)
