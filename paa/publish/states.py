"""The states of one file on one index, and what moves it from one to the next. Nothing here asks, sends or waits.

docs/explanation/releasing.md draws this. A file is sent only out of ABSENT (or HELD, where sending mends), and ABSENT
is reached only by asking: so nothing is sent that the index was not asked about first, also after a failed try.
"""

from collections.abc import Mapping
from enum import Enum, auto


class Presence(Enum):
    """Whether an index has a file: not at all, with our bytes, or with other bytes under the same name."""

    ABSENT = auto()
    SAME = auto()
    OTHER = auto()


class State(Enum):
    """Where a file stands. The value says it in words, for whoever reads a log."""

    UNASKED = "not asked yet"
    PROMISED = "taken in an earlier run, but not served then"
    ABSENT = "not there"
    HELD = "there before we came"
    DOUBTFUL = "the last try failed for the moment"
    DESPAIRED = "the last of all tries failed"
    REFUSED = "refused, and not asked since"
    USED = "refused as used before, and waited for"
    TAKEN = "taken, but not served yet"
    SERVED = "served with our bytes"
    OTHER = "there with other bytes"
    REJECTED = "refused, and not there"
    BURNT = "its name is used up"
    GIVEN_UP = "all tries failed"
    LATE = "taken, but not served in time"
    UNREADABLE = "what the index has can't be found out"


class Event(Enum):
    """What happened: the index was asked, a try to send came to its end, or the time to wait is over."""

    SEEN_ABSENT = auto()
    SEEN_SAME = auto()
    SEEN_OTHER = auto()
    NOT_READ = auto()
    WAS_TAKEN = auto()
    FAILED_FOR_NOW = auto()
    FAILED_FOR_GOOD = auto()
    WAS_REFUSED = auto()
    REFUSED_AS_USED = auto()
    TIME_IS_UP = auto()


ENDS = frozenset({State.OTHER, State.REJECTED, State.BURNT, State.GIVEN_UP, State.LATE, State.UNREADABLE})
# States in which only the index knows how it stands.
TO_BE_ASKED = frozenset({State.UNASKED, State.PROMISED, State.DOUBTFUL, State.DESPAIRED, State.REFUSED, State.USED})
WAITING = frozenset({State.PROMISED, State.TAKEN, State.USED})

_ASKED = {Event.SEEN_SAME: State.SERVED, Event.SEEN_OTHER: State.OTHER, Event.NOT_READ: State.UNREADABLE}
_SENT = {
    Event.WAS_TAKEN: State.TAKEN,
    Event.FAILED_FOR_NOW: State.DOUBTFUL,
    Event.FAILED_FOR_GOOD: State.DESPAIRED,
    Event.WAS_REFUSED: State.REFUSED,
    Event.REFUSED_AS_USED: State.USED,
}
TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.UNASKED: {**_ASKED, Event.SEEN_ABSENT: State.ABSENT, Event.SEEN_SAME: State.HELD},
    # An index that is late is not sent again what a killed run has sent already, unless it really never comes.
    State.PROMISED: {**_ASKED, Event.SEEN_ABSENT: State.PROMISED, Event.TIME_IS_UP: State.ABSENT},
    State.ABSENT: {**_ASKED, **_SENT, Event.SEEN_ABSENT: State.ABSENT, Event.SEEN_SAME: State.HELD},
    State.HELD: {**_ASKED, **_SENT, Event.SEEN_ABSENT: State.ABSENT, Event.SEEN_SAME: State.HELD},
    State.DOUBTFUL: {**_ASKED, Event.SEEN_ABSENT: State.ABSENT},
    State.DESPAIRED: {**_ASKED, Event.SEEN_ABSENT: State.GIVEN_UP},
    State.REFUSED: {**_ASKED, Event.SEEN_ABSENT: State.REJECTED},
    # An index may refuse what a killed run of ours sent a moment ago, and not list it yet.
    State.USED: {**_ASKED, Event.SEEN_ABSENT: State.USED, Event.TIME_IS_UP: State.BURNT},
    # An index that has just taken a file may fail for a moment; the wait is bounded anyway.
    State.TAKEN: {
        **_ASKED,
        Event.SEEN_ABSENT: State.TAKEN,
        Event.NOT_READ: State.TAKEN,
        Event.TIME_IS_UP: State.LATE,
    },
    # Once seen is enough: an older copy of a page may still come from a cache.
    State.SERVED: {
        Event.SEEN_SAME: State.SERVED,
        Event.SEEN_ABSENT: State.SERVED,
        Event.NOT_READ: State.SERVED,
        Event.SEEN_OTHER: State.OTHER,
    },
}

SEEN: Mapping[Presence, Event] = {
    Presence.ABSENT: Event.SEEN_ABSENT,
    Presence.SAME: Event.SEEN_SAME,
    Presence.OTHER: Event.SEEN_OTHER,
}


def after(state: State, event: Event) -> State:
    """The state that ``event`` leads to. Raises KeyError for an event that can't happen there: a bug."""
    return TRANSITIONS[state][event]
