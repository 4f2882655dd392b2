"""Times are told in UTC, in the two forms that files of ours have."""

from datetime import UTC, datetime

import pytest

from paa.edges import clock


def test_the_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    before = datetime.now(UTC).replace(microsecond=0)
    day, time = clock.today(), clock.timestamp()
    after = datetime.now(UTC)
    assert before.date() <= datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date() <= after.date()
    assert before <= datetime.strptime(time, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) <= after
