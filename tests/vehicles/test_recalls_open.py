"""Which recalls are open for which car."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from forecourt.vehicles.recalls import actions, campaigns, cars
from forecourt.vehicles.recalls import vin as vins
from tests.vehicles.recalls_cast import file, line, vin

STEERING, CHARGER, CAMERA, BELT, TANK = "26V974000", "25V968000", "24V955000", "26V981000", "20V944000"


@pytest.fixture
def wren(db, settings, now):
    actions.load_pack(Path(settings.BRAND), now)


def numbers(vin: str) -> list[str]:
    return [each.number for each in campaigns.open_for(vin)]


@pytest.mark.parametrize(
    ("car", "found"),
    [
        (("pipit", 2026, 412), [STEERING]),
        (("pipit", 2026, 1), [STEERING]),
        (("pipit", 2026, 1840), [STEERING]),
        (("pipit", 2026, 1841), []),
        (("pipit", 2026, 0), []),
        (("pipit", 2026, 6500), [BELT]),
        (("pipit", 2027, 640), [BELT]),
        (("pipit", 2027, 641), []),
        (("linnet", 2025, 2207), [CHARGER]),
        (("linnet", 2024, 99), [CAMERA]),
        (("siskin", 2024, 999_999), [CAMERA]),
        (("nuthatch", 2018, 9033), [TANK]),
        (("nuthatch", 2019, 9033), []),
        (("pipit", 2024, 5120), ["E24-WREN-01"]),
        (("pipit", 2024, 7451), []),
        (("avocet", 2026, 7), []),
    ],
)
def test_a_car_is_in_a_recall_by_line_year_and_serial_number(wren, car, found):
    assert numbers(vin(*car)) == found


def test_what_was_mended_is_open_no_more_on_that_car_alone(wren):
    assert numbers(vin("pipit", 2026, 388)) == []
    assert numbers(vin("pipit", 2026, 387)) == [STEERING]
    assert numbers(vin("siskin", 2023, 2650)) == []


def test_the_gravest_comes_first_then_the_newest(wren, tmp_path, now):
    path = file(
        tmp_path,
        line(CAMPNO="26V000001", RCDATE="20261101"),
        line(CAMPNO="26V000002", RCDATE="20261102"),
        line(CAMPNO="26V000003", RCDATE="20260101", DATEA="20260101", PARK_OUTSIDE="Yes"),
        line(CAMPNO="26V000004", RCDATE="20250101", DATEA="20260101", DO_NOT_DRIVE="Yes"),
        line(CAMPNO="26V000005", YEARTXT="9999", RCDATE=""),
    )
    actions.load(path, now)

    found = campaigns.open_for(vin("avocet", 2026, 7))

    assert [each.number[-1] for each in found] == ["4", "3", "2", "1", "5"]
    assert [each.stops_sale for each in found] == [True, False, False, False, False]


def test_a_range_narrows_its_own_line_and_year_and_no_other(wren, tmp_path, now):
    rows = [line(CAMPNO=STEERING, MODELTXT=model, YEARTXT=year) for model, year in (("PIPIT", "2026"), ("PIPIT", "2025"), ("SISKIN", "2026"))]  # fmt: skip
    actions.load(file(tmp_path, *rows), now)

    assert numbers(vin("pipit", 2026, 5000)) == []
    assert numbers(vin("pipit", 2025, 5000)) == [STEERING]
    assert numbers(vin("siskin", 2026, 5000)) == [STEERING]


def test_stop_sale_is_what_the_pack_or_the_official_file_says(wren):
    assert [each.stops_sale for each in campaigns.open_for(vin("linnet", 2025, 2207))] == [True]
    assert [each.stops_sale for each in campaigns.open_for(vin("siskin", 2024, 7))] == [False]


def test_many_cars_are_asked_about_in_three_queries(wren, django_assert_num_queries):
    those = [vin("pipit", 2026, serial) for serial in range(1, 400)]

    with django_assert_num_queries(3):
        found = campaigns.open_for_all(those)

    assert list(found) == those
    assert sum(map(bool, found.values())) == 398


@pytest.mark.parametrize("typed", ["", "nonsense", "1M8GDM9AXKP042788", "7WNPAGA26TD000413", "7WNZAGA26TD000412"])
def test_what_is_no_car_of_ours_has_no_recall(wren, typed):
    assert numbers(typed) == []


@given(st.data())
@how(max_examples=200)
def test_every_car_that_we_made_is_read_as_what_it_is(data):
    ours = cars.ours()
    made = data.draw(st.sampled_from(ours.lines))
    year = data.draw(st.integers(max(2010, made.first_year), min(made.last_year, 2039)))
    serial = data.draw(st.integers(0, 999_999))

    written = ours.vin_of(made, year, serial)

    assert vins.problem_of(written) is None
    found = ours.car(written)
    assert (found.line, found.year, found.serial) == (made, year, serial)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("7WNZAGA2_TD000412", "Character 4 tells the model, and Z stands for none of ours"),
        ("7WNNAGA2_TD000412", "we made no 2026 Nuthatch"),
        ("7WNPAGA2_TD00041A", "The last six characters are digits"),
        ("7WNPAG12_TD000412", "we made no 1996 Pipit"),
    ],
)
def test_a_vin_that_begins_as_ours_and_cannot_be_ours_is_explained(typed, says):
    assert says in cars.ours().car(vins.with_check_digit(typed.replace("_", "0")))
