"""What may be sent at all: decided from the release set and the files on disk, before any index is asked."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from paa.edges.files import read_bytes
from paa.edges.index import version_of
from paa.errors import FileError, UsageError
from paa.model import BuiltRelease, Distribution, Outcome, Release, ReleaseSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A planned release and what was built for it; ``built`` is None if nothing was."""

    release: Release
    built: BuiltRelease | None


def candidates(release_set: ReleaseSet) -> Iterator[Candidate]:
    """Every release of the plan, in its order. Raises UsageError for a plan that is provisional."""
    plan = release_set.plan
    if plan.provisional is not None:
        message = f"this plan is provisional and can't be published: {plan.provisional}"
        raise UsageError(message, advice="make the plan again when every index can be read, then build from it")
    built = {release.release.package: release for release in release_set.releases}
    for release in plan.releases:
        yield Candidate(release=release, built=built.get(release.package))


def reason_to_block(candidate: Candidate, required_checks: Collection[str]) -> str | None:
    """Why a release must not be sent to any index, or None.

    A check that is absent has not passed. Versions with a local label are for the machine that made them: PyPI takes
    none (PEP 440), and ``+dirty`` stands for sources that no commit holds.
    """
    from packaging.version import InvalidVersion, Version

    release, built = candidate.release, candidate.built
    if built is None or not built.files:
        return "not built: see what `paa make-package` says about it"
    if (reason := _not_as_planned(release, built)) is not None:
        return reason
    try:
        local = Version(release.version).local
    except InvalidVersion:
        return f"{release.version!r} is no version (PEP 440)"
    if local is not None:
        return f"version {release.version} has a local label: commit the changes and build again"
    lacking = sorted(name for name in required_checks if built.checks.get(name) is not Outcome.PASSED)
    if lacking:
        return f"not checked: {', '.join(lacking)}: run `paa check`"
    return None


def _not_as_planned(release: Release, built: BuiltRelease) -> str | None:
    if built.release.version != release.version:
        return f"built as {built.release.version}, but planned as {release.version}: build it again"
    if not is_released(replace(built, release=release)):
        return f"{release.version} was released with other bytes: build it where an index can be read that has those"
    return None


def is_released(built: BuiltRelease) -> bool:
    """Whether the files are those that were released as this version; always, where the plan knows of none."""
    known = built.release.released_files
    return not known or {file.name: file.sha256 for file in built.files} == known


def damage(built: BuiltRelease, folder: Path) -> str | None:
    """What is wrong with the files of a release in ``folder``, or None if they are the bytes that were built."""
    for file in built.files:
        if problem := _damage_of_file(file, built.release, folder):
            return problem
    return None


def _damage_of_file(file: Distribution, release: Release, folder: Path) -> str | None:
    from packaging.version import Version

    if version_of(file.name, release.distribution) != Version(release.version):
        return f"{file.name!r} is no file of {release.distribution} {release.version}"
    try:
        data = read_bytes(folder / file.name)
    except FileError as error:
        return f"{error.message}: build it again"
    if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
        return f"{folder / file.name} changed after it was built and checked: build it again"
    return None
