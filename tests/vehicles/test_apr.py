"""The annual percentage rate against Regulation Z's own worked examples, every unit-period, and the equation turned round."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.vehicles.payments.maths import apr
from forecourt.vehicles.payments.maths.apr import (
    BIWEEK,
    DAY,
    HALF_YEAR,
    MONTH,
    QUARTER,
    SEMIMONTH,
    WEEK,
    YEAR,
    Flow,
    Kind,
    NoRate,
    Unit,
    series,
)

GIVEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "appendix_j_examples.csv"
EVERY = {
    "monthly": MONTH,
    "semimonthly": SEMIMONTH,
    "quarterly": QUARTER,
    "weekly": WEEK,
    "every 4 weeks": Unit(Kind.WEEK, 4),
    "every 2 weeks": BIWEEK,
}
PARTS = re.compile(
    r"(?:(\d+)x)?(\d+(?:\.\d+)?)( [a-z]+(?: \d weeks)?)?(?: \([^)]*\))?(?: (?:from|on) (\d{4}-\d\d-\d\d))?"
)
FOUR_WEEKS, TWO_MONTHS = Unit(Kind.WEEK, 4), Unit(Kind.MONTH, 2)


def lent(amount: str, on: str, *payments) -> Decimal:
    flows = [flow for part in payments for flow in part]
    return apr.rounded(apr.rate([Flow(date.fromisoformat(on), Decimal(amount))], flows))


def paid(amount: str, times: int, first: str, every: Unit = MONTH) -> list[Flow]:
    return list(series(Decimal(amount), times, date.fromisoformat(first), every))


# Appendix J, (c): single advances, regular and odd in every way that it shows.
EXAMPLES = {
    "(c)(1)(i)": ("5000", "1978-01-10", "9.69", paid("230", 24, "1978-02-10")),
    "(c)(1)(ii)": ("6000", "1978-02-10", "11.82", paid("200", 36, "1978-04-01")),
    "(c)(1)(iii)": ("5000", "1978-02-23", "10.34", paid("219.17", 24, "1978-03-01", SEMIMONTH)),
    "(c)(1)(iv)": ("10000", "1978-05-23", "8.97", paid("385", 40, "1978-10-01", QUARTER)),
    "(c)(1)(v)": ("500", "1978-03-20", "14.96", paid("17.60", 30, "1978-04-21", WEEK)),
    "(c)(2)(i)": ("5000", "1978-01-10", "10.08", paid("250", 1, "1978-02-10") + paid("230", 23, "1978-03-10")),
    "(c)(2)(ii)": ("400", "1978-03-18", "28.50", paid("39.50", 1, "1978-04-20") + paid("38.31", 11, "1978-05-18", FOUR_WEEKS)),
    "(c)(3)(i)": ("5000", "1978-01-10", "10.50", paid("230", 23, "1978-02-10") + paid("280", 1, "1980-01-10")),
    "(c)(3)(ii)": ("200", "1978-04-03", "12.22", paid("9.50", 19, "1978-04-11", BIWEEK) + paid("30", 1, "1979-01-02")),
    "(c)(4)(i)": (
        "5000", "1978-01-10", "10.90",
        paid("250", 1, "1978-02-10") + paid("230", 22, "1978-03-10") + paid("280", 1, "1980-01-10"),
    ),
    "(c)(4)(ii)": (
        "8000", "1978-01-10", "7.30",
        paid("449.36", 1, "1978-03-01") + paid("465", 18, "1978-05-01", TWO_MONTHS) + paid("200", 1, "1981-05-01"),
    ),
    "(c)(5)(i)": ("1000", "1978-01-03", "11.45", paid("1080", 1, "1978-09-15")),
}  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_regulations_own_examples_come_out_to_two_decimals(example):
    amount, on, expected, payments = EXAMPLES[example]

    assert lent(amount, on, payments) == Decimal(expected)


def test_the_examples_that_were_given_to_us_come_out_to_two_decimals():
    if not GIVEN.is_file():
        pytest.skip(
            "../shared/data/appendix_j_examples.csv is not on this machine; our own copies of the examples are checked above"
        )
    rows = list(csv.DictReader(GIVEN.open()))

    assert rows
    for row in rows:
        assert lent(row["amount"], row["first_date"], read(row["payments"], row["first_date"])) == Decimal(
            row["apr"]
        ), row["example"]


def read(text: str, lent_on: str) -> list[Flow]:
    """ "250 then 23x230 monthly from 1978-02-10": a single day is the first of all; without one that is a month after the advance."""
    parts = [part for part in map(PARTS.fullmatch, text.split(" then ")) if part]
    every = next((EVERY[part[3].strip()] for part in parts if part[3]), MONTH)
    days = [date.fromisoformat(part[4]) for part in parts if part[4]] or [
        apr.step(date.fromisoformat(lent_on), MONTH, 1)
    ]
    flows: list[Flow] = []
    for nth, part in enumerate(parts):
        first = days[nth] if len(days) == len(parts) else apr.step(days[0], every, len(flows))
        flows += series(Decimal(part[2]), int(part[1] or 1), first, every)
    return flows


# The rate a period at which five payments of 500 are worth 1,000, by any table of annuities.
FIVE_FOR_TWO = Decimal("0.410414965009")


@pytest.mark.parametrize(
    ("every", "a_year"),
    [
        (YEAR, 1), (HALF_YEAR, 2), (QUARTER, 4), (MONTH, 12), (SEMIMONTH, 24), (BIWEEK, 26), (WEEK, 52), (DAY, 365),
        (Unit(Kind.DAY, 10), Decimal("36.5")), (Unit(Kind.WEEK, 13), 4), (Unit(Kind.MONTH, 5), Decimal("2.4")),
    ],
    ids=lambda value: f"{value.times}-{value.kind}" if isinstance(value, Unit) else str(value),
)  # fmt: skip
def test_five_payments_at_each_unit_period_have_one_rate_a_period_times_the_periods_of_a_year(every, a_year):
    start = date(2027, 3, 1)
    payments = list(series(Decimal(500), 6, start, every))[1:]

    assert apr.unit_period(start, [start], [flow.on for flow in payments]) == every
    assert abs(apr.rate([Flow(start, Decimal(1000))], payments) - FIVE_FOR_TWO * a_year * 100) < Decimal("0.000001")


@pytest.mark.parametrize(
    ("unit", "start", "on", "whole", "part"),
    [
        (MONTH, "1978-02-10", "1978-04-01", 1, Decimal(19) / 30),
        (SEMIMONTH, "1978-02-23", "1978-03-01", 0, Decimal(6) / 15),
        (QUARTER, "1978-05-23", "1978-10-01", 1, Decimal(39) / 90),
        (WEEK, "1978-03-20", "1978-04-21", 4, Decimal(4) / 7),
        (FOUR_WEEKS, "1978-03-18", "1978-04-20", 1, Decimal(5) / 28),
        (TWO_MONTHS, "1978-01-10", "1978-03-01", 0, Decimal(52) / 60),
        (DAY, "2027-12-31", "2028-03-01", 61, 0),
        (YEAR, "2026-03-15", "2028-09-15", 2, Decimal(6) / 12),
        (YEAR, "2026-03-15", "2028-04-01", 2, Decimal(17) / 365),
        (MONTH, "2027-01-31", "2027-02-28", 1, 0),
        (MONTH, "2027-01-15", "2027-02-28", 1, Decimal(16) / 30),
    ],
)
def test_unit_periods_between_two_dates_are_counted_back_from_the_later_one(unit, start, on, whole, part):
    later = date.fromisoformat(on)

    assert apr.times(unit, date.fromisoformat(start), later, 31 if later.day == 28 else later.day) == (whole, part)


def test_a_series_on_the_last_day_or_the_30th_keeps_whole_months_over_february():
    for first in ("2027-01-31", "2027-01-30", "2027-01-29"):
        lent_on = apr.step(date.fromisoformat(first), MONTH, -1)
        payments = paid("230", 24, first)

        assert lent("5000", lent_on.isoformat(), payments) == Decimal("9.69")


def test_of_two_common_periods_that_are_as_frequent_the_shorter_one_counts():
    start = date(2027, 1, 4)
    weekly, monthly = [start + timedelta(days=7 * nth) for nth in (1, 2, 3)], [date(2027, 2, 25), date(2027, 3, 25)]

    assert apr.unit_period(start, [start], weekly + monthly + [date(2027, 4, 25)]) == WEEK


def test_without_a_common_period_the_nearest_standard_interval_to_the_average_counts():
    start = date(2027, 1, 1)

    assert apr.unit_period(start, [start], [date(2027, 1, 20), date(2027, 3, 5)]) == Unit(Kind.MONTH, 1)
    assert apr.unit_period(start, [start], [date(2027, 1, 5), date(2027, 1, 16), date(2027, 1, 24)]) == WEEK


def test_periods_of_more_than_a_year_are_reckoned_in_years():
    start = date(2027, 1, 1)

    assert apr.unit_period(start, [start], [date(2029, 1, 1), date(2031, 1, 1)]) == YEAR
    assert lent("1000", "2027-01-01", paid("1210", 1, "2029-01-01")) == Decimal("10.00")


@pytest.mark.parametrize(
    ("end", "unit"),
    [
        ("2027-09-15", Unit(Kind.DAY, 242)),
        ("2027-07-16", Unit(Kind.MONTH, 6)),
        ("2028-01-16", YEAR),
        ("2029-06-01", YEAR),
    ],
)
def test_one_advance_and_one_payment_have_the_term_for_their_unit_period(end, unit):
    assert apr.unit_period(date(2027, 1, 16), [date(2027, 1, 16)], [date.fromisoformat(end)]) == unit


def test_half_a_year_at_six_percent_is_a_rate_of_twelve():
    assert lent("1000", "2027-01-15", paid("1060", 1, "2027-07-15")) == Decimal("12.00")


def test_several_advances_have_a_rate_with_payments_between_them():
    """Each advance of 1,000 is paid back by 1,010 a month later: one percent a month."""
    advances = [Flow(date(2027, month, 10), Decimal(1000)) for month in (1, 2, 3)]
    payments = [Flow(date(2027, month, 10), Decimal(1010)) for month in (2, 3, 4)]

    assert apr.rounded(apr.rate(advances, payments)) == Decimal("12.00")


def test_the_term_begins_where_the_finance_charge_begins_to_be_earned():
    advances, payments = [Flow(date(2027, 1, 1), Decimal(1000))], paid("1010", 1, "2027-03-01")

    assert apr.rate(advances, payments) < apr.rate(advances, payments, begins=date(2027, 2, 1)) == 12


@pytest.mark.parametrize(
    ("advances", "payments", "says"),
    [
        ([], paid("1", 1, "2027-02-01"), "an advance and a payment"),
        (paid("100", 1, "2027-01-01"), paid("90", 1, "2027-02-01"), "less is paid back"),
        (paid("100", 1, "2027-01-01"), paid("-90", 1, "2027-02-01"), "negative"),
        (paid("100", 1, "2027-01-01"), paid("110", 1, "2026-12-01"), "before the term begins"),
        (paid("100", 1, "2027-01-01"), paid("110", 1, "2027-01-01"), "after the advance"),
        (paid("100", 1, "2027-01-01"), paid("100", 2, "2027-01-01"), "no rate is steep enough"),
    ],
)
def test_what_has_no_rate_says_why(advances, payments, says):
    with pytest.raises(NoRate, match=says):
        apr.rate(advances, payments)


UNITS = st.sampled_from([DAY, WEEK, BIWEEK, SEMIMONTH, MONTH, TWO_MONTHS, QUARTER, HALF_YEAR, YEAR])
AMOUNTS = st.decimals(Decimal(1000), Decimal(80_000), places=2)
RATES = st.decimals(Decimal("0.5"), Decimal(60), places=2)


@given(UNITS, AMOUNTS, RATES, st.integers(2, 60), st.integers(0, 40))
def test_the_rate_turns_round_the_general_equation(unit, amount, percent, count, odd_days):
    """Payments that are worth the advance at a rate have that rate, whatever their distance and however odd the first period."""
    start = date(2027, 1, 15)
    first = apr.step(start + timedelta(days=odd_days), unit, 1)
    dates = [flow.on for flow in series(Decimal(1), count, first, unit)]
    each = percent / 100 * unit.a_year.denominator / unit.a_year.numerator
    anchor = apr.monthly_day(dates)
    worth = sum(
        1 / ((1 + part * each) * (1 + each) ** whole)
        for whole, part in (apr.times(unit, start, on, anchor) for on in dates)
    )

    found = apr.rate([Flow(start, amount)], [Flow(on, amount / worth) for on in dates], unit=unit)

    assert abs(found - percent) < Decimal("1e-15")


@given(UNITS, st.integers(2, 40))
def test_the_unit_period_of_a_regular_series_is_its_own_distance(unit, count):
    first = date(2027, 1, 15)
    dates = [flow.on for flow in series(Decimal(1), count + 1, first, unit)]

    assert apr.unit_period(first, [first], dates[1:]) == unit


@given(AMOUNTS, st.integers(6, 84), st.decimals(Decimal("1.001"), Decimal(2), places=3), st.integers(1, 500))
def test_who_pays_more_each_month_pays_a_higher_rate(amount, months, times_over, more):
    each = amount * times_over / months
    start = date(2027, 1, 15)

    def at(payment):
        return apr.rate([Flow(start, amount)], series(payment, months, date(2027, 2, 15), MONTH))

    assert at(each) < at(each + more)
