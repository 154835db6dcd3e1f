"""How long something is kept is read from the words that the page shows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forecourt.policy.periods import Period, first


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("18 months after the drive", Period(months=18)),
        ("15 minutes", Period(rest=timedelta(minutes=15))),
        ("as long as the choice stands, and 24 months more as proof", Period(months=24)),
        ("what you wrote for a year after the answer", Period(months=12)),
        ("180 days after you ticked it last", Period(rest=timedelta(days=180))),
        ("not kept: gone once the page is answered", None),
        ("until you close your account", None),
    ],
)
def test_the_first_period_that_the_words_name_counts(words, period):
    assert first(words) == period


def test_a_month_back_from_the_end_of_a_longer_one_is_the_last_day_of_the_shorter():
    assert Period(months=1).before(datetime(2027, 3, 31, 9, tzinfo=UTC)) == datetime(2027, 2, 28, 9, tzinfo=UTC)
    assert Period(months=24).before(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2026, 2, 28, tzinfo=UTC)


@given(
    some.integers(min_value=0, max_value=7300).map(
        lambda days: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days)
    ),
    some.integers(min_value=0, max_value=60),
)
def test_what_is_over_today_is_over_tomorrow(now, months):
    period = Period(months=months)

    assert period.before(now) <= period.before(now + timedelta(days=1)) <= now + timedelta(days=1)
