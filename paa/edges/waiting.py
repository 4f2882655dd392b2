"""Time that passes: a clock, pauses between tries, and what a server asks for."""

import email.utils
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How often something that failed for the moment is tried, and how long the pauses are, in seconds.

    The pauses double from ``first_seconds`` on. A server that asks for a pause gets it, up to ``longest_seconds``;
    one that asks for more is not waited for.
    """

    tries: int = 4
    first_seconds: float = 1.0
    longest_seconds: float = 60.0

    def pause_after(self, attempt: int, asked: float | None) -> float | None:
        """Seconds to wait after the failed ``attempt`` (counted from 1), or None to give up.

        ``asked`` is the pause that the server asked for, if it did.
        """
        if attempt >= self.tries or (asked is not None and asked > self.longest_seconds):
            return None
        own = self.first_seconds * 2.0 ** (attempt - 1)
        return min(max(own, asked or 0.0), self.longest_seconds)


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float | None:
    """The pause that a Retry-After header asks for: seconds or an HTTP date (RFC 9110, 10.2.3); None if neither."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def sleep(seconds: float) -> None:
    """Do nothing for that long."""
    time.sleep(seconds)


def deadline(seconds: float) -> Callable[[], bool]:
    """A function that says whether ``seconds`` have passed since this call."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def clock() -> float:
    """Seconds of a clock that never goes back. Only differences mean something."""
    return time.monotonic()
