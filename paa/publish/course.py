"""One release on its way to one index: what is to be done next, and what has become of it. Pure; time is an argument.

Seconds are those of one clock that never goes back; only their differences count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from paa.edges.waiting import Backoff
from paa.publish.refusals import Refusal
from paa.publish.states import ENDS, SEEN, TO_BE_ASKED, WAITING, Event, Presence, State, after

_FRESH_SECONDS = 60.0  # how old the answer "not there" may be when a file is sent
_FIRST_POLL_SECONDS = 0.2
_LONGEST_POLL_SECONDS = 10.0
_POLL_GROWTH = 1.6


class Act(Enum):
    """What is to be done next."""

    ASK = auto()
    SEND = auto()
    STOP = auto()
    FINISH = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do, not before the second ``at``; ``file`` names the one to send, or the one that failed."""

    act: Act
    at: float = 0.0
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How a try to send ended: in words, and as far as it matters for what comes next.

    ``refusal`` is None where the same may work later; ``retry_after`` is the pause that the index asks for.
    """

    text: str
    refusal: Refusal | None = None
    retry_after: float | None = None
    is_rate_limit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how often: see PublishOptions. ``mends``: what is there already is sent all the same."""

    backoff: Backoff
    confirm_seconds: float
    mends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCourse:
    """One file: its state, the tries to send it, what the last one said, and whether it was there before us.

    ``was_tried``: an earlier run of ours has sent it, or may have.
    """

    name: str
    state: State = State.UNASKED
    tries: int = 0
    failure: Failure | None = None
    due: float = 0.0
    waits_since: float = 0.0
    pause: float = _FIRST_POLL_SECONDS
    was_held: bool = False
    was_tried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The files of one release on one index, in the order in which they are sent."""

    files: Mapping[str, FileCourse] = field(default_factory=dict)
    asked_at: float = 0.0

    @property
    def uploaded(self) -> bool:
        """Whether this run sent a file that was not there before."""
        return any(file.tries and not file.was_held for file in self.files.values())

    @property
    def has_despaired(self) -> bool:
        """Whether the last of all tries to send a file has failed."""
        return any(file.state is State.DESPAIRED for file in self.files.values())

    @property
    def has_ended(self) -> bool:
        """Whether a file can't get there in this run."""
        return any(file.state in ENDS for file in self.files.values())


def start(
    names: tuple[str, ...],
    *,
    taken: frozenset[str] = frozenset(),
    tried: frozenset[str] = frozenset(),
    now: float = 0.0,
) -> Course:
    """The course of files of which nothing is known but that an index took those in ``taken``, in an earlier run.

    They are waited for like those that it takes now, so that an index that is late is not sent the same again. Of those
    in ``tried`` nobody knows whether an earlier run got them there.
    """
    files = {
        name: FileCourse(
            name=name,
            state=State.PROMISED if name in taken else State.UNASKED,
            waits_since=now,
            was_tried=name in taken or name in tried,
        )
        for name in names
    }
    return Course(files=files)


def next_step(course: Course, limits: Limits, now: float) -> Step:
    """What has to be done now. STOP names the file that failed; FINISH means that the index serves every file."""
    files = course.files.values()
    if failed := next((file for file in files if file.state in ENDS), None):
        return Step(act=Act.STOP, file=failed.name)
    if asking := [file for file in files if file.state in TO_BE_ASKED]:
        return Step(act=Act.ASK, at=max(file.due for file in asking))
    to_send = (State.ABSENT, State.HELD) if limits.mends else (State.ABSENT,)
    if sending := next((file for file in files if file.state in to_send), None):
        if now - course.asked_at > _FRESH_SECONDS:
            return Step(act=Act.ASK)
        return Step(act=Act.SEND, file=sending.name)
    if waiting := [file for file in files if file.state is State.TAKEN]:
        return Step(act=Act.ASK, at=max(file.due for file in waiting))
    return Step(act=Act.FINISH)


def when_asked(course: Course, presences: Mapping[str, Presence], limits: Limits, now: float) -> Course:
    """``course`` after the index was asked about all of its files."""
    files = {name: _seen(file, SEEN[presences[name]], limits, now) for name, file in course.files.items()}
    return replace(course, files=files, asked_at=now)


def when_not_read(course: Course, reason: str, limits: Limits, now: float) -> Course:
    """``course`` after the index could not be asked, for ``reason``."""
    failure = Failure(text=reason)
    files = {
        name: _seen(file, Event.NOT_READ, limits, now, failure if file.failure is None else file.failure)
        for name, file in course.files.items()
    }
    return replace(course, files=files, asked_at=now)


def when_sent(course: Course, name: str, failure: Failure | None, limits: Limits, now: float) -> Course:
    """``course`` after one try to send the file ``name``; ``failure`` is None when the index took it."""
    file = course.files[name]
    tries = file.tries + 1
    due = now
    if failure is None:
        event = Event.WAS_TAKEN
    elif failure.refusal is not None:
        # Only a name that is used may turn out to be our own file, which a late index does not show yet.
        is_used = failure.refusal in (Refusal.USED, Refusal.CLASH)
        event = Event.REFUSED_AS_USED if is_used else Event.WAS_REFUSED
    else:
        pause = limits.backoff.pause_after(tries, failure.retry_after)
        event = Event.FAILED_FOR_GOOD if pause is None else Event.FAILED_FOR_NOW
        due += pause or 0.0
    sent = replace(
        file,
        state=after(file.state, event),
        tries=tries,
        failure=failure,
        due=due,
        waits_since=now,
        pause=_FIRST_POLL_SECONDS,
    )
    return replace(course, files={**course.files, name: sent})


def _seen(file: FileCourse, event: Event, limits: Limits, now: float, failure: Failure | None = None) -> FileCourse:
    if file.state in ENDS:
        return file
    state = after(file.state, event)
    was_held = {State.HELD: True, State.ABSENT: False}.get(state, file.was_held)
    seen = replace(file, state=state, failure=failure or file.failure, was_held=was_held)
    if state not in WAITING:
        return seen
    left = file.waits_since + limits.confirm_seconds - now
    if left <= 0:
        return replace(seen, state=after(state, Event.TIME_IS_UP))
    return replace(seen, due=now + min(file.pause, left), pause=min(file.pause * _POLL_GROWTH, _LONGEST_POLL_SECONDS))
