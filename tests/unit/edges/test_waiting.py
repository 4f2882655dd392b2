from datetime import UTC, datetime

import pytest

from paa.edges.waiting import Backoff, retry_after_seconds

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


def test_pauses_grow_and_end() -> None:
    backoff = Backoff(tries=4, first_seconds=1.0, longest_seconds=3.0)
    assert [backoff.pause_after(attempt, None) for attempt in (1, 2, 3, 4)] == [1.0, 2.0, 3.0, None]


def test_the_server_may_ask_for_more_but_not_for_ever() -> None:
    backoff = Backoff(tries=4, first_seconds=1.0, longest_seconds=60.0)
    assert backoff.pause_after(1, 20.0) == 20.0
    assert backoff.pause_after(1, 0.0) == 1.0
    assert backoff.pause_after(1, 61.0) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds
