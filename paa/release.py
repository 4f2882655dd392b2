"""The pipeline: plan → build → check → publish → record. Each step takes what the one before it made.

Each stage is imported by the step that needs it: a command that only looks must not load what builds and publishes.
"""

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paa.edges.files import read_bytes
from paa.errors import ConfigError, OutsideError, UsageError
from paa.model import (
    BuiltRelease,
    Finding,
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
    state: State, plan: Plan, folder: Path, report: Callable[[Release], None], environment: Mapping[str, str]
) -> tuple[ReleaseSet, tuple["BuildFailure", ...]]:
    """Build what the plan releases into ``folder``, with ``paa-release.json`` beside it. Raises FileError.

    What indexes have already is taken from there, where it was built with other bytes; ``environment`` is where
    credentials for that are looked up.
    """
    from paa.build.build import BuildInput, build_releases, write_release_file
    from paa.publish.released import keep_released

    given = BuildInput(tree=state.tree, config=state.repository.config, scanned=state.scanned, folder=folder)
    built, failures = build_releases(given, plan.releases, report)
    kept, lost = keep_released(state.repository, plan, built, folder, environment)
    return write_release_file(plan, kept, folder), (*failures, *lost)


def load_release_set(folder: Path) -> ReleaseSet:
    """What the last build left in ``folder``. Raises UsageError where there is nothing, ConfigError for damage."""
    from paa.build.build import RELEASE_FILE, read_release_file

    path = folder / RELEASE_FILE
    if not path.exists():
        message = f"{path} does not exist: nothing has been built there"
        raise UsageError(message, advice="run 'paa make-package' first, or name the folder with --dist")
    return read_release_file(folder)


def load_plan(path: Path) -> Plan:
    """The plan in a file that ``paa plan --output`` wrote. Raises FileError, and ConfigError with every fault in it."""
    from paa.documents.plans import plan_from_json
    from paa.documents.reading import parse_json

    return plan_from_json(parse_json(read_bytes(path), str(path)), str(path))


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

    siblings = {canonicalize_name(item.distribution) for item in state.scanned.values()}
    gates = _Gates(
        folder=folder,
        find_wheel=functools.partial(find_wheel, readers, siblings),
        is_generated=lambda built: require_package(state, built.release.package).package.project is None,
        report=report,
    )
    return _checked(gates, release_set, {built.release.package for built in release_set.releases})


def check_gathered(
    release_set: ReleaseSet,
    folder: Path,
    readers: Sequence["IndexReader"],
    report: Callable[[BuiltRelease, Sequence[Finding]], None],
) -> ReleaseSet:
    """Run every gate on the releases that have not passed them all yet, without the repository. Raises FileError.

    The plan says which distributions are the repository's.
    """
    from packaging.utils import canonicalize_name

    from paa.check.check import not_passed
    from paa.check.contents import is_generated

    plan = release_set.plan
    names = [*(plan.settings.distributions if plan.settings else ()), *(item.distribution for item in plan.releases)]
    gates = _Gates(
        folder=folder,
        find_wheel=functools.partial(find_wheel, readers, {canonicalize_name(name) for name in names}),
        is_generated=lambda built: is_generated(built, folder),
        report=report,
    )
    return _checked(
        gates, release_set, {built.release.package for built in release_set.releases if not_passed(built.checks)}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gates:
    """What checking takes besides the releases: see CheckInput. ``report`` hears of each release with its findings."""

    folder: Path
    find_wheel: Callable[[str, str], tuple[str, bytes] | None]
    is_generated: Callable[[BuiltRelease], bool]
    report: Callable[[BuiltRelease, Sequence[Finding]], None]


def _checked(gates: _Gates, release_set: ReleaseSet, packages: Collection[str]) -> ReleaseSet:
    """The set after every gate has been run on ``packages``, as it was written to ``paa-release.json``."""
    from paa.build.build import write_release_file
    from paa.check.check import check
    from paa.check.model import CheckInput

    others = {built.release.package: built for built in release_set.releases}
    checked = dict(others)
    for name, built in others.items():
        if name not in packages:
            continue
        given = CheckInput(
            built=built,
            folder=gates.folder,
            others={other: value for other, value in others.items() if other != name},
            find_wheel=gates.find_wheel,
            generated=gates.is_generated(built),
        )
        checked[name], findings = check(given)
        gates.report(checked[name], findings)
    return write_release_file(release_set.plan, tuple(checked.values()), gates.folder)


def find_wheel(
    readers: Sequence["IndexReader"], siblings: Collection[str], distribution: str, specifier: str
) -> tuple[str, bytes] | None:
    """The newest wheel of a sibling on the indexes that fits; None for what is no sibling.

    Raises OutsideError where none has one: nobody else's distribution of that name is to be taken for it.
    """
    from packaging.specifiers import SpecifierSet
    from packaging.utils import canonicalize_name

    from paa.edges.index import FILE_LIMIT, version_of

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
            return newest.name, reader.read(newest, limit_bytes=FILE_LIMIT)
    message = f"{distribution}{specifier} is a package of this repository, and no index has it"
    raise OutsideError(message, advice="build it together with what needs it, or release it first")


def outcome_of(results: Sequence[Published]) -> tuple[str, ...]:
    """The packages that every index of ``results`` has now."""
    done = {PublishState.UPLOADED, PublishState.ALREADY_THERE}
    packages = dict.fromkeys(result.package for result in results)
    return tuple(
        package for package in packages if all(result.state in done for result in results if result.package == package)
    )
