from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from forecourt.dealers import slots
from forecourt.dealers.hours import Span, Timetable

some_examples = settings(max_examples=60, deadline=None)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
TIMES = some.times(min_value=time(0), max_value=time(23, 59)).map(
    lambda moment: moment.replace(second=0, microsecond=0, fold=0)
)
SPANS = some.tuples(TIMES, TIMES).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Span(*pair))
MOMENTS = some.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
# The evenings before clocks change, in America, Europe and Australia.
NIGHTS = some.sampled_from(
    [datetime(2026, month, day, 20, tzinfo=UTC) for month, day in ((3, 7), (3, 28), (4, 4), (10, 31))]
)


@some.composite
def timetables(draw):
    return Timetable(
        zone=draw(some.sampled_from(ZONES)),
        weekdays=draw(some.dictionaries(some.integers(0, 6), some.tuples(SPANS), min_size=1)),
        closed=draw(some.dictionaries(some.dates(date(2020, 1, 1), date(2030, 1, 20)), some.just("shut"), max_size=3)),
    )


def dealer(timetable=None, *, capacity=1, services=("test-drive",), active=True):
    usual = Timetable("America/Chicago", dict.fromkeys(range(6), (Span(time(9), time(18)),)))
    return SimpleNamespace(timetable=timetable or usual, capacity=capacity, services=services, active=active)


def local(slot_start: datetime, zone: str) -> datetime:
    return slot_start.astimezone(ZoneInfo(zone))


@some_examples
@given(timetables(), MOMENTS | NIGHTS)
def test_every_drive_starts_on_the_half_hour_while_the_dealer_is_open_and_ends_before_it_closes(timetable, now):
    for start, day, _ in slots.starts(timetable, now, 4):
        here = local(start, timetable.zone)
        (span,) = timetable.spans(day)
        assert here.date() == day
        assert (here.minute, here.second) in ((0, 0), (30, 0))
        assert span.opens <= here.time()
        assert start >= now + slots.NOTICE
        ends = local(start + slots.DRIVE, timetable.zone)
        assert ends.replace(tzinfo=None) <= datetime.combine(day, span.closes)


@some_examples
@given(timetables(), MOMENTS | NIGHTS)
def test_start_times_are_in_order_and_each_comes_once_even_when_clocks_show_it_twice(timetable, now):
    found = [start for start, _, _ in slots.starts(timetable, now, 4)]

    assert found == sorted(set(found))


@some_examples
@given(timetables(), MOMENTS | NIGHTS)
def test_no_two_starts_of_a_day_wear_the_same_label(timetable, now):
    found = [(day, label) for _, day, label in slots.starts(timetable, now, 4)]

    assert len(found) == len(set(found))


@some_examples
@given(timetables(), MOMENTS, some.integers(1, 7), some.data())
def test_what_is_offered_is_exactly_what_is_listed(timetable, now, days, data):
    those = [slot.starts_at for slot in slots.open_for(dealer(timetable), now, days)]
    start = data.draw(some.sampled_from(those)) if those else now

    assert slots.is_offered(dealer(timetable), start, now, days) == bool(those)
    assert not slots.is_offered(dealer(timetable), start + timedelta(minutes=15), now, days)


@some_examples
@given(timetables(), MOMENTS)
def test_what_a_form_sends_back_reads_as_the_same_start(timetable, now):
    assert all(slots.read(slot.value) == slot.starts_at for slot in slots.open_for(dealer(timetable), now, 3))


def test_a_plain_monday_runs_from_opening_to_the_last_drive_that_ends_in_time(now):
    monday = datetime(2026, 12, 7, 5, tzinfo=UTC)

    labels = [
        slot.label.replace("\u00a0", " ") for slot in slots.open_for(dealer(), monday) if slot.day == date(2026, 12, 7)
    ]

    assert labels[0] == "9 am"
    assert labels[1] == "9:30 am"
    assert labels[-1] == "5 pm"
    assert len(labels) == 17


def test_nothing_starts_sooner_than_in_two_hours():
    half_past_nine = datetime(2026, 12, 7, 15, 31, tzinfo=UTC)

    assert slots.open_for(dealer(), half_past_nine)[0].starts_at == datetime(2026, 12, 7, 18, 0, tzinfo=UTC)


def test_the_hour_that_clocks_skip_has_no_starts():
    early = Timetable("America/Chicago", {6: (Span(time(0), time(6)),)})

    hours = {
        local(start, "America/Chicago").hour
        for start, *_ in slots.starts(early, datetime(2026, 3, 7, 12, tzinfo=UTC), 2)
    }

    assert hours == {0, 1, 3, 4, 5}


def test_the_hour_that_comes_twice_says_which_one_it_is():
    early = Timetable("America/Chicago", {6: (Span(time(0), time(6)),)})

    found = slots.starts(early, datetime(2026, 10, 31, 12, tzinfo=UTC), 2)

    labels = [label.replace("\u00a0", " ") for _, _, label in found]
    assert labels[2:6] == ["1 am CDT", "1:30 am CDT", "1 am CST", "1:30 am CST"]
    assert found[4][0] - found[2][0] == timedelta(hours=1)


def test_a_booked_drive_takes_its_car_from_the_drives_that_overlap_it():
    now = datetime(2026, 12, 7, 5, tzinfo=UTC)
    ten = datetime(2026, 12, 7, 16, tzinfo=UTC)

    free = {slot.starts_at for slot in slots.open_for(dealer(), now, taken={ten: 1})}

    assert not free & {ten - slots.STEP, ten, ten + slots.STEP}
    assert {ten - 2 * slots.STEP, ten + 2 * slots.STEP} <= free


def test_a_dealer_with_two_cars_still_has_one():
    now = datetime(2026, 12, 7, 5, tzinfo=UTC)
    ten = datetime(2026, 12, 7, 16, tzinfo=UTC)

    (slot,) = [slot for slot in slots.open_for(dealer(capacity=2), now, taken={ten: 1}) if slot.starts_at == ten]

    assert slot.left == 1


def test_a_drive_keeps_its_car_for_every_half_hour_that_it_touches():
    ten = datetime(2026, 12, 7, 16, tzinfo=UTC)

    assert slots.blocks(ten) == (ten, ten + slots.STEP)


@pytest.mark.parametrize(
    "closed_to_drives",
    [
        dealer(services=("service",)),
        dealer(active=False),
        dealer(Timetable("America/Chicago", {}, by_appointment=True)),
    ],
)
def test_a_dealer_that_cannot_be_booked_offers_no_time(closed_to_drives, now):
    assert slots.all_for(closed_to_drives, now) == []


def test_a_closed_day_offers_no_time(now):
    shut = Timetable("America/Chicago", {1: (Span(time(9), time(18)),)}, closed={date(2026, 12, 8): "Fair"})

    assert {slot.day for slot in slots.open_for(dealer(shut), now)} == {date(2026, 12, 1)}


def test_slots_stand_by_the_dealers_own_day(now):
    days = slots.by_day(slots.open_for(dealer(), now))

    assert [day for day, _ in days] == sorted({day for day, _ in days})
    assert date(2026, 12, 6) not in dict(days)


@pytest.mark.parametrize(
    "value", ["", "tomorrow", "2026-12-07", "2026-13-07T16:00Z", "2026-12-07T16:00", "2026-12-07T16:00Z; --"]
)
def test_nonsense_names_no_start(value):
    assert slots.read(value) is None
