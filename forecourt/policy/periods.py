"""How long something is kept, read from the very words that the page shows: "18 months after the drive" keeps it for 18 months.

So a version of the policy that says another time has another time, and no number stands in the code beside it.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

WORDS = re.compile(r"\b(\d+|an?|one) (minute|hour|day|month|year)s?\b")
UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Calendar months, and what is shorter than one."""

    months: int = 0
    rest: timedelta = timedelta()

    def before(self, now: datetime) -> datetime:
        """What began at this moment or earlier is over. From March 31, one month back is the last day of February."""
        month = now.year * 12 + now.month - 1 - self.months
        year, month = month // 12, month % 12 + 1
        day = min(now.day, calendar.monthrange(year, month)[1])
        return now.replace(year=year, month=month, day=day) - self.rest


def first(words: str) -> Period | None:
    """The first period that the words name; None where they name none ("not kept", "until you close your account")."""
    found = WORDS.search(words)
    if found is None:
        return None
    number = int(found[1]) if found[1].isdigit() else 1
    if found[2] in MONTHS:
        return Period(months=number * MONTHS[found[2]])
    return Period(rest=number * UNITS[found[2]])
