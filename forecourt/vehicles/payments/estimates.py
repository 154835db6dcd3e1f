"""What a car comes to a month, on the terms that the brand's estimates start from.

estimates.of(Decimal("29530"), "MN", request.now.date())  ->  its .finance.payment, .lease.payment, .lease.due_at_signing
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forecourt.vehicles.payments import terms as brand_terms
from forecourt.vehicles.payments.maths import ZERO, taxes
from forecourt.vehicles.payments.maths.finance import Finance
from forecourt.vehicles.payments.maths.lease import Lease
from forecourt.vehicles.payments.terms import FinanceTerms, LeaseTerms, Terms


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know; None takes the brand's own. `price` is the car's, before delivery; `tax` is a rate in percent
    that the visitor knows."""

    price: Decimal
    state: str = ""
    down: Decimal | None = None
    trade_in: Decimal = ZERO
    months: int | None = None
    apr: Decimal | None = None
    lease_months: int | None = None
    miles: int | None = None
    tax: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """`tax` is None where no state was named, or we do not know how it taxes a car: then no tax is in the figures."""

    finance: Finance
    lease: Lease
    tax: taxes.StateTax | None


def of(price: Decimal, state: str, today: date) -> Estimate | None:
    """A month's payment of either kind; `price` before delivery, `state` a code such as "MN" or "". None for a brand without
    estimates."""
    found = brand_terms.terms()
    return estimate(Asked(price, state), found, today) if found else None


def estimate(asked: Asked, terms: Terms, today: date) -> Estimate:
    """ValueError where down payment and trade-in leave nothing to be lent or leased."""
    tax = state_tax(asked, today)
    return Estimate(financed(asked, terms, tax), leased(asked, terms, tax), tax)


def state_tax(asked: Asked, today: date) -> taxes.StateTax | None:
    if asked.tax is not None:
        return taxes.with_rate(asked.state, today, asked.tax)
    return taxes.of(asked.state, today)


def financed(asked: Asked, terms: Terms, tax: taxes.StateTax | None) -> Finance:
    price = asked.price + terms.delivery
    return Finance(
        price=price,
        tax=tax.purchase.on_purchase(price, asked.trade_in) if tax else ZERO,
        down=down_payment(asked, terms.finance),
        trade_in=asked.trade_in,
        percent=terms.finance.apr if asked.apr is None else asked.apr,
        months=asked.months or terms.finance.months,
    )


def leased(asked: Asked, terms: Terms, tax: taxes.StateTax | None) -> Lease:
    own = terms.lease
    months, miles = asked.lease_months or own.months, asked.miles or own.miles
    return Lease(
        price=asked.price + terms.delivery,
        residual=own.residual(asked.price, months, miles),
        money_factor=own.money_factor,
        months=months,
        down=down_payment(asked, own),
        trade_in=asked.trade_in,
        acquisition=own.acquisition,
        disposition=own.disposition,
        deposit=own.deposit,
        tax=tax.lease if tax else taxes.UNKNOWN,
    )


def down_payment(asked: Asked, terms: FinanceTerms | LeaseTerms) -> Decimal:
    """To the dollar where it is the brand's share of the price."""
    return (asked.price * terms.down / 100).quantize(Decimal(1)) if asked.down is None else asked.down
