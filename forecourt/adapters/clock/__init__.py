"""The clock, as an outside system: rules see this one only, so the demo and the tests can move it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
