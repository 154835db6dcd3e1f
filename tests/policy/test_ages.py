from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy.ages import group_of, years_on
from forecourt.policy.policy import Age

BORN = date(2013, 6, 15)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 6, 14), Age.CHILD),  # 12 years 364 days
        (date(2026, 6, 15), Age.TEEN),
        (date(2029, 6, 14), Age.TEEN),
        (date(2029, 6, 15), Age.GROWN),
    ],
)
def test_the_birthday_is_the_day_on_which_the_group_changes(day, expected):
    assert group_of(BORN, datetime(day.year, day.month, day.day, 18, tzinfo=UTC)) is expected


def test_nobody_is_thirteen_before_it_is_their_birthday_everywhere():
    begins_in_asia = datetime(2026, 6, 15, 0, 30, tzinfo=timezone(timedelta(hours=14)))

    assert group_of(BORN, begins_in_asia) is Age.CHILD
    assert group_of(BORN, datetime(2026, 6, 15, 11, 59, tzinfo=UTC)) is Age.CHILD
    assert group_of(BORN, datetime(2026, 6, 15, 12, 0, tzinfo=UTC)) is Age.TEEN


def test_who_was_born_on_a_leap_day_has_the_birthday_on_the_first_of_march():
    assert years_on(date(2025, 2, 28), date(2012, 2, 29)) == 12
    assert years_on(date(2025, 3, 1), date(2012, 2, 29)) == 13
    assert years_on(date(2028, 2, 29), date(2012, 2, 29)) == 16


MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 - Hypothesis wants the bounds without a zone
DAYS = st.dates(date(1920, 1, 1), date(2100, 1, 1))
ORDER = [Age.CHILD, Age.TEEN, Age.GROWN]


@given(born=DAYS, day=DAYS, more=st.integers(0, 4000))
def test_nobody_gets_younger(born, day, more):
    later = day + timedelta(days=more)

    assert years_on(day, born) <= years_on(later, born)


@given(born=DAYS, day=DAYS)
def test_a_day_more_is_a_year_more_on_one_day_a_year_at_most(born, day):
    assert years_on(day + timedelta(days=1), born) - years_on(day, born) in (0, 1)
    assert years_on(born, born) == 0


@given(born=DAYS, moment=MOMENTS, hours=st.integers(-12, 14))
def test_the_group_follows_the_moment_and_not_the_zone_that_it_is_told_in(born, moment, hours):
    told = moment.replace(tzinfo=UTC)

    assert group_of(born, told) is group_of(born, told.astimezone(timezone(timedelta(hours=hours))))


@given(born=DAYS, moment=MOMENTS, more=st.integers(0, 20_000))
def test_a_group_is_left_upwards_alone(born, moment, more):
    now = moment.replace(tzinfo=UTC)

    assert ORDER.index(group_of(born, now)) <= ORDER.index(group_of(born, now + timedelta(hours=more)))
