from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from forecourt.dealers.hours import Span, Timetable, bounds, instants, today_words, week

CHICAGO = ZoneInfo("America/Chicago")
NINE_TO_SIX = Span(time(9), time(18))
WEEKDAYS = Timetable("America/Chicago", dict.fromkeys(range(5), (NINE_TO_SIX,)))


def chicago(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (chicago(23, 8, 59), "Opens today at 9 am"),
        (chicago(23, 9), "Open now, until 6 pm"),
        (chicago(23, 17, 59), "Open now, until 6 pm"),
        (chicago(23, 18), "Closed now, opens tomorrow at 9 am"),
        (chicago(27, 18), "Closed now, opens Monday at 9 am"),
    ],
)
def test_the_words_for_today_follow_the_dealers_own_clock(moment, words):
    assert today_words(WEEKDAYS, moment).replace("\u00a0", " ") == words


def test_a_lunch_break_counts_as_closed_until_it_ends():
    lunch = Timetable("America/Chicago", {0: (Span(time(9), time(12)), Span(time(13), time(18)))})

    assert "Opens today at 1" in today_words(lunch, chicago(23, 12, 30))


def test_a_closed_day_is_skipped_when_saying_when_it_opens():
    thanksgiving = Timetable("America/Chicago", WEEKDAYS.weekdays, closed={date(2026, 11, 26): "Thanksgiving"})

    assert "opens Friday" in today_words(thanksgiving, chicago(25, 19))


def test_a_dealer_without_any_hours_asks_for_a_call():
    assert today_words(Timetable("America/Chicago", {}), chicago(23, 9)) == "Closed for now: call first"


def test_the_week_says_closed_rather_than_nothing():
    assert week(WEEKDAYS)[5:] == [("Saturday", "Closed"), ("Sunday", "Closed")]


def test_a_time_that_clocks_skip_does_not_exist():
    assert instants(datetime.combine(date(2026, 3, 8), time(2, 30)), CHICAGO) == ()


def test_a_time_that_clocks_show_twice_is_two_moments():
    assert instants(datetime.combine(date(2026, 11, 1), time(1, 30)), CHICAGO) == (
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
    )


def test_closing_at_an_hour_that_comes_twice_means_the_first():
    assert bounds(date(2026, 11, 1), Span(time(0), time(1, 30)), CHICAGO)[1] == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
