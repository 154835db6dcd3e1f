"""What a page needs to know to show how a sentence is kept. The proof room fills these in; nothing here decides."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    CHECKED = "checked"
    SIGNED = "signed"
    INFORMS = "informs"
    REVIEW = "review"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark in the policy's margin. `at` is when it was checked, or since when it is under review."""

    kind: Kind
    at: datetime | None = None
    by: str = ""
    until: date | None = None


class Day(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not-run"


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a strip."""

    day: date
    state: Day
