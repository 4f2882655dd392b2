"""Where a plan has something to do, and in how many steps: what the jobs of a CI system are made from."""

from collections.abc import Mapping
from dataclasses import dataclass

from paa.model import IndexKind, Plan

# What is pushed to a branch of a repository; everything else takes files.
_BRANCHES = frozenset({IndexKind.GIT, IndexKind.GITHUB_PAGES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A package that an index lacks."""

    index: str
    package: str


def upload_indexes(plan: Plan, kinds: Mapping[str, IndexKind]) -> tuple[str, ...]:
    """The indexes that take files and lack some release of ``plan``, in the plan's order. ``kinds`` are by name."""
    return tuple(name for name in _lacking(plan) if kinds[name] not in _BRANCHES)


def branch_indexes(plan: Plan, kinds: Mapping[str, IndexKind]) -> tuple[str, ...]:
    """Those that are branches of a repository, likewise."""
    return tuple(name for name in _lacking(plan) if kinds[name] in _BRANCHES)


def upload_levels(plan: Plan, kinds: Mapping[str, IndexKind]) -> tuple[tuple[Upload, ...], ...]:
    """What is to be uploaded, in levels: what a release needs of the same plan is on an earlier one.

    Every level has something in it, by index and release order.
    """
    level_of: dict[str, int] = {}
    for release in plan.releases:
        level_of[release.package] = 1 + max((level_of[name] for name in release.needs if name in level_of), default=0)
    levels: dict[int, list[Upload]] = {}
    for index in upload_indexes(plan, kinds):
        for release in plan.releases:
            if index in (release.missing_on if release.targets else plan.indexes):
                levels.setdefault(level_of[release.package], []).append(Upload(index=index, package=release.package))
    return tuple(tuple(levels[level]) for level in sorted(levels))


def _lacking(plan: Plan) -> list[str]:
    missing = {name for item in plan.releases for name in (item.missing_on if item.targets else plan.indexes)}
    return [name for name in plan.indexes if name in missing]
