"""The time of day: the one place that reads it."""

from datetime import UTC, datetime


def today() -> str:
    """The date in UTC, as ISO 8601."""
    return datetime.now(UTC).date().isoformat()


def timestamp() -> str:
    """Date and time in UTC, to the second, as the existing tool's version log has it."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
