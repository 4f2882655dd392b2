"""What is said to have been built, held against the plan.

The plan is made by a job that runs no code of the repository, and ``paa-release.json`` by jobs that do. So the plan is
the authority: of what the other says, only the names and hashes of files count, and the outcomes of checks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

from paa.errors import ConfigError, UsageError
from paa.model import BuiltRelease, Plan, Release, ReleaseSet

_OF_THE_PLAN = ("commit", "builder", "indexes", "provisional")
_SHOWN = 60


def require_publishable(plan: Plan, source: str) -> None:
    """Raise UsageError for a plan that can't be published, or not without its repository."""
    if plan.provisional is not None:
        message = f"{source} is provisional and can't be published: {plan.provisional}"
        raise UsageError(message, advice="make the plan again when every index can be read, then build from it")
    if plan.settings is None:
        message = f"{source} doesn't say what the indexes are, so nothing can be published by it"
        raise UsageError(message, advice="make the plan with this version of paa, and not with --offline")


def as_planned(plan: Plan, found: ReleaseSet, source: str) -> ReleaseSet:
    """The releases of ``plan`` with the files that ``found``, which was read from ``source``, has for them.

    Raises ConfigError with every point in which ``found`` says something else than the plan.
    """
    faults = [
        f"{name}: {_shown(getattr(found.plan, name))} here, {_shown(getattr(plan, name))} in the plan"
        for name in _OF_THE_PLAN
        if getattr(found.plan, name) != getattr(plan, name)
    ]
    planned = {release.package: release for release in plan.releases}
    for number, release in enumerate(found.plan.releases):
        faults += _differences(f"releases[{number}]", release, planned.get(release.package))
    if faults:
        message = f"{source} is not what was planned:"
        advice = "build from this plan: paa make-package --plan FILE; if you did, look at what changed the file"
        raise ConfigError(message, faults=faults, advice=advice)
    built = {item.release.package: item for item in found.releases}
    return ReleaseSet(plan=plan, releases=_in_order(plan, built))


def _in_order(plan: Plan, built: dict[str, BuiltRelease]) -> tuple[BuiltRelease, ...]:
    return tuple(
        replace(built[release.package], release=release) for release in plan.releases if release.package in built
    )


def _differences(where: str, found: Release, planned: Release | None) -> Iterator[str]:
    if planned is None:
        yield f"{where}: {found.package} is not in the plan"
        return
    for name in (field.name for field in fields(Release)):
        here, there = getattr(found, name), getattr(planned, name)
        if here != there:
            yield f"{where}.{name}: {_shown(here)} here, {_shown(there)} in the plan ({found.package})"


def select_releases(plan: Plan, names: Sequence[str]) -> frozenset[str]:
    """The packages of ``plan`` that ``names`` mean, each by its own name or that of its distribution; all for none.

    Raises UsageError for a name that the plan does not release.
    """
    from packaging.utils import canonicalize_name

    known = {canonicalize_name(name): item.package for item in plan.releases for name in (item.distribution,)}
    known |= {canonicalize_name(item.package): item.package for item in plan.releases}
    absent = sorted(name for name in names if canonicalize_name(name) not in known)
    if absent:
        message = f"the plan does not release {', '.join(absent)}"
        releases = ", ".join(sorted(item.package for item in plan.releases))
        raise UsageError(message, advice=f"it releases {releases or 'nothing'}")
    return frozenset(known[canonicalize_name(name)] for name in names) or frozenset(known.values())


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
