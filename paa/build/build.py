"""The releases of a plan → distributions in a folder. Packages never see each other's files, and none stops another."""

import io
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paa.assemble.assemble import assemble, source_paths
from paa.build.backend import build
from paa.build.isolated import build_isolated
from paa.config import Config
from paa.documents.distributions import Part, headers, read_parts
from paa.documents.reading import parse_json
from paa.documents.release_sets import release_set_from_json, release_set_to_json
from paa.documents.writing import dump
from paa.edges.files import read_bytes, write_atomic
from paa.edges.tree import Tree, loaded_tree
from paa.errors import BuildError, PaaError
from paa.model import BuiltRelease, Distribution, Plan, Release, ReleaseSet, ScannedPackage

if TYPE_CHECKING:
    from concurrent.futures import Future

RELEASE_FILE = "paa-release.json"
# Starting workers takes as long as building some sixty packages.
PARALLEL_FROM = 60
# As many packages are read from the tree at once: a commit is read by a process, and memory is not endless.
_READ_AHEAD = 100
# Packages that wait for a worker, per worker.
_AHEAD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildInput:
    """The state of the repository that the distributions are made from, and the folder they go to."""

    tree: Tree
    config: Config
    scanned: Mapping[str, ScannedPackage]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFailure:
    """A package that could not be built, and why."""

    package: str
    error: PaaError


def build_releases(
    given: BuildInput, releases: Sequence[Release], report: Callable[[Release], None]
) -> tuple[tuple[BuiltRelease, ...], tuple[BuildFailure, ...]]:
    """Build every one of ``releases``; ``report`` hears of each that is done. Order is kept."""
    built: dict[str, BuiltRelease] = {}
    failures: dict[str, BuildFailure] = {}
    for release, outcome in _outcomes(given, releases):
        if isinstance(outcome, PaaError):
            failures[release.package] = BuildFailure(package=release.package, error=outcome)
        else:
            built[release.package] = BuiltRelease(release=release, files=outcome[0], requires_dist=outcome[1])
            report(release)
    order = [release.package for release in releases]
    return (
        tuple(built[package] for package in order if package in built),
        tuple(failures[package] for package in order if package in failures),
    )


def read_release_file(folder: Path) -> ReleaseSet:
    """What ``paa-release.json`` in ``folder`` says. Raises FileError, and ConfigError with every fault in it."""
    path = folder / RELEASE_FILE
    return release_set_from_json(parse_json(read_bytes(path), str(path)), str(path))


def write_release_file(plan: Plan, built: Sequence[BuiltRelease], folder: Path) -> ReleaseSet:
    """Write ``paa-release.json`` beside the distributions and return what it says. Raises FileError."""
    release_set = ReleaseSet(plan=plan, releases=tuple(built))
    write_atomic(folder / RELEASE_FILE, dump(release_set_to_json(release_set)))
    return release_set


_Outcome = tuple[tuple[Distribution, ...], tuple[str, ...]] | PaaError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """All that building one package needs, so that it can be done in another process."""

    tree: Tree
    config: Config
    scanned: ScannedPackage
    release: Release
    folder: Path


def _outcomes(given: BuildInput, releases: Sequence[Release]) -> Iterator[tuple[Release, _Outcome]]:
    """What became of each release, as it is known: projects last, for they take longest."""
    projects = [release for release in releases if given.scanned[release.package].package.project is not None]
    modules = [release for release in releases if given.scanned[release.package].package.project is None]
    jobs = _jobs(given, modules)
    processes = os.cpu_count() or 1
    if len(modules) < PARALLEL_FROM or processes == 1:
        for release, job in jobs:
            yield release, job if isinstance(job, PaaError) else _build(job)
    else:
        yield from _in_workers(jobs, processes)
    for release in projects:
        yield release, _build_project(given, release)


def _jobs(given: BuildInput, releases: Sequence[Release]) -> Iterator[tuple[Release, _Job | PaaError]]:
    """What is to be done for each release, with the files that it takes in memory."""
    for start in range(0, len(releases), _READ_AHEAD):
        together = releases[start : start + _READ_AHEAD]
        tree = _read_ahead(given, together)
        for release in together:
            scanned = given.scanned[release.package]
            try:
                own = loaded_tree(tree, tree.read(source_paths(tree, scanned)))
            except PaaError as error:
                yield release, error
            else:
                yield (
                    release,
                    _Job(tree=own, config=given.config, scanned=scanned, release=release, folder=given.folder),
                )


def _read_ahead(given: BuildInput, releases: Iterable[Release]) -> Tree:
    """The tree with what ``releases`` are made from in memory; as it was where that can't all be read."""
    try:
        paths = {path for item in releases for path in source_paths(given.tree, given.scanned[item.package])}
        return loaded_tree(given.tree, given.tree.read(paths))
    except PaaError:
        return given.tree


def _in_workers(jobs: Iterable[tuple[Release, _Job | PaaError]], processes: int) -> Iterator[tuple[Release, _Outcome]]:
    """Assemble and build in warm workers; results come back in order."""
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    # Not forked: a progress display runs in a thread, and a fork of a process with threads can hang.
    pool = ProcessPoolExecutor(max_workers=processes, mp_context=get_context("spawn"))
    try:
        waiting: deque[tuple[Release, Future[_Outcome] | PaaError]] = deque()
        for release, job in jobs:
            waiting.append((release, job if isinstance(job, PaaError) else pool.submit(_build, job)))
            if len(waiting) > _AHEAD * processes:
                yield _finished(*waiting.popleft())
        while waiting:
            yield _finished(*waiting.popleft())
    except BrokenExecutor as error:
        message = "a process that builds was stopped from outside (is there too little memory?)"
        raise BuildError(message, advice="run again") from error
    finally:
        # Whoever interrupts the run does not want the rest built first.
        pool.shutdown(cancel_futures=True)


def _finished(release: Release, job: "Future[_Outcome] | PaaError") -> tuple[Release, _Outcome]:
    return release, job if isinstance(job, PaaError) else job.result()


def _build(job: _Job) -> _Outcome:
    try:
        setup = assemble(job.tree, job.config, job.scanned, job.release.version, job.release.floors)
        files = build(setup, job.folder)
        return files, requires_dist(files, job.folder)
    except PaaError as error:
        return error


def _build_project(given: BuildInput, release: Release) -> _Outcome:
    try:
        project = given.scanned[release.package].package.project or "."
        prefix = "" if project == "." else f"{project}/"
        paths = [path for path in given.tree.blobs if path.startswith(prefix) and path not in given.tree.links]
        contents = {path.removeprefix(prefix): data for path, data in given.tree.read(paths).items()}
        files = build_isolated(contents, release.version, given.folder)
        return files, requires_dist(files, given.folder)
    except PaaError as error:
        return error


def requires_dist(files: Iterable[Distribution], folder: Path) -> tuple[str, ...]:
    """``Requires-Dist`` as the wheel has it: what was built, not what was meant."""
    wheels = (file.name for file in files if file.name.endswith(".whl"))
    for wheel in wheels:
        metadata = read_parts(io.BytesIO(read_bytes(folder / wheel)), wheel, Part.METADATA).get(Part.METADATA)
        if metadata is not None:
            return tuple(str(text) for text in headers(metadata).get_all("Requires-Dist") or ())
    message = "the build backend made no wheel that holds metadata"
    raise BuildError(message, advice="'python -m build' in the project makes the same")
