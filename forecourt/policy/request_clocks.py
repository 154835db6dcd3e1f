"""By when a request to know, delete or correct is acknowledged and answered. Its receipt starts the clock, whatever checking takes.

Days are California's, whose law this is; a day ends at midnight there. Sources: 11 CCR 7021, Cal. Civ. Code 1798.130(a)(2).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from forecourt.policy import law
from forecourt.policy.days import business_days_after

ZONE = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, slots=True)
class Clock:
    """The last days, each included, on which it is still in time. `may_extend` tells whether more time may still be taken."""

    received: date
    acknowledge_by: date
    answer_by: date
    extended: bool

    def may_extend(self, now: datetime) -> bool:
        return not self.extended and day_of(now) <= self.answer_by

    def is_overdue(self, now: datetime) -> bool:
        return day_of(now) > self.answer_by

    @property
    def ends_at(self) -> datetime:
        """The first moment at which an answer is late."""
        return datetime.combine(self.answer_by + timedelta(days=1), time(), ZONE)


def clock(received: datetime, *, extended: bool = False) -> Clock:
    """`received` is aware. The numbers are those of the day on which it came in."""
    day = day_of(received)
    days = law.value("request_answer_days", received)
    if extended:
        days += law.value("request_extension_days", received)
    return Clock(
        received=day,
        acknowledge_by=business_days_after(day, law.value("request_acknowledge_business_days", received)),
        answer_by=day + timedelta(days=days),
        extended=extended,
    )


def forget_on(closed: datetime) -> date:
    """The day on which the record of an answered request goes: the first of the month after the months of the law."""
    year, month = divmod(closed.month + law.value("request_record_months", closed), 12)
    return date(closed.year + year, month + 1, 1)


def day_of(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
