"""A closed-end lease with equal monthly payments, the first one due at signing. The words are Regulation M's (12 CFR 1013.4)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from forecourt.vehicles.payments.maths import ZERO, cents


class Method(StrEnum):
    """How a state taxes a lease: each payment as it falls due, all payments at signing, or the car's price at signing."""

    PAYMENTS = "payments"
    TOTAL = "total"
    PRICE = "price"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Tax:
    """`percent` of what the method says. `credit`: a trade-in lowers the price that is taxed. `method` None: nobody told us how,
    and no tax is reckoned."""

    percent: Decimal = ZERO
    method: Method | None = Method.NONE
    credit: bool = False

    def of(self, amount: Decimal) -> Decimal:
        return cents(amount * self.percent / 100)

    def on_purchase(self, price: Decimal, trade_in: Decimal) -> Decimal:
        return self.of(max(ZERO, price - trade_in) if self.credit else price)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of what is due at signing. `of` is a code; pages have the words."""

    of: str
    amount: Decimal


@dataclass(frozen=True)
class Lease:
    """`price` is the agreed value of the car with delivery, `residual` its value at the end in dollars, `money_factor` the monthly
    rent per dollar, `down` cash and `trade_in` the old car, both of which lower the capitalized cost. `acquisition` is paid at
    signing, `disposition` when the car is given back, `deposit` comes back. ValueError where nothing remains to be leased."""

    price: Decimal
    residual: Decimal
    money_factor: Decimal
    months: int
    down: Decimal = ZERO
    trade_in: Decimal = ZERO
    acquisition: Decimal = ZERO
    disposition: Decimal = ZERO
    deposit: Decimal = ZERO
    tax: Tax = Tax()

    def __post_init__(self) -> None:
        sums = (self.residual, self.money_factor, self.down, self.trade_in, self.acquisition, self.disposition)
        if self.months < 1 or min(*sums, self.deposit) < 0:
            raise ValueError("a lease has at least one month, and no amount of it is negative")
        if self.depreciation <= 0:
            raise ValueError("down payment and trade-in have to leave more than the residual value")

    @property
    def reduction(self) -> Decimal:
        """The capitalized cost reduction."""
        return self.down + self.trade_in

    @property
    def capitalized(self) -> Decimal:
        """The adjusted capitalized cost."""
        return self.price - self.reduction

    @property
    def depreciation(self) -> Decimal:
        return self.capitalized - self.residual

    @cached_property
    def base_payment(self) -> Decimal:
        """Depreciation / months + (adjusted capitalized cost + residual value) x money factor, to the cent, before tax."""
        return cents(self.depreciation / self.months + (self.capitalized + self.residual) * self.money_factor)

    @property
    def base_total(self) -> Decimal:
        return self.base_payment * self.months

    @property
    def rent_charge(self) -> Decimal:
        """Over the whole term: what the base payments come to beyond the depreciation."""
        return self.base_total - self.depreciation

    @property
    def payment(self) -> Decimal:
        return self.base_payment + self.tax_a_month

    @property
    def tax_a_month(self) -> Decimal:
        return self.tax.of(self.base_payment) if self.tax.method is Method.PAYMENTS else ZERO

    @property
    def tax_at_signing(self) -> Decimal:
        """Beside the tax within the first payment."""
        match self.tax.method:
            case Method.PAYMENTS:
                return self.tax.of(self.reduction if not self.tax.credit else self.down)
            case Method.TOTAL:
                return self.tax.of(self.base_total + (self.reduction if not self.tax.credit else self.down))
            case Method.PRICE:
                return self.tax.on_purchase(self.price, self.trade_in)
            case _:
                return ZERO

    @property
    def items(self) -> tuple[Item, ...]:
        """What is due at signing, in cash, line by line (12 CFR 1013.4(b)); lines of nothing are left out, the deposit never."""
        lines = (
            Item("first-payment", self.payment),
            Item("down", self.down),
            Item("acquisition", self.acquisition),
            Item("tax", self.tax_at_signing),
            Item("deposit", self.deposit),
        )
        return tuple(line for line in lines if line.amount or line.of == "deposit")

    @property
    def due_at_signing(self) -> Decimal:
        return sum((line.amount for line in self.items), ZERO)

    @property
    def total_of_payments(self) -> Decimal:
        """What will have been paid by the end of the lease (12 CFR 1013.4(e)): due at signing without the deposit, the other
        payments, and the fee for giving the car back."""
        return self.due_at_signing - self.deposit + self.payment * (self.months - 1) + self.disposition
