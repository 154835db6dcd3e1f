"""How a month's cases were answered, counted into a row that outlives them. What somebody took back counts nowhere.

A month is one of UTC, by the day on which a case reached us. It is counted when it is over, and again each night until two months
have passed and none of its cases is open; then the row stays as it is. Late stays late: an answer after its day, or none by then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median

from forecourt.cases.models import Case
from forecourt.inquiries.actions import Outcome
from forecourt.inquiries.models import Month

Kind = Case.Kind
# With fewer, a row could tell somebody how a person whom they know fared.
FEWEST = 5
# A letter that is found late still counts for the month in which it reached us.
FOUND_LATE = timedelta(days=60)


class Group(StrEnum):
    QUESTIONS = "question"
    REQUESTS = "request"


KINDS = {
    Group.QUESTIONS: (Kind.QUESTION,),
    Group.REQUESTS: (Kind.KNOW, Kind.DELETE, Kind.CORRECT, Kind.NOT_INTERESTED, Kind.CHILD),
}


@dataclass(frozen=True, slots=True)
class Count:
    """`median_days` is of those that were answered, late or not; None where none was."""

    received: int
    in_time: int
    late: int
    still_open: int
    median_days: Decimal | None


@dataclass(frozen=True, slots=True)
class Went:
    """One case: when it came, when it was due, and when it was answered, if it was."""

    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None


def count(cases: Iterable[Went], now: datetime) -> Count:
    cases = list(cases)
    answered = [case for case in cases if case.closed_at is not None and case.closed_at <= now]
    in_time = sum(case.closed_at <= case.due_at for case in answered if case.closed_at)
    open_still = [case for case in cases if case not in answered]
    overdue = sum(case.due_at < now for case in open_still)
    days = [(case.closed_at - case.opened_at).total_seconds() / 86400 for case in answered if case.closed_at]
    return Count(
        received=len(cases),
        in_time=in_time,
        late=len(answered) - in_time + overdue,
        still_open=len(open_still) - overdue,
        median_days=Decimal(median(days)).quantize(Decimal("0.1")) if days else None,
    )


def close(now: datetime) -> int:
    """Count each month that is over and not final. How many rows were written."""
    return sum(write(first_day, group, now) for first_day in to_count(now) for group in Group)


def to_count(now: datetime) -> list[date]:
    """Every month from the first case on, up to the last one that is over, unless all its rows are final."""
    first = Case.objects.order_by("opened_at").values_list("opened_at", flat=True).first()
    if first is None:
        return []
    month, present, found = month_of(first), month_of(now), []
    final = set(Month.objects.filter(is_final=True).values_list("first_day", "group"))
    while month < present:
        if any((month, group) not in final for group in Group):
            found.append(month)
        month = after(month)
    return found


def write(first_day: date, group: Group, now: datetime) -> bool:
    if Month.objects.filter(first_day=first_day, group=group, is_final=True).exists():
        return False
    cases = Case.objects.filter(
        kind__in=KINDS[group], opened_at__gte=start(first_day), opened_at__lt=start(after(first_day))
    )
    rows = cases.exclude(outcome=Outcome.WITHDRAWN).values_list("opened_at", "due_at", "closed_at")
    counted = count((Went(*row) for row in rows), now)
    waits = cases.filter(closed_at=None).exists() or now < start(after(first_day)) + FOUND_LATE
    Month.objects.update_or_create(
        first_day=first_day,
        group=group,
        defaults={
            "received": counted.received,
            "in_time": counted.in_time,
            "late": counted.late,
            "still_open": counted.still_open,
            "median_days": counted.median_days,
            "counted_at": now,
            "is_final": not waits,
        },
    )
    return True


def month_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def after(first_day: date) -> date:
    return first_day.replace(year=first_day.year + first_day.month // 12, month=first_day.month % 12 + 1)


def start(first_day: date) -> datetime:
    return datetime(first_day.year, first_day.month, 1, tzinfo=UTC)


# The public page


@dataclass(frozen=True, slots=True)
class Row:
    """`hidden` where so few came that nothing more is said."""

    first_day: date
    month: Month
    hidden: bool


def published(group: Group) -> list[Row]:
    """Newest first."""
    months = Month.objects.filter(group=group).order_by("-first_day")
    return [Row(month.first_day, month, 0 < month.received < FEWEST) for month in months]
