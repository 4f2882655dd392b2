"""Apply the repairs: bring missing files to an index, and record what is not recorded. Nothing is ever overwritten.

Files go first, and only a release that is then on every index is recorded: the same order as in a release.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from paa.doctor.diagnosis import Step
from paa.doctor.evidence import Sources
from paa.doctor.examine import Examined
from paa.edges.files import read_bytes, temporary_folder, write_atomic
from paa.edges.index import FILE_LIMIT, IndexReader
from paa.errors import OutsideError, PaaError
from paa.model import (
    BuiltRelease,
    Bump,
    Distribution,
    DistributionKind,
    Index,
    Plan,
    Published,
    PublishState,
    Release,
    ReleaseSet,
)
from paa.plan.order import finished
from paa.publish.publish import PublishOptions, publish
from paa.record import Recorded, record
from paa.scan.state import State

_RECORDING = (Step.TAG, Step.TRACK, Step.NOTE)
_DONE = (PublishState.UPLOADED, PublishState.ALREADY_THERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairOptions:
    """What repairing needs: the indexes with their readers, ``dist/``, where credentials are, and whether to push."""

    indexes: Mapping[str, Index]
    readers: Mapping[str, IndexReader]
    folder: Path
    environment: Mapping[str, str]
    push: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What was done: results of uploads, what was recorded, and what went wrong, by package and version."""

    published: tuple[Published, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    failures: Mapping[str, PaaError] = field(default_factory=dict)


def repair(
    state: State, examined: Sequence[Examined], options: RepairOptions, report: Callable[[Published], None]
) -> Repaired:
    """Take every step that ``examined`` asks for; ``report`` hears of each upload. A failure stops only its release.

    Running it again does only what is missing. Raises UsageError when Git has no committer and something is to be
    recorded; everything else that goes wrong is in the result.
    """
    ordered = _in_order(state, examined)
    failures: dict[str, PaaError] = {}
    published: list[Published] = []
    filling = [item for item in ordered if Step.FILL in item.diagnosis.steps]
    if filling:
        with temporary_folder("paa-doctor-") as folder:
            built = _gather(filling, options, folder, failures)
            for round_of in _one_version_each(built):
                published += _fill(round_of, options, folder, report)
    failed = {(result.package, Version(result.version)) for result in published if result.state not in _DONE}
    sound = [
        item
        for item in ordered
        if item.name not in failures and (item.evidence.package, item.case.version) not in failed
    ]
    recorded = tuple(_record(state, sound, options, failures))
    return Repaired(published=tuple(published), recorded=recorded, failures=failures)


def _in_order(state: State, examined: Sequence[Examined]) -> list[Examined]:
    """What others need comes first, as in a release."""
    needs = {name: state.scanned[name].siblings for name in sorted({item.evidence.package for item in examined})}
    place = {name: number for number, name in enumerate(finished(needs))}
    return sorted(examined, key=lambda item: (place[item.evidence.package], item.case.version))


def _gather(
    filling: Iterable[Examined], options: RepairOptions, folder: Path, failures: dict[str, PaaError]
) -> list[tuple[Examined, BuiltRelease]]:
    """The files of each release, in ``folder``: from dist/ or an index, and only with the hash that they must have."""
    found = []
    for item in filling:
        try:
            files = [_fetch(item, name, digest, options, folder) for name, digest in sorted(item.case.files.items())]
        except OutsideError as error:
            failures[item.name] = error
        else:
            found.append((item, _built(item, files)))
    return found


def _fetch(item: Examined, name: str, digest: str, options: RepairOptions, folder: Path) -> Distribution:
    for data in _copies(item, name, digest, options):
        if hashlib.sha256(data).hexdigest() == digest:
            write_atomic(folder / name, data)
            return _distribution(name, digest, len(data))
    message = f"{name} with the hash {digest} is neither in {options.folder} nor on an index any more"
    raise OutsideError(message, advice="run paa doctor again")


def _copies(item: Examined, name: str, digest: str, options: RepairOptions) -> Iterator[bytes]:
    kept = item.evidence.kept.built.files if item.evidence.kept is not None else ()
    if any((file.name, file.sha256) == (name, digest) for file in kept):
        yield read_bytes(options.folder / name)
    for index, served in item.evidence.served.items():
        for file in served or ():
            if (file.name, file.sha256) == (name, digest):
                yield options.readers[index].read(file, limit_bytes=FILE_LIMIT)


def _one_version_each(
    built: Sequence[tuple[Examined, BuiltRelease]],
) -> Iterator[list[tuple[Examined, BuiltRelease]]]:
    """The same in rounds: a plan has one version of a package. Earlier versions come first."""
    waiting = list(built)
    while waiting:
        first: dict[str, tuple[Examined, BuiltRelease]] = {}
        for pair in waiting:
            first.setdefault(pair[0].evidence.package, pair)
        yield list(first.values())
        taken = {item.name for item, _ in first.values()}
        waiting = [pair for pair in waiting if pair[0].name not in taken]


def _fill(
    built: Sequence[tuple[Examined, BuiltRelease]],
    options: RepairOptions,
    folder: Path,
    report: Callable[[Published], None],
) -> tuple[Published, ...]:
    """Bring each release to the indexes that lack it, and to no other."""
    sent = tuple(replace(made, release=replace(made.release, targets=item.case.facts.lacking)) for item, made in built)
    indexes = tuple(options.indexes.values())
    plan = Plan(commit=None, indexes=tuple(options.indexes), builder="", releases=tuple(made.release for made in sent))
    # What is sent was on an index, is what a tag says, or passed its checks; whose it is, was looked at: observe.py.
    how = PublishOptions(
        required_checks=(),
        environment=options.environment,
        adopted=tuple(canonicalize_name(made.release.distribution) for made in sent),
    )
    return publish(ReleaseSet(plan=plan, releases=sent), folder, indexes, how, report)


def _record(
    state: State, examined: Iterable[Examined], options: RepairOptions, failures: dict[str, PaaError]
) -> Iterator[Recorded]:
    """Record by the commits that releases were made from, each commit's in one go."""
    groups: dict[tuple[str, str], list[Examined]] = {}
    for item in examined:
        if set(_RECORDING) & set(item.diagnosis.steps) and (sources := _sources(item)) is not None:
            groups.setdefault((sources.commit, sources.builder), []).append(item)
    for (commit, builder), items in groups.items():
        releases = tuple(
            _built(item, [_distribution(*file) for file in sorted(item.case.files.items())]) for item in items
        )
        plan = Plan(commit=commit, indexes=(), builder=builder, releases=tuple(one.release for one in releases))
        names = {item.evidence.package for item in items}
        try:
            yield record(state.repository, ReleaseSet(plan=plan, releases=releases), names, push=options.push)
        except PaaError as error:
            failures.update({item.name: error for item in items})


def _sources(item: Examined) -> Sources | None:
    tag = item.case.tag
    return tag.sources if tag is not None and tag.sources is not None else item.evidence.sources


def _built(item: Examined, files: Sequence[Distribution]) -> BuiltRelease:
    sources = _sources(item)
    release = Release(
        package=item.evidence.package,
        distribution=item.evidence.distribution,
        version=str(item.case.version),
        previous=None,
        bump=Bump.NONE,
        fingerprint=sources.fingerprint if sources is not None else "",
        notes=item.case.tag.notes if item.case.tag is not None else (),
        floors=sources.floors if sources is not None else {},
        targets=item.evidence.targets(item.case.version),
    )
    return BuiltRelease(release=release, files=tuple(files), requires_dist=())


def _distribution(name: str, digest: str, size: int = 0) -> Distribution:
    kind = DistributionKind.WHEEL if name.endswith(".whl") else DistributionKind.SDIST
    return Distribution(name=name, size=size, sha256=digest, kind=kind)
