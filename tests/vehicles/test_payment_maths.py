"""Loans and leases to the cent: their sums, their taxes by state, and what a change of terms does to them."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecourt.dealers.places import STATES
from forecourt.vehicles.payments.maths import ZERO, finance, taxes
from forecourt.vehicles.payments.maths.finance import Finance
from forecourt.vehicles.payments.maths.lease import Lease, Method, Tax

CENTS = Decimal("0.01")
PRICES = st.decimals(Decimal(5000), Decimal(90_000), places=2)
RATES = st.decimals(Decimal(0), Decimal(30), places=2)
MONTHS = st.integers(1, 96)
ON = date(2026, 12, 1)


def loan(amount="24000", percent="6.9", months=60, **more) -> Finance:
    parts = {"tax": ZERO, "down": ZERO, "trade_in": ZERO} | {key: Decimal(value) for key, value in more.items()}
    return Finance(Decimal(amount), percent=Decimal(percent), months=months, **parts)


def leased(**more) -> Lease:
    usual = {"price": "30000", "residual": "17400", "money_factor": "0.00215", "months": 36}
    parts = {key: Decimal(value) if isinstance(value, str) else value for key, value in {**usual, **more}.items()}
    return Lease(**parts)


# A payment that anybody can look up in a table of loans: $10,000 at 6% over 36 months is $304.22, and so on.
@pytest.mark.parametrize(
    ("amount", "percent", "months", "expected"),
    [
        ("10000", "6", 36, "304.22"),
        ("20000", "5", 60, "377.42"),
        ("25000", "0", 48, "520.83"),
        ("100", "12", 1, "101.00"),
    ],
)
def test_a_payment_is_what_tables_of_loans_say(amount, percent, months, expected):
    assert finance.payment(Decimal(amount), Decimal(percent), months) == Decimal(expected)


def test_a_loan_is_told_with_all_that_it_costs():
    found = loan("25995", "5.9", 60, tax="1787.16", down="2500", trade_in="1000")

    assert found.amount == Decimal("24282.16")
    assert found.payment == Decimal("468.31")
    assert found.total_of_payments == found.amount + found.finance_charge
    assert found.total_cost == found.total_of_payments + 3500
    assert found.due_at_signing == 2500
    assert found.apr == Decimal("5.90")


@given(PRICES, RATES, MONTHS)
def test_a_schedule_adds_up_to_the_cent(amount, percent, months):
    rows = finance.schedule(amount, percent, months)

    assert len(rows) == months
    assert sum(row.principal for row in rows) == amount
    assert rows[-1].balance == 0
    assert all(row.payment == row.interest + row.principal for row in rows)
    assert all(row.payment == row.payment.quantize(CENTS) for row in rows)
    assert all(later.balance <= earlier.balance for earlier, later in pairwise(rows))
    # Each month rounds by half a cent at the most, and interest may compound that.
    assert abs(rows[-1].payment - finance.payment(amount, percent, months)) <= months * CENTS * 4


@given(
    st.decimals(Decimal(5000), Decimal(90_000), places=2),
    st.decimals(Decimal("0.5"), Decimal(30), places=2),
    st.integers(6, 96),
)
def test_the_rate_of_a_loan_is_the_rate_that_was_asked_for(amount, percent, months):
    assert abs(loan(amount, percent, months).apr - percent) <= CENTS


@given(PRICES, RATES, st.integers(2, 95), st.decimals(Decimal("0.25"), Decimal(5), places=2))
def test_payments_rise_with_the_rate_and_fall_with_the_term_and_the_down_payment(price, percent, months, more):
    assume(price > 1000)

    assert loan(price, percent, months).payment <= loan(price, percent + more, months).payment
    assert loan(price, percent, months).payment >= loan(price, percent, months + 1).payment
    assert loan(price, percent, months).payment > loan(price, percent, months, down="500").payment
    assert (
        loan(price, percent, months).finance_charge
        <= loan(price, percent + more, months).finance_charge + months * CENTS
    )


@pytest.mark.parametrize("down", ["24000", "30000"])
def test_nothing_is_lent_where_nothing_remains(down):
    with pytest.raises(ValueError, match="leave something"):
        loan(down=down)


def test_a_lease_is_depreciation_and_rent():
    """12,600 over 36 months is 350; (30,000 + 17,400) x 0.00215 is 101.91."""
    found = leased()

    assert (found.depreciation, found.base_payment) == (12600, Decimal("451.91"))
    assert found.rent_charge == Decimal("451.91") * 36 - 12600
    assert [(item.of, item.amount) for item in found.items] == [("first-payment", Decimal("451.91")), ("deposit", 0)]


def test_what_is_due_at_signing_is_told_line_by_line():
    found = leased(down="2000", trade_in="1500", acquisition="795", deposit="400", tax=Tax(Decimal(7), Method.PAYMENTS))

    assert {item.of: item.amount for item in found.items} == {
        "first-payment": found.payment,
        "down": 2000,
        "acquisition": 795,
        "tax": Decimal("245.00"),
        "deposit": 400,
    }
    assert found.due_at_signing == sum(item.amount for item in found.items)


@pytest.mark.parametrize(
    ("method", "credit", "a_month", "at_signing"),
    [
        (Method.PAYMENTS, False, "0.06", "0.06 * 3000"),
        (Method.PAYMENTS, True, "0.06", "0.06 * 2000"),
        (Method.TOTAL, False, "0", "0.06 * (base * 36 + 3000)"),
        (Method.PRICE, False, "0", "0.06 * 30000"),
        (Method.PRICE, True, "0", "0.06 * 29000"),
        (Method.NONE, False, "0", "0"),
        (None, False, "0", "0"),
    ],
)
def test_each_state_taxes_a_lease_in_its_own_way(method, credit, a_month, at_signing):
    found = leased(down="2000", trade_in="1000", tax=Tax(Decimal(6), method, credit))

    expected = eval(at_signing, {"base": float(found.base_payment)})
    assert found.tax_a_month == (found.base_payment * Decimal(a_month)).quantize(CENTS)
    assert abs(float(found.tax_at_signing) - expected) < 0.0051


LEASES = st.builds(
    lambda price, share, factor, months, down, fees, tax: leased(
        price=price, residual=(price * share / 100).quantize(CENTS), money_factor=factor, months=months,
        down=(price * down / 100).quantize(CENTS), acquisition=fees, disposition=fees, deposit=fees, tax=tax,
    ),
    PRICES, st.integers(30, 70), st.decimals(Decimal(0), Decimal("0.006"), places=5), st.integers(12, 60), st.integers(0, 25),
    st.decimals(Decimal(0), Decimal(1200), places=2),
    st.builds(Tax, st.decimals(Decimal(0), Decimal(11), places=3), st.sampled_from([*Method, None]), st.booleans()),
)  # fmt: skip


@given(LEASES)
def test_a_leases_totals_add_up_to_the_cent(found):
    assert found.base_total == found.depreciation + found.rent_charge
    assert found.due_at_signing == sum(item.amount for item in found.items)
    taxes_paid = found.tax_a_month * found.months + found.tax_at_signing
    assert found.total_of_payments == found.base_total + found.down + found.acquisition + found.disposition + taxes_paid
    assert (
        abs(found.rent_charge - (found.capitalized + found.residual) * found.money_factor * found.months)
        <= found.months * CENTS
    )


@given(LEASES, st.integers(1, 500))
def test_more_down_or_a_higher_residual_lowers_a_lease(found, more):
    parts = {"price": found.price, "money_factor": found.money_factor, "months": found.months}
    assume(found.depreciation > 1000)

    plain = leased(**parts, residual=found.residual, down=found.down)

    assert leased(**parts, residual=found.residual, down=found.down + more).base_payment <= plain.base_payment
    assert (
        leased(**parts | {"money_factor": ZERO}, residual=found.residual + more, down=found.down).base_payment
        <= plain.base_payment
    )


def test_a_lease_of_nothing_is_refused():
    with pytest.raises(ValueError, match="more than the residual"):
        leased(down="12600")


def test_each_state_that_we_know_has_a_rate_a_method_and_a_source():
    known = taxes.known()

    assert known <= set(STATES)
    for state in known:
        found = taxes.of(state, ON)
        assert found.sources, state
        assert ZERO <= found.purchase.percent <= found.lease.percent < 12, state
        assert (found.lease.method is Method.NONE) == (found.purchase.percent == 0), state


def test_a_rate_holds_from_its_day_and_a_state_that_we_do_not_know_has_none():
    assert taxes.of("WA", date(2025, 12, 31)).lease.percent == Decimal("6.8")
    assert taxes.of("WA", date(2026, 1, 1)).lease.percent == 7
    assert taxes.of("MD", date(2000, 1, 1)) is None
    assert taxes.of("PA", ON).lease.percent - taxes.of("PA", ON).purchase.percent == 3
    assert taxes.of("DE", ON) is None


def test_a_rate_that_the_visitor_knows_is_taken_in_the_states_own_way():
    assert taxes.with_rate("NY", ON, Decimal("8.875")).lease == Tax(Decimal("8.875"), Method.TOTAL, True)
    assert taxes.with_rate("DE", ON, Decimal(4)).lease.method is None
