"""How old somebody is, as the law counts it: in whole years, on the day. What comes out is a group and never an age.

Sources: 16 CFR 312.2 (a child is under 13), Cal. Civ. Code 1798.120(c) (13 to 15: their own word), R-CA-12.
"""

from datetime import date, datetime, timedelta, timezone

from forecourt.policy import law
from forecourt.policy.policy import Age

# The last place on earth in which a day begins. Nobody is older here than at home.
LAST_ZONE = timezone(timedelta(hours=-12))


def group(years: int, now: datetime) -> Age:
    """The group of somebody of so many whole years (0 or more)."""
    if years < law.value("child_below_years", now):
        return Age.CHILD
    return Age.TEEN if years < law.value("teen_below_years", now) else Age.GROWN


def years_on(day: date, born: date) -> int:
    """Whole years on `day`, the birthday's own day included; below 0 before the birth. Who was born on February 29 has their birthday
    on March 1 where a year has no such day, which is the strict side."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def group_of(born: date, now: datetime) -> Age:
    """The group of somebody born on that day, at `now` (aware). Where it is already tomorrow elsewhere, it is still today here."""
    return group(years_on(now.astimezone(LAST_ZONE).date(), born), now)
