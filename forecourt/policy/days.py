"""Business days, as deadlines of the law count them: no Saturday, no Sunday, no federal and no Californian holiday.

A day off of either calendar is none on which anybody has to work, so it does not count.
"""

from datetime import date, timedelta
from functools import cache

import holidays


def business_days_after(day: date, number: int) -> date:
    """The last of `number` business days that come after `day`; `day` itself where the number is 0."""
    while number:
        day += timedelta(days=1)
        number -= is_business_day(day)
    return day


def is_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _days_off()


@cache
def _days_off() -> holidays.HolidayBase:
    return holidays.country_holidays("US") + holidays.country_holidays("US", subdiv="CA")
