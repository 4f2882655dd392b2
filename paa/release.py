"""The pipeline: plan → build → check → publish → record. Each step takes what the one before it made.

Each stage is imported by the step that needs it: a command that only looks must not load what builds and publishes.
"""

import contextlib
import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paa.edges import git
from paa.edges.files import read_bytes
from paa.edges.tree import Tree
from paa.errors import ConfigError, FindingsError, UsageError
from paa.model import (
    BuiltRelease,
    Finding,
    Index,
    IndexFile,
    Plan,
    Published,
    PublishState,
    Release,
    ReleaseSet,
    ScannedPackage,
)
from paa.plan.commits import RECORD_TRAILER, Commit
from paa.plan.records import History, read_records
from paa.scan.repository import Repository, require_commit
from paa.scan.scan import find_package, scan

if TYPE_CHECKING:
    from paa.build.build import BuildFailure
    from paa.edges.index import IndexReader
    from paa.plan.published import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state of the repository that was scanned: the tree, and every package by name."""

    repository: Repository
    tree: Tree
    scanned: Mapping[str, ScannedPackage]


def scan_state(repository: Repository, tree: Tree) -> State:
    """Scan the whole tree. Raises ConfigError, FileError or GitError."""
    found = scan(tree, repository.config)
    return State(repository=repository, tree=tree, scanned={item.package.name: item for item in found})


def choose_indexes(repository: Repository, names: Sequence[str]) -> tuple[Index, ...]:
    """The target indexes with their addresses: ``names``, else ``publish_to``. Raises UsageError or ConfigError."""
    from paa.publish.targets import resolve_index, select_indexes

    selected = select_indexes(repository.config, names or repository.config.publish_to)
    return tuple(resolve_index(index) for index in selected)


@contextlib.contextmanager
def open_indexes(indexes: Sequence[Index], environment: Mapping[str, str]) -> Iterator[tuple["IndexReader", ...]]:
    """Readers for ``indexes``, closed at the end."""
    with contextlib.ExitStack() as stack:
        yield tuple(stack.enter_context(_reader(index, environment, len(indexes))) for index in indexes)


def _reader(index: Index, environment: Mapping[str, str], count: int) -> "IndexReader":
    from paa.edges.credentials import find_credentials
    from paa.edges.index import open_index

    return open_index(index, find_credentials(index, environment=environment, only_target=count == 1))


def plan_state(
    state: State,
    indexes: Sequence[Index],
    ask: "Ask | None",
    names: Collection[str] | None = None,
    *,
    allow_rewound: bool = False,
) -> Plan:
    """The plan for a scanned state; ``ask`` None plans offline. Raises UsageError for a package that is not there.

    With ``allow_rewound`` HEAD need not descend from the last release: where history was rewritten, the commits since
    the last common one count.
    """
    from paa.build.backend import builder_name
    from paa.plan.plan import PlanInput, make_plan

    repository = state.repository
    chosen = None if names is None else {require_package(state, name).package.name for name in names}
    address = repository.config.source_repo_url or _remote_address(repository)
    return make_plan(
        PlanInput(
            scanned=tuple(state.scanned.values()),
            history=read_history(state),
            config=repository.config,
            commit=repository.commit,
            indexes=tuple(index.name for index in indexes),
            builder=builder_name(),
            repository=address,
            commits_since=functools.cache(functools.partial(_commits_since, repository, allow_rewound=allow_rewound)),
            ask=ask,
        ),
        chosen,
    )


def read_history(state: State) -> Mapping[str, History]:
    """What the repository knows of earlier releases, by package. Raises GitError or ConfigError."""
    repository = state.repository
    tags = git.list_tags(repository.root) if repository.in_git else ()
    return read_records(state.tree, tags, repository.config.tag_format, state.scanned)


def require_package(state: State, name: str) -> ScannedPackage:
    """The package called ``name``, however it is spelled. Raises UsageError with near names when there is none."""
    found = state.scanned.get(name) or find_package(state.scanned.values(), name)
    if found is not None:
        return found
    import difflib

    close = difflib.get_close_matches(name.replace("-", "_"), state.scanned, n=1)
    folder = state.repository.config.module_dir
    message = f"there is no package {name!r}: {folder}/ has no module of that name"
    advice = f"did you mean {close[0]!r}?" if close else f"put the module at {folder}/<name>.py, or see 'paa list'"
    raise UsageError(message, advice=advice)


def _remote_address(repository: Repository) -> str | None:
    remote = git.remote_url(repository.root) if repository.in_git else None
    return git.web_url(remote) if remote else None


def _commits_since(
    repository: Repository, since: str | None, *, allow_rewound: bool = False
) -> Sequence[Commit] | None:
    if repository.commit is None:
        return ()
    if since is not None and allow_rewound:
        since = git.merge_base(repository.root, since, repository.commit)
    if since is not None and not git.is_ancestor(repository.root, since, repository.commit):
        if git.is_shallow(repository.root):
            message = f"this clone is shallow and does not reach back to {since[:12]}, the commit of the last release"
            raise FindingsError(message, advice="git fetch --unshallow --tags (in CI: fetch the whole history)")
        return None
    logged = git.log_commits(repository.root, since)
    return tuple(Commit(sha=item.sha, subject=item.subject, body=item.body, paths=item.paths) for item in logged)


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
    from paa.documents import parse_json, release_set_from_json

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
    later = _commits_since(repository, commit)
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
    from paa.plan.published import WHEEL_LIMIT

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
        if all(_serves(files.get(file.name), file.sha256) for files in served for file in built.files):
            found.append(built.release.package)
    return tuple(found)


def _serves(file: IndexFile | None, sha256: str) -> bool:
    return file is not None and file.sha256 == sha256


def outcome_of(results: Sequence[Published]) -> tuple[str, ...]:
    """The packages that every index of ``results`` has now."""
    done = {PublishState.UPLOADED, PublishState.ALREADY_THERE}
    packages = dict.fromkeys(result.package for result in results)
    return tuple(
        package for package in packages if all(result.state in done for result in results if result.package == package)
    )
