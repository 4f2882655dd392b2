"""The releases of a plan → distributions in a folder. Packages never see each other's files, and none stops another."""

import io
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from pathlib import Path

from paa.assemble.assemble import assemble
from paa.build.backend import build
from paa.build.isolated import build_isolated
from paa.config import Config
from paa.documents import dump, release_set_to_json
from paa.edges.files import read_bytes, write_atomic
from paa.edges.tree import Tree
from paa.errors import PaaError
from paa.model import BuiltRelease, Distribution, Plan, Release, ReleaseSet, ScannedPackage, SetupDirectory

RELEASE_FILE = "paa-release.json"
# Starting workers costs 60 ms; from some twenty packages on they pay.
_PARALLEL_FROM = 20


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
    built: list[BuiltRelease] = []
    failures: list[BuildFailure] = []
    for release, outcome in _outcomes(given, releases):
        if isinstance(outcome, PaaError):
            failures.append(BuildFailure(package=release.package, error=outcome))
        else:
            built.append(BuiltRelease(release=release, files=outcome[0], requires_dist=outcome[1]))
            report(release)
    return tuple(built), tuple(failures)


def write_release_file(plan: Plan, built: Sequence[BuiltRelease], folder: Path) -> ReleaseSet:
    """Write ``paa-release.json`` beside the distributions and return what it says. Raises FileError."""
    release_set = ReleaseSet(plan=plan, releases=tuple(built))
    write_atomic(folder / RELEASE_FILE, dump(release_set_to_json(release_set)))
    return release_set


_Outcome = tuple[tuple[Distribution, ...], tuple[str, ...]] | PaaError


def _outcomes(given: BuildInput, releases: Sequence[Release]) -> Iterator[tuple[Release, _Outcome]]:
    projects = [release for release in releases if given.scanned[release.package].package.project is not None]
    modules = [release for release in releases if release not in projects]
    assembled = _assembled(given, modules)
    processes = os.cpu_count() or 1
    if len(modules) < _PARALLEL_FROM or processes == 1:
        for release, setup in assembled:
            yield release, setup if isinstance(setup, PaaError) else _build(setup, given.folder)
    else:
        yield from _in_workers(assembled, given.folder, processes)
    for release in projects:
        yield release, _build_project(given, release)


def _assembled(given: BuildInput, releases: Iterable[Release]) -> Iterator[tuple[Release, SetupDirectory | PaaError]]:
    for release in releases:
        try:
            scanned = given.scanned[release.package]
            yield release, assemble(given.tree, given.config, scanned, release.version, release.floors)
        except PaaError as error:
            yield release, error


def _in_workers(
    assembled: Iterable[tuple[Release, SetupDirectory | PaaError]], folder: Path, processes: int
) -> Iterator[tuple[Release, _Outcome]]:
    """Assemble here, build in warm workers; results come back in order."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(max_workers=processes) as pool:
        jobs = [
            (release, setup if isinstance(setup, PaaError) else pool.submit(_build, setup, folder))
            for release, setup in assembled
        ]
        for release, job in jobs:
            yield release, job if isinstance(job, PaaError) else job.result()


def _build(setup: SetupDirectory, folder: Path) -> _Outcome:
    try:
        files = build(setup, folder)
        return files, _requires_dist(files, folder)
    except PaaError as error:
        return error


def _build_project(given: BuildInput, release: Release) -> _Outcome:
    try:
        project = given.scanned[release.package].package.project or "."
        prefix = "" if project == "." else f"{project}/"
        paths = [path for path in given.tree.blobs if path.startswith(prefix) and path not in given.tree.links]
        contents = {path.removeprefix(prefix): data for path, data in given.tree.read(paths).items()}
        files = build_isolated(contents, release.version, given.folder)
        return files, _requires_dist(files, given.folder)
    except PaaError as error:
        return error


def _requires_dist(files: Iterable[Distribution], folder: Path) -> tuple[str, ...]:
    """``Requires-Dist`` as the wheel has it: what was built, not what was meant."""
    wheel = next(file.name for file in files if file.name.endswith(".whl"))
    with zipfile.ZipFile(io.BytesIO(read_bytes(folder / wheel))) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        fields = BytesParser().parsebytes(archive.read(name), headersonly=True)
    return tuple(fields.get_all("Requires-Dist") or ())
