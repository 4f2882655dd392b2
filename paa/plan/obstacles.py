"""What keeps a package from being released, whatever its commits ask for and the indexes have."""

from collections.abc import Mapping, Sequence

from paa.model import Release, ScannedPackage
from paa.plan.order import circle
from paa.plan.question import Verdict, blocked

_CIRCLE_ADVICE = "move what they share into a component, so that one of them needs no other ('paa graph' shows them)"


def broken(item: ScannedPackage) -> Verdict:
    """The verdict on a package with errors in its sources."""
    first = item.errors[0]
    place = first.location
    more = f" (and {len(item.errors) - 1} more)" if len(item.errors) > 1 else ""
    path, line = (place.path, place.line) if place else (None, None)
    return blocked(item.package.name, first.message + more, path=path, line=line, advice=first.advice)


def on_circle(item: ScannedPackage, members: Sequence[str], scanned: Mapping[str, ScannedPackage]) -> Verdict:
    """The verdict on a package that needs itself, over all of ``members`` or some of them."""
    name = item.package.name
    way = circle(name, {member: scanned[member].siblings for member in members})
    others = "" if len(way) > len(members) else f"; all that need one another: {', '.join(members)}"
    message = f"packages need each other in a circle: {' → '.join(way)}{others}"
    return blocked(name, message, path=item.package.module, advice=_CIRCLE_ADVICE)


def unmet(package: str, sibling: str, planned: Mapping[str, Release]) -> Verdict:
    """The verdict on a package that needs a sibling of which there is no version for it."""
    release = planned.get(sibling)
    if release is None:
        return blocked(package, f"it needs {sibling}, which can't be released")
    where = ", ".join(release.targets)
    return blocked(package, f"it needs {sibling}, and {release.version} goes to {where} only")
