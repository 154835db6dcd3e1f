"""The clocks of requests to know, delete and correct, over Californian and federal holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy import request_clocks as clocks
from forecourt.policy.days import business_days_after, is_business_day

MOMENTS = st.timedeltas(timedelta(0), timedelta(days=3650)).map(lambda later: datetime(2026, 1, 1, tzinfo=UTC) + later)
DAYS = st.dates(date(2026, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 12, 5), "a Saturday"),
        (date(2026, 12, 6), "a Sunday"),
        (date(2026, 11, 26), "Thanksgiving, federal"),
        (date(2026, 11, 27), "the day after it, California's alone"),
        (date(2026, 3, 31), "Cesar Chavez Day, California's alone"),
        (date(2026, 10, 12), "Columbus Day, federal alone"),
    ],
)
def test_nobody_works_on(day, why):
    assert not is_business_day(day), why


def test_ten_business_days_over_thanksgiving_end_after_fourteen_and_two():
    assert business_days_after(date(2026, 11, 20), 10) == date(2026, 12, 8)


@given(DAYS, st.integers(0, 30))
def test_between_a_day_and_its_deadline_lie_exactly_so_many_business_days(day, number):
    last = business_days_after(day, number)

    between = (day + timedelta(days=step) for step in range(1, (last - day).days + 1))
    assert sum(map(is_business_day, between)) == number
    assert number == 0 or is_business_day(last)


@given(MOMENTS)
def test_a_request_is_acknowledged_before_it_has_to_be_answered_and_answered_within_45_days_or_once_90(received):
    first, longer = clocks.clock(received), clocks.clock(received, extended=True)

    assert first.received < first.acknowledge_by < first.answer_by
    assert (first.answer_by - first.received, longer.answer_by - longer.received) == (
        timedelta(days=45),
        timedelta(days=90),
    )
    assert longer.acknowledge_by == first.acknowledge_by


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=100)))
def test_it_is_overdue_from_the_very_moment_on_at_which_its_last_day_ends_in_california(received, later):
    clock, now = clocks.clock(received), received + later

    assert clock.is_overdue(now) == (now >= clock.ends_at)
    assert clock.may_extend(now) == (now < clock.ends_at)
    assert not clocks.clock(received, extended=True).may_extend(now)


def test_the_day_is_californias_where_utc_is_a_day_ahead():
    received = datetime(2026, 12, 2, 3, tzinfo=UTC)

    assert clocks.clock(received).received == date(2026, 12, 1)


@given(MOMENTS)
def test_a_record_is_kept_for_24_months_and_goes_on_the_first_of_the_next(closed):
    gone = clocks.forget_on(closed)

    assert gone.day == 1
    assert timedelta(days=730) <= gone - closed.date() <= timedelta(days=763)
