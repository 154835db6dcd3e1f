"""A loan with equal monthly payments, the first one month after the money was lent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property

from forecourt.vehicles.payments.maths import ZERO, apr, cents
from forecourt.vehicles.payments.maths.apr import MONTH, Flow, step

MONTHS_A_YEAR = 12
# Any day will do: with equal months the rate does not depend on it.
LENT_ON = date(2027, 1, 15)


@dataclass(frozen=True, slots=True)
class Row:
    """One payment, and what it is made of; `balance` is what is owed after it."""

    number: int
    payment: Decimal
    interest: Decimal
    principal: Decimal
    balance: Decimal


def monthly_rate(percent: Decimal) -> Decimal:
    return percent / 100 / MONTHS_A_YEAR


def payment(amount: Decimal, percent: Decimal, months: int) -> Decimal:
    """The equal payment to the cent that repays `amount`: amount x r / (1 - (1 + r)^-months) with r the twelfth of the yearly rate,
    which is Appendix J's general equation solved for the payment. Without interest it is amount / months. ValueError for no months."""
    if months < 1 or amount < 0 or percent < 0:
        raise ValueError("a loan has at least one month, and neither its amount nor its rate is negative")
    with localcontext(prec=apr.PRECISION):
        r = monthly_rate(percent)
        return cents(amount * r / (1 - (1 + r) ** -months) if r else amount / months)


def schedule(amount: Decimal, percent: Decimal, months: int) -> tuple[Row, ...]:
    """Each payment with its interest, to the cent. The last one takes what roundings left over, so principal adds up to `amount`."""
    equal, owed, rows = payment(amount, percent, months), amount, []
    for number in range(1, months + 1):
        interest = cents(owed * monthly_rate(percent))
        pays = owed + interest if number == months else min(equal, owed + interest)
        owed -= pays - interest
        rows.append(Row(number, pays, interest, pays - interest, owed))
    return tuple(rows)


def rate_of(amount: Decimal, payments: Iterable[Decimal]) -> Decimal:
    """The annual percentage rate, in percent, of a loan with these monthly payments; NoRate where there is none."""
    flows = [Flow(step(LENT_ON, MONTH, nth), paid) for nth, paid in enumerate(payments, 1)]
    return apr.rate([Flow(LENT_ON, amount)], flows, unit=MONTH)


@dataclass(frozen=True)
class Finance:
    """A purchase on credit. `price` holds what everybody pays for the car (delivery too), `tax` is what is lent for it on top;
    `down` is cash, `trade_in` what the old car counts for. ValueError where nothing remains to be lent."""

    price: Decimal
    tax: Decimal
    down: Decimal
    trade_in: Decimal
    percent: Decimal
    months: int

    def __post_init__(self) -> None:
        if min(self.price, self.tax, self.down, self.trade_in) < 0 or self.amount <= 0:
            raise ValueError("down payment and trade-in have to leave something to be lent")

    @property
    def amount(self) -> Decimal:
        """The amount financed."""
        return self.price + self.tax - self.down - self.trade_in

    @cached_property
    def payment(self) -> Decimal:
        return payment(self.amount, self.percent, self.months)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return schedule(self.amount, self.percent, self.months)

    @property
    def last_payment(self) -> Decimal:
        return self.rows[-1].payment

    @property
    def total_of_payments(self) -> Decimal:
        return sum((row.payment for row in self.rows), ZERO)

    @property
    def finance_charge(self) -> Decimal:
        return self.total_of_payments - self.amount

    @property
    def total_cost(self) -> Decimal:
        """The total sale price (Regulation Z, 12 CFR 1026.18(j)): all payments and what was put down."""
        return self.total_of_payments + self.down + self.trade_in

    @cached_property
    def apr(self) -> Decimal:
        """In percent to two decimals, computed from the payments as they are rounded."""
        return apr.rounded(rate_of(self.amount, (row.payment for row in self.rows)))

    @property
    def due_at_signing(self) -> Decimal:
        """In cash; the trade-in is handed over beside it."""
        return self.down
