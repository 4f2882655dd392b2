"""What one run has to bring where: a job is one release on one index. Which may be started, and what holds one up."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from paa.errors import PaaError
from paa.model import Published, PublishState, Receipt
from paa.publish.channel import Channel
from paa.publish.course import Act, Course, Limits, Step, next_step
from paa.publish.destinations import Parcel
from paa.publish.gate import Candidate
from paa.publish.states import State

NOT_DONE = (PublishState.FAILED, PublishState.BLOCKED, PublishState.BURNT)
_OUTAGES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a run is given: see PublishOptions. ``judged`` are the indexes that the plan asked whose a project is.

    ``fetched`` takes the files that come from ``sources`` or from another index.
    """

    folder: Path
    fetched: Path
    judged: frozenset[str]
    required_checks: tuple[str, ...]
    adopted: frozenset[str]
    sources: tuple[Channel, ...]
    dry_run: bool
    most: int | None
    report: Callable[[Published], None]


@dataclass(slots=True, kw_only=True)
class Lane:
    """An index during one run: what it was found not to do any more, and what has not got there."""

    channel: Channel
    failed: set[str] = field(default_factory=set)
    outages: int = 0
    was_reached: bool = False
    takes_new_names: bool = True
    resumes_at: float = 0.0

    @property
    def name(self) -> str:
        """The name of the index."""
        return self.channel.index.name

    @property
    def is_down(self) -> bool:
        """Whether it could not be reached so often that asking on is in vain."""
        return self.outages >= _OUTAGES_IN_A_ROW


@dataclass(slots=True, kw_only=True)
class Job:
    """One release on its way to one index. ``result`` is None as long as it is not decided."""

    position: int
    candidate: Candidate
    lane: Lane
    limits: Limits
    parcels: Mapping[str, Parcel] = field(default_factory=dict)
    course: Course = field(default_factory=Course)
    is_new: bool = False
    is_needed: bool = False
    is_begun: bool = False
    is_busy: bool = False
    result: Published | None = None

    @property
    def package(self) -> str:
        """The package that is released."""
        return self.candidate.release.package

    def step(self, now: float) -> Step:
        """What has to be done next; nothing is sent while the index asks for a pause."""
        step = next_step(self.course, self.limits, now)
        at = max(step.at, self.lane.resumes_at) if step.act is Act.SEND else step.at
        return Step(act=step.act, at=at, file=step.file)


def priority(job: Job) -> tuple[bool, int]:
    """New names that nobody needs come last: an index may take only a few, and those that others need come first."""
    return (job.is_new and not job.is_needed, job.position)


def holds_up(job: Job, undone: Mapping[str, set[str]]) -> bool:
    """Whether ``job`` has to wait for a package that it needs; ``undone``: index → packages still on their way."""
    return any(need in undone[job.lane.name] for need in job.candidate.release.needs)


def reason_not_to_start(job: Job) -> str | None:
    """Why ``job`` can't be started any more, or None."""
    if blockers := [need for need in job.candidate.release.needs if need in job.lane.failed]:
        return f"blocked by {', '.join(blockers)}"
    if job.is_begun:
        return None
    if job.lane.is_down:
        return f"not tried: index {job.lane.name} can't be reached"
    if job.is_new and not job.lane.takes_new_names:
        return f"not tried: index {job.lane.name} takes no more new projects now; run again tomorrow"
    return None


def contested(jobs: Sequence[Job]) -> Mapping[str, str]:
    """Package → why it goes to no further index: one has other bytes as its version, and a version is one thing."""
    return {
        job.package: other_bytes(job.lane.name, names)
        for job in jobs
        if (names := [name for name, file in sorted(job.course.files.items()) if file.state is State.OTHER])
    }


def other_bytes(index: str, names: Sequence[str]) -> str:
    """That ``index`` has other bytes under the names of files."""
    return f"{index} has {', '.join(names)} with other bytes, and the same version is the same bytes everywhere"


def needed_packages(candidates: Sequence[Candidate]) -> Counter[str]:
    """How many of the releases need each package."""
    return Counter(need for candidate in candidates for need in candidate.release.needs)


def result_of(
    job: Job, state: PublishState, reason: str | None = None, receipts: tuple[Receipt, ...] = ()
) -> Published:
    """The result of ``job``."""
    release = job.candidate.release
    return Published(
        package=release.package,
        distribution=release.distribution,
        version=release.version,
        index=job.lane.name,
        state=state,
        reason=reason,
        receipts=receipts,
    )


def text_of(error: PaaError) -> str:
    """An error as the reason of a result."""
    return error.message if error.advice is None else f"{error.message}; {error.advice}"
