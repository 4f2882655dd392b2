"""What was built, held against the plan that it was to be built from: the plan is the authority."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from paa.edges.index import IndexReader
from paa.model import BuiltRelease, Burnt, Plan, PublishSettings, ReleaseSet
from paa.plan.targets import required_indexes
from paa.record.confirm import lacks, unconfirmed

# What a document of a build says of a release again; the rest of it says nothing that is relied on.
_SAID_AGAIN = ("distribution", "version", "fingerprint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What has become of a plan, by package.

    ``everywhere`` are on every index that they have to be on. ``waiting`` are where this plan brings them, and some
    other index that they have to be on has not got them; ``missing`` are not where the plan brings them. Both tell why.
    ``burnt`` are those of ``missing`` that an index takes never again.
    """

    everywhere: tuple[str, ...] = ()
    waiting: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    burnt: tuple[Burnt, ...] = ()


def built_as_planned(plan: Plan, found: ReleaseSet | None) -> tuple[ReleaseSet, dict[str, str]]:
    """The releases of ``plan`` with the files that were built for them, and why the others have none, by package.

    ``found`` is what a build left, None where it left nothing. Of that only the names and hashes of files count; a
    release of which it says something else than the plan is refused.
    """
    built = {item.release.package: item for item in found.releases} if found else {}
    kept, left = [], {}
    for release in plan.releases:
        item = built.get(release.package)
        if item is None:
            left[release.package] = "it was not built"
        elif found is not None and found.plan.commit != plan.commit:
            left[release.package] = "it was built from another commit than the plan's"
        elif differing := [name for name in _SAID_AGAIN if getattr(item.release, name) != getattr(release, name)]:
            left[release.package] = f"its {differing[0]} is another one in what was built than in the plan"
        else:
            kept.append(replace(item, release=release))
    return ReleaseSet(plan=plan, releases=tuple(kept)), left


def confirm(
    release_set: ReleaseSet, settings: PublishSettings, readers: Mapping[str, IndexReader], left: Mapping[str, str]
) -> Confirmed:
    """Ask the indexes about every release of the set; ``left`` are those of its plan that have no files, and why.

    ``readers`` has one for each index that a release goes to or has to be on.
    """
    everywhere, waiting, missing = [], {}, dict(left)
    for built in release_set.releases:
        release = built.release
        if problem := unconfirmed(built, release_set.plan.targets_of(release), readers):
            missing[release.package] = problem
        elif problem := unconfirmed(built, _others(release_set.plan, built, settings), readers):
            waiting[release.package] = problem
        else:
            everywhere.append(release.package)
    return Confirmed(everywhere=tuple(everywhere), waiting=waiting, missing=missing)


def burnt_among(
    release_set: ReleaseSet, missing: Collection[str], noted: Iterable[Burnt], readers: Mapping[str, IndexReader]
) -> tuple[Burnt, ...]:
    """Those of ``noted``, which nobody has to believe, that are about a release in ``missing`` and an index lacks.

    An index that can't be asked, or has the files, speaks against it.
    """
    built = {item.release.package: item for item in release_set.releases if item.release.package in missing}
    return tuple(
        note
        for note in noted
        if (item := built.get(note.package)) is not None
        and note.version == item.release.version
        and note.index in release_set.plan.targets_of(item.release)
        and lacks(item, readers[note.index])
    )


def _others(plan: Plan, built: BuiltRelease, settings: PublishSettings) -> tuple[str, ...]:
    asked = plan.targets_of(built.release)
    return tuple(name for name in required_indexes(settings, built.release.version) if name not in asked)
