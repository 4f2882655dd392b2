"""Versions whose name is used up on an index: they are passed over, and the version after them is made. Pure."""

from collections.abc import Collection, Mapping, Sequence

from packaging.version import Version

from paa.model import Bump, Reason
from paa.plan.pep440 import last_version, parse_version
from paa.plan.prereleases import Stage
from paa.plan.records import History
from paa.plan.standing import Projects
from paa.plan.versions import next_version

KIND = "used-up"
UsedUp = Mapping[str, tuple[str, ...]]


def following(version: str) -> str:
    """The version that takes the place of ``version``: the next number of a pre-release, else the next patch."""
    parsed = Version(version)
    if parsed.dev is not None:
        return f"{version.rpartition('.dev')[0]}.dev{parsed.dev + 1}"
    if parsed.pre is not None and parsed.post is None:
        phase, number = parsed.pre
        return f"{version[: version.rindex(phase)]}{phase}{number + 1}"
    return next_version([version], Bump.PATCH, default=version)


def used_up(history: History, projects: Projects) -> UsedUp:
    """Version → the indexes on which it is used up, sorted, as far as those in ``projects`` don't say otherwise.

    What an index has with wheel and sdist, or is recorded to have, is not used up there: the index is right.
    """
    found: dict[str, tuple[str, ...]] = {}
    for version, indexes in history.burnt.items():
        there = {name for release in history.releases if release.version == version for name in release.indexes or ()}
        there |= {name for name, project in projects.items() if version in project.whole}
        if left := indexes - there:
            found[version] = tuple(sorted(left))
    return found


def used_up_on(found: UsedUp, version: str, targets: Collection[str]) -> tuple[str, ...]:
    """Those of ``targets`` that take ``version`` never again."""
    wanted = parse_version(version)
    indexes = next((names for known, names in found.items() if parse_version(known) == wanted), ())
    return tuple(name for name in indexes if name in targets)


def used_up_reason(version: str, indexes: Sequence[str]) -> Reason:
    """Why a version is passed over."""
    return Reason(kind=KIND, text=f"{version} is used up on {', '.join(indexes)}")


def used_up_notes(version: str, reasons: Sequence[Reason]) -> tuple[str, ...]:
    """What the release notes of ``version`` say of those that it takes the place of."""
    return tuple(f"{reason.text}, so that {version} takes its place" for reason in reasons if reason.kind == KIND)


def without_used_up(released: Collection[str], history: History, found: UsedUp) -> frozenset[str]:
    """``released`` without versions of which nothing is known but that they did not get everywhere."""
    proven = {release.version for release in history.releases if release.fingerprint is not None}
    skipped = {parse_version(version) for version in found if version not in proven}
    return frozenset(version for version in released if parse_version(version) not in skipped)


def passed_over(version: str, released: Collection[str], found: UsedUp, stage: Stage | None) -> str:
    """``version``, or the next one that is free where it is used up, or not above all of ``released``."""
    taken, last = {parse_version(text) for text in found}, last_version(released)
    while found:
        if Version(version) in taken:
            before = version
        elif last is not None and Version(version) <= last:
            before = str(last)
        else:
            break
        if stage is None and Version(version).is_prerelease:
            version = following(before)
        else:
            version = next_version([before], Bump.PATCH, default=before, stage=stage)
    return version


def skipped_reasons(found: UsedUp, version: str, released: Collection[str]) -> tuple[Reason, ...]:
    """Why ``version`` is not an earlier one: the versions between ``released`` and it that are used up."""
    last = last_version(released)
    known = sorted((parsed, text) for text in found if (parsed := parse_version(text)) is not None)
    return tuple(
        used_up_reason(text, found[text])
        for parsed, text in known
        if parsed < Version(version) and (last is None or parsed > last)
    )
