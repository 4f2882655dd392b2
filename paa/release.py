"""The pipeline: plan → build → check → publish → record. Each step takes what the one before it made.

Each stage is imported by the step that needs it: a command that only looks must not load what builds and publishes.
"""

import functools
import hashlib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paa.edges.files import read_bytes
from paa.errors import ConfigError, UsageError
from paa.model import (
    BuiltRelease,
    Distribution,
    Finding,
    IndexFile,
    Plan,
    Published,
    PublishState,
    Release,
    ReleaseSet,
)
from paa.plan.commits import RECORD_TRAILER
from paa.plan.state import commits_since
from paa.scan.repository import Repository, require_commit
from paa.scan.state import State, require_package

if TYPE_CHECKING:
    from paa.build.build import BuildFailure
    from paa.edges.index import IndexReader


def build_plan(
    state: State, plan: Plan, folder: Path, report: Callable[[Release], None]
) -> tuple[ReleaseSet, tuple["BuildFailure", ...]]:
    """Build what the plan releases into ``folder``, with ``paa-release.json`` beside it. Raises FileError."""
    from paa.build.build import BuildInput, build_releases, write_release_file

    given = BuildInput(tree=state.tree, config=state.repository.config, scanned=state.scanned, folder=folder)
    built, failures = build_releases(given, plan.releases, report)
    return write_release_file(plan, built, folder), failures


def load_release_set(folder: Path) -> ReleaseSet:
    """What the last build left in ``folder``. Raises UsageError where there is nothing, ConfigError for damage."""
    from paa.build.build import RELEASE_FILE
    from paa.documents.reading import parse_json
    from paa.documents.release_sets import release_set_from_json

    path = folder / RELEASE_FILE
    if not path.exists():
        message = f"{path} does not exist: nothing has been built there"
        raise UsageError(message, advice="run 'paa make-package' first, or name the folder with --dist")
    return release_set_from_json(parse_json(read_bytes(path), str(path)), str(path))


def require_same_commit(repository: Repository, release_set: ReleaseSet) -> None:
    """Raise UsageError when the release set was made from another commit than HEAD.

    Commits in which paa recorded releases don't count: what is released is the same after them.
    """
    head = require_commit(repository)
    if not _has_same_sources(repository, release_set.plan.commit):
        made = (release_set.plan.commit or "no commit")[:12]
        message = f"these distributions were made from {made}, and HEAD is {head[:12]}"
        raise UsageError(message, advice="run 'paa plan' and 'paa make-package' again")


def _has_same_sources(repository: Repository, commit: str | None) -> bool:
    if commit is None or commit == repository.commit:
        return commit is not None
    later = commits_since(repository, commit)
    return later is not None and all(RECORD_TRAILER in item.body.splitlines() for item in later)


def left_unrecorded(state: State, folder: Path, *, push: bool) -> ReleaseSet | None:
    """What the last build in ``folder`` made from these sources, where recording it was not finished; else None."""
    from paa.record import is_recorded

    repository = state.repository
    try:
        release_set = load_release_set(folder)
    except (ConfigError, UsageError):
        return None
    if not _has_same_sources(repository, release_set.plan.commit):
        return None
    return None if is_recorded(repository, state.tree, release_set, push=push) else release_set


def check_release_set(
    state: State,
    release_set: ReleaseSet,
    folder: Path,
    readers: Sequence["IndexReader"],
    report: Callable[[BuiltRelease, Sequence[Finding]], None],
) -> ReleaseSet:
    """Run every gate on every built release; the outcomes are written to ``paa-release.json``. Raises FileError."""
    from packaging.utils import canonicalize_name

    from paa.build.build import write_release_file
    from paa.check.check import check
    from paa.check.model import CheckInput

    others = {built.release.package: built for built in release_set.releases}
    siblings = {canonicalize_name(item.distribution) for item in state.scanned.values()}
    checked = []
    for name, built in others.items():
        scanned = require_package(state, name)
        given = CheckInput(
            built=built,
            folder=folder,
            others={other: value for other, value in others.items() if other != name},
            find_wheel=functools.partial(find_wheel, readers, siblings),
            generated=scanned.package.project is None,
        )
        outcome, findings = check(given)
        checked.append(outcome)
        report(outcome, findings)
    return write_release_file(release_set.plan, checked, folder)


def find_wheel(
    readers: Sequence["IndexReader"], siblings: Collection[str], distribution: str, specifier: str
) -> tuple[str, bytes] | None:
    """The newest wheel of a sibling on the indexes that fits; None for what is no sibling, or not there."""
    from packaging.specifiers import SpecifierSet
    from packaging.utils import canonicalize_name

    from paa.edges.index import version_of
    from paa.plan.asking import WHEEL_LIMIT

    if canonicalize_name(distribution) not in siblings:
        return None
    allowed = SpecifierSet(specifier)
    for reader in readers:
        files = {file: version_of(file.name, distribution) for file in reader.files(distribution)}
        fitting = [
            (version, file.name, file)
            for file, version in files.items()
            if version is not None and file.name.endswith(".whl") and allowed.contains(version, prereleases=True)
        ]
        if fitting:
            newest = max(fitting, key=lambda item: item[:2])[2]
            return newest.name, reader.read(newest, limit_bytes=WHEEL_LIMIT)
    return None


def confirmed(release_set: ReleaseSet, readers: Sequence["IndexReader"]) -> tuple[str, ...]:
    """The packages all of whose files every index serves with the right hash: what may be recorded."""
    found = []
    for built in release_set.releases:
        served = [{file.name: file for file in reader.files(built.release.distribution)} for reader in readers]
        pairs = zip(readers, served, strict=True)
        if all(_serves(reader, files.get(file.name), file) for reader, files in pairs for file in built.files):
            found.append(built.release.package)
    return tuple(found)


def _serves(reader: "IndexReader", served: IndexFile | None, file: Distribution) -> bool:
    """Whether these bytes are what the index serves; a file without a hash there is fetched and compared."""
    if served is None or served.sha256 is not None:
        return served is not None and served.sha256 == file.sha256
    from paa.plan.asking import WHEEL_LIMIT

    data = reader.read(served, limit_bytes=WHEEL_LIMIT)
    return hashlib.sha256(data).hexdigest() == file.sha256


def outcome_of(results: Sequence[Published]) -> tuple[str, ...]:
    """The packages that every index of ``results`` has now."""
    done = {PublishState.UPLOADED, PublishState.ALREADY_THERE}
    packages = dict.fromkeys(result.package for result in results)
    return tuple(
        package for package in packages if all(result.state in done for result in results if result.package == package)
    )
