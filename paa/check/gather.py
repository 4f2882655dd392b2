"""What the shards of a plan have built, each in a folder of its own → one folder with one ``paa-release.json``.

Everything is looked at before the first file is moved. Files are moved before ``paa-release.json`` names them, and a
shard's own ``paa-release.json`` goes last: killed anywhere and run again, it ends the same.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from paa.build.build import RELEASE_FILE, read_release_file, write_release_file
from paa.check.agreement import as_planned
from paa.check.contents import require_plain_files
from paa.edges.files import move_file, remove_file, remove_folder_if_empty, sha256_file, translated
from paa.errors import ConfigError, FindingsError
from paa.model import BuiltRelease, Distribution, Outcome, Plan, ReleaseSet

# Where artifacts can't be replaced, a shard that is built again leaves another one: ``dist-SHARD-ATTEMPT``.
_ATTEMPT = re.compile(r"(?P<shard>.*-[0-9]+-)(?P<attempt>[0-9]+)")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What all shards have built. ``failed`` are the folders in which there is no ``paa-release.json``, by name."""

    release_set: ReleaseSet
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shard:
    """What was built in ``folder``, as it was planned."""

    folder: Path
    releases: tuple[BuiltRelease, ...]


def gather(plan: Plan, folder: Path) -> Gathered:
    """Bring what the shards in the folders directly below ``folder`` have built into ``folder`` itself.

    Of a shard that was built several times, the last attempt counts. What an earlier attempt has built by another plan
    stays where it is.

    Raises ConfigError for a ``paa-release.json`` that says something else than ``plan``, FindingsError where bytes are
    not those that it names, or where two shards differ in what both have; then nothing has been changed. Raises
    FileError.
    """
    with translated("make", folder):
        folder.mkdir(parents=True, exist_ok=True)
    require_plain_files(folder)
    folders = _folders(folder)
    found = [_read(plan, place, folders) for place in (folder, *folders) if (place / RELEASE_FILE).exists()]
    shards = [shard for shard in found if shard is not None]
    without = [place for place in folders if not (place / RELEASE_FILE).exists()]
    releases = _together(shards)
    _require_bytes(shards, folder)
    for shard in shards:
        for file in _files(shard.releases):
            if shard.folder != folder and (shard.folder / file.name).exists():
                move_file(shard.folder / file.name, folder / file.name)
    ordered = tuple(releases[item.package] for item in plan.releases if item.package in releases)
    release_set = write_release_file(plan, ordered, folder)
    for shard in shards:
        if shard.folder != folder:
            remove_file(shard.folder / RELEASE_FILE)
            remove_folder_if_empty(shard.folder)
    failed = tuple(place.name for place in without if not remove_folder_if_empty(place))
    return Gathered(release_set=release_set, failed=failed)


def _folders(folder: Path) -> list[Path]:
    """Where shards can be, each in its last attempt that has built something; ``.paa`` holds receipts."""
    with translated("read", folder):
        found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    newest: dict[str, Path] = {}
    for path in sorted(found, key=lambda path: ((path / RELEASE_FILE).exists(), _attempt_of(path))):
        newest[_shard_of(path)] = path
    return sorted(newest.values())


def _shard_of(folder: Path) -> str:
    known = _ATTEMPT.fullmatch(folder.name)
    return known["shard"] if known else folder.name


def _attempt_of(folder: Path) -> int:
    known = _ATTEMPT.fullmatch(folder.name)
    return int(known["attempt"]) if known else 0


def _read(plan: Plan, folder: Path, folders: Sequence[Path]) -> _Shard | None:
    """What was built in ``folder``, one of ``folders``; None where that was by the plan of an earlier attempt."""
    try:
        found = as_planned(plan, read_release_file(folder), str(folder / RELEASE_FILE))
    except ConfigError as error:
        if 0 < _attempt_of(folder) < max(map(_attempt_of, folders)):
            logger.warning("what an earlier attempt has built is left out: %s", error.message)
            return None
        raise
    return _Shard(folder=folder, releases=found.releases)


def _files(releases: Sequence[BuiltRelease]) -> Iterator[Distribution]:
    return (file for built in releases for file in built.files)


def _together(shards: Sequence[_Shard]) -> Mapping[str, BuiltRelease]:
    """What was built, by package. Raises FindingsError for a package that two shards have otherwise."""
    found: dict[str, BuiltRelease] = {}
    places: dict[str, Path] = {}
    for shard in shards:
        for built in shard.releases:
            package = built.release.package
            other = found.setdefault(package, built)
            place = places.setdefault(package, shard.folder)
            if _facts(other) != _facts(built):
                message = (
                    f"{package} is in {place} and in {shard.folder}, and not the same: {_difference(other, built)}"
                )
                raise FindingsError(message, advice="each package is built by one shard of a plan; build it once")
            found[package] = replace(other, checks=_outcomes(other.checks, built.checks))
    return found


def _facts(built: BuiltRelease) -> tuple[object, ...]:
    return sorted((file.name, file.sha256, file.size) for file in built.files), sorted(built.requires_dist)


def _difference(one: BuiltRelease, other: BuiltRelease) -> str:
    names = {file.name for file in set(one.files) ^ set(other.files)}
    return ", ".join(sorted(names)) or "its requirements"


def _outcomes(one: Mapping[str, Outcome], other: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """The outcomes of both; where they differ, it has failed."""
    return {
        name: Outcome.FAILED if Outcome.FAILED in (one.get(name), other.get(name)) else Outcome.PASSED
        for name in (*one, *other)
    }


def _require_bytes(shards: Sequence[_Shard], folder: Path) -> None:
    """Raise FindingsError unless each file is in its shard or in ``folder``, and has its bytes wherever it is."""
    problems = []
    for shard in shards:
        for file in _files(shard.releases):
            there = [path for path in dict.fromkeys((shard.folder / file.name, folder / file.name)) if path.exists()]
            problems += [f"{path} is not the file that was built" for path in there if not _is(path, file)]
            problems += [] if there else [f"{shard.folder / file.name} is missing"]
    if problems:
        message = "".join(
            ("what was built can't be gathered:", *(f"\n  {problem}" for problem in sorted(set(problems))))
        )
        raise FindingsError(message, advice="build it again, and look at what changed the files; nothing was moved")


def _is(path: Path, file: Distribution) -> bool:
    return path.is_file() and path.stat().st_size == file.size and sha256_file(path) == file.sha256
