"""Neither too early nor too late, anywhere that the phone may be, also on the days when clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy.hours import is_open, next_opening

NEW_YORK, DENVER, PHOENIX, LOS_ANGELES, HONOLULU = (
    "America/New_York",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "Pacific/Honolulu",
)
OPENS, CLOSES = time(8), time(21)


def at(zone, *when):
    return datetime(*when, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [((7, 59), False), ((8, 0), True), ((20, 59), True), ((21, 0), False), ((0, 0), False)],
)
def test_texts_leave_from_eight_until_nine_in_the_evening(clock, expected):
    assert is_open([NEW_YORK], at(NEW_YORK, 2026, 11, 23, *clock), OPENS, CLOSES) is expected


def test_the_hours_must_hold_in_every_zone():
    nine_in_new_york = at(NEW_YORK, 2026, 11, 23, 9)

    assert not is_open([NEW_YORK, LOS_ANGELES], nine_in_new_york, OPENS, CLOSES)


def test_no_zone_known_is_no():
    assert not is_open([], at(NEW_YORK, 2026, 11, 23, 12), OPENS, CLOSES)
    assert next_opening([], at(NEW_YORK, 2026, 11, 23, 12)) is None


def test_within_hours_the_next_opening_is_now():
    now = at(NEW_YORK, 2026, 11, 23, 12, 34)

    assert next_opening([NEW_YORK], now) == now


def test_a_text_for_two_coasts_waits_for_the_later_morning():
    night = at(NEW_YORK, 2026, 11, 23, 23)

    assert next_opening([NEW_YORK, LOS_ANGELES], night) == at(LOS_ANGELES, 2026, 11, 24, 8)


@pytest.mark.parametrize("night", [(2026, 3, 7, 22), (2026, 10, 31, 22)])
def test_the_morning_after_the_clocks_change_still_begins_at_eight(night):
    opening = next_opening([NEW_YORK], at(NEW_YORK, *night))

    assert opening.astimezone(ZoneInfo(NEW_YORK)).time() == time(8)
    assert opening - at(NEW_YORK, *night).astimezone(UTC) != timedelta(hours=10)


def test_a_window_that_the_clocks_jump_into_opens_at_the_jump():
    jump = datetime(2026, 3, 8, 7, tzinfo=UTC)  # two in the morning in New York becomes three

    assert next_opening([NEW_YORK], jump - timedelta(hours=3), time(2, 30), time(4)) == jump


def test_a_window_in_the_hour_that_comes_twice_opens_twice():
    first = datetime(2026, 11, 1, 5, 20, tzinfo=UTC)  # twenty past one in New York, and again an hour later

    assert next_opening([NEW_YORK], first, time(1, 20), time(1, 40)) == first
    again = next_opening([NEW_YORK], first + timedelta(minutes=30), time(1, 20), time(1, 40))
    assert again == first + timedelta(hours=1)


def test_arizona_keeps_its_clock_when_its_neighbours_change_theirs():
    summer, winter = at(DENVER, 2026, 7, 1, 23), at(DENVER, 2026, 12, 1, 23)

    assert next_opening([DENVER, PHOENIX], summer) == at(PHOENIX, 2026, 7, 2, 8)
    assert next_opening([DENVER, PHOENIX], winter) == at(DENVER, 2026, 12, 2, 8)


def test_zones_whose_days_never_meet_have_no_opening():
    never = next_opening([NEW_YORK, HONOLULU], at(NEW_YORK, 2026, 11, 23, 12), time(9), time(10))

    assert never is None


zones = st.lists(
    st.sampled_from((NEW_YORK, DENVER, PHOENIX, LOS_ANGELES, HONOLULU, "America/St_Johns")), min_size=1, max_size=4
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)) | st.builds(
    lambda day, minutes: datetime(2026, *day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from([(3, 7), (3, 8), (10, 31), (11, 1)]),
    st.integers(0, 2880),
)


@given(zones, moments)
def test_an_opening_lies_within_the_hours_of_every_zone(zones, now):
    opening = next_opening(zones, now)

    assert opening >= now
    assert is_open(zones, opening, OPENS, CLOSES)


@given(zones, moments)
def test_no_earlier_minute_would_have_done(zones, now):
    opening = next_opening(zones, now)

    assert opening == now or not is_open(zones, opening - timedelta(microseconds=1), OPENS, CLOSES)
    minutes = range(0, int((opening - now).total_seconds()), 300)
    assert not any(is_open(zones, now + timedelta(seconds=second), OPENS, CLOSES) for second in minutes)


@given(zones, moments, st.integers(0, 6000))
def test_waiting_never_moves_the_opening_earlier(zones, now, minutes):
    later = now + timedelta(minutes=minutes)

    assert next_opening(zones, now) <= next_opening(zones, later)


@given(zones, moments)
def test_more_zones_never_open_sooner(zones, now):
    assert next_opening(zones[:1], now) <= next_opening(zones, now)
