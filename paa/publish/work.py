"""The effects of a run, one try each. They are called in worker threads, and tell what happened in what they return."""

import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from paa.edges.index import IndexUnavailableError
from paa.edges.waiting import clock
from paa.errors import FileError, PaaError
from paa.model import BuiltRelease, Burnt, IndexFile, Receipt
from paa.publish.channel import Channel, fetch_file, presences
from paa.publish.course import Course, Failure, FileCourse, start, when_asked, when_not_read, when_sent
from paa.publish.destinations import Parcel
from paa.publish.gate import damage, reason_to_block
from paa.publish.jobs import Job, Setting, other_bytes, text_of
from paa.publish.ownership import Claim, built_manifest, is_ours, newest_manifest
from paa.publish.receipts import (
    forget_burnt,
    forget_taken,
    is_taken,
    is_tried,
    note_burnt,
    note_taken,
    note_tried,
    write_receipt,
)
from paa.publish.refusals import Refusal
from paa.publish.states import Presence, State
from paa.publish.upload import RefusedError, TemporaryUploadError
from paa.publish.verdicts import is_used_up

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one piece of work came to.

    ``course`` is how the job stands now. ``blocked`` and ``failed`` say why it can't go on. ``is_outage``: the index
    could not be reached. ``seconds``: how long the index took to answer.
    """

    course: Course | None = None
    parcels: Mapping[str, Parcel] | None = None
    is_new: bool = False
    mends: bool = False
    blocked: str | None = None
    failed: str | None = None
    is_outage: bool = False
    failure: Failure | None = None
    receipts: tuple[Receipt, ...] = ()
    seconds: float = 0.0


def judge(job: Job, setting: Setting) -> Outcome:
    """Decide all that can block a release, before anything is sent: files, checks, what the index has, whose it is."""
    reason = reason_to_block(job.candidate, setting.required_checks)
    built = job.candidate.built
    if built is None or reason is not None:
        return Outcome(blocked=reason)
    channel = job.lane.channel
    present = tuple(file for file in built.files if (setting.folder / file.name).is_file())
    if problem := damage(replace(built, files=present), setting.folder):
        return Outcome(failed=problem)
    began = clock()
    try:
        served = channel.files(built.release.distribution)
        seconds = clock() - began
        files = [file for file in built.files if channel.takes(file)]
        found = presences(channel, files, served)
        course = _first_course(job, built, setting, tuple(file.name for file in files))
        course = when_asked(course, found, job.limits, clock())
        if not course.has_ended and not _is_ours(channel, built, setting, served, found):
            return Outcome(blocked=_foreign(built, channel))
        if not course.has_ended and (reason := _contested(built, setting)) is not None:
            return Outcome(blocked=reason)
    except PaaError as error:
        return Outcome(failed=text_of(error), is_outage=isinstance(error, IndexUnavailableError))
    parcels = {
        file.name: Parcel(
            package=built.release.package,
            distribution=built.release.distribution,
            file=file,
            path=setting.folder / file.name,
        )
        for file in files
    }
    mends = channel.mends() and len(present) == len(built.files)
    return Outcome(course=course, parcels=parcels, is_new=not served, mends=mends, seconds=seconds)


def _first_course(job: Job, built: BuiltRelease, setting: Setting, names: tuple[str, ...]) -> Course:
    folder, index = setting.folder, job.lane.name
    taken = frozenset(file.name for file in built.files if is_taken(folder, index, file.name, file.sha256))
    tried = frozenset(file.name for file in built.files if is_tried(folder, index, file.name))
    return start(names, taken=taken, tried=tried, now=clock())


def _is_ours(
    channel: Channel,
    built: BuiltRelease,
    setting: Setting,
    served: Sequence[IndexFile],
    found: Mapping[str, Presence],
) -> bool:
    claim = Claim(
        built=built,
        holds_ours=Presence.SAME in found.values(),
        was_judged=channel.index.name in setting.judged and not built.release.new_on_index,
        adopted=setting.adopted,
        manifest=built_manifest(built, setting.folder) if served else None,
    )
    return is_ours(claim, served, lambda: newest_manifest(channel, built.release.distribution, served))


def _contested(built: BuiltRelease, setting: Setting) -> str | None:
    """Why a version that is on another index already may not come to this one: it is not the same there."""
    for source in setting.sources:
        if source.index.name not in built.release.present_on:
            continue
        try:
            files = [file for file in built.files if source.takes(file)]
            found = presences(source, files, source.files(built.release.distribution))
        except PaaError as error:
            logger.info("%s is not compared with %s: %s", built.release.package, source.index.name, error.message)
            continue
        if names := sorted(name for name, presence in found.items() if presence is Presence.OTHER):
            return other_bytes(source.index.name, names)
    return None


def _foreign(built: BuiltRelease, channel: Channel) -> str:
    name = built.release.distribution
    return (
        f"{name} is on index {channel.index.name} now, and nothing says that it is ours; choose another name in"
        f" __package_metadata__, or list {name!r} under adopt: in .paa.config"
    )


def ask(job: Job) -> Outcome:
    """Ask the index about all files of a release."""
    channel = job.lane.channel
    began = clock()
    try:
        served = channel.files(job.candidate.release.distribution)
        seconds = clock() - began
        found = presences(channel, [parcel.file for parcel in job.parcels.values()], served)
    except PaaError as error:
        course = when_not_read(job.course, text_of(error), job.limits, clock())
        return Outcome(course=course, is_outage=isinstance(error, IndexUnavailableError))
    return Outcome(course=when_asked(job.course, found, job.limits, clock()), seconds=seconds)


def send(job: Job, name: str, folder: Path) -> Outcome:
    """One try to send the file ``name``. That an index took it is noted below ``folder``, for a run after this one."""
    failure: Failure | None = None
    try:
        job.lane.channel.send(job.parcels[name])
    except TemporaryUploadError as error:
        failure = Failure(text=text_of(error), retry_after=error.retry_after, is_rate_limit=error.is_rate_limit)
        with contextlib.suppress(FileError):  # without it a name may be taken for one that is used up
            note_tried(folder, _receipt(job, job.parcels[name], uploaded=True))
    except RefusedError as error:
        failure = Failure(text=text_of(error), refusal=error.refusal)
    except PaaError as error:
        failure = Failure(text=text_of(error), refusal=Refusal.INVALID)
    else:
        with contextlib.suppress(FileError):  # it only spares a later run a try
            note_taken(folder, _receipt(job, job.parcels[name], uploaded=True))
    return Outcome(course=when_sent(job.course, name, failure, job.limits, clock()), failure=failure)


def fetch(job: Job, names: Sequence[str], sources: Sequence[Channel], folder: Path) -> Outcome:
    """Bring files that are not on this machine from an index that has exactly those bytes."""
    parcels = dict(job.parcels)
    distribution = job.candidate.release.distribution
    for name in names:
        for channel in sources:
            try:
                served = channel.files(distribution)
                path = fetch_file(channel, parcels[name].file, served, folder)
            except PaaError:
                continue
            if path is not None:
                parcels[name] = replace(parcels[name], path=path)
                break
        else:
            message = f"{parcels[name].path} is not there, and no index has these bytes: build it again"
            return Outcome(failed=message)
    return Outcome(parcels=parcels)


def save(job: Job, folder: Path) -> Outcome:
    """Write the receipts of a release that an index was seen to serve."""
    try:
        receipts = tuple(
            write_receipt(folder, _receipt(job, parcel, uploaded=not job.course.files[name].was_held))
            for name, parcel in job.parcels.items()
        )
    except FileError as error:
        return Outcome(failed=text_of(error))
    forget(job, folder)
    with contextlib.suppress(FileError):  # whoever records asks the index
        forget_burnt(folder, _burnt(job))
    return Outcome(receipts=receipts)


def note_end(job: Job, file: FileCourse, folder: Path) -> None:
    """Put down what the next run, or whoever records, has to know of a release of which ``file`` did not get there.

    What the index took and is only late with is waited for by the next run too; that the version is used up is found
    out again where the note is lost.
    """
    if file.state is not State.LATE:
        forget(job, folder)
    if is_used_up(file):
        with contextlib.suppress(FileError):
            note_burnt(folder, _burnt(job))


def _burnt(job: Job) -> Burnt:
    release = job.candidate.release
    return Burnt(package=release.package, version=release.version, index=job.lane.name)


def forget(job: Job, folder: Path) -> None:
    """Drop the notes that an index took the files of a release; one that stays makes a later run wait, no more."""
    with contextlib.suppress(FileError):
        for name in job.parcels:
            forget_taken(folder, job.lane.name, name)


def _receipt(job: Job, parcel: Parcel, *, uploaded: bool) -> Receipt:
    release = job.candidate.release
    return Receipt(
        index=job.lane.name,
        file=parcel.file.name,
        sha256=parcel.file.sha256,
        package=release.package,
        version=release.version,
        uploaded=uploaded,
    )
