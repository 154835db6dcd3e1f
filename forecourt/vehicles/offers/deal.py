"""An offer as it stands in the brand pack: frozen, and read without a clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from django.urls import reverse

from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.offers import said
from forecourt.vehicles.offers.said import Statement, Term
from forecourt.vehicles.payments.maths import ZERO
from forecourt.vehicles.payments.maths.finance import Finance
from forecourt.vehicles.payments.maths.lease import Lease

# Regulation M's own words (12 CFR 1013.7(b)(2) by 1013.4(s)); they may not be put otherwise.
CAUTION = "This percentage may not measure the overall cost of financing this lease."


class Kind(StrEnum):
    FINANCE = "finance"
    LEASE = "lease"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class Price:
    """`total` is what everybody pays for the car, before tax, title and registration."""

    car: Decimal
    delivery: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Credit:
    """`apr` in percent. The other three stand together or not at all; `can_rise` says whether the rate may go up later."""

    apr: Decimal
    can_rise: bool
    down: Decimal | None = None
    months: int | None = None
    payment: Decimal | None = None

    def reckoned(self, price: Price) -> Finance | None:
        if self.down is None or self.months is None:
            return None
        return Finance(price.total, ZERO, self.down, ZERO, self.apr, self.months)


@dataclass(frozen=True, slots=True)
class Leasing:
    """`agreed` is the price that the lease is reckoned from; `due_at_signing` and `total` are stated, and checked."""

    agreed: Decimal
    payment: Decimal
    months: int
    due_at_signing: Decimal
    down: Decimal
    deposit: Decimal
    acquisition: Decimal
    disposition: Decimal
    residual: Decimal
    money_factor: Decimal
    miles: int
    extra_mile: Decimal
    total: Decimal

    def reckoned(self) -> Lease:
        return Lease(
            price=self.agreed,
            residual=self.residual,
            money_factor=self.money_factor,
            months=self.months,
            down=self.down,
            acquisition=self.acquisition,
            disposition=self.disposition,
            deposit=self.deposit,
        )

    @property
    def others(self) -> int:
        """Payments after the one at signing."""
        return self.months - 1


@dataclass(frozen=True)
class Offer:
    """`name` states no term, so it can stand alone; `headline` and the rest may, and stand beside their terms. No `states`: it holds
    everywhere. From `starts` until just before `ends`, both to the minute; `zone` is the one in which it is told."""

    slug: str
    kind: Kind
    name: str
    headline: str
    text: tuple[str, ...]
    line: Line
    trims: tuple[str, ...]
    states: frozenset[str]
    starts: datetime
    ends: datetime
    zone: str
    eligibility: tuple[str, ...]
    disclosures: tuple[str, ...]
    price: Price
    credit: Credit | None = None
    leasing: Leasing | None = None
    bonus: Decimal | None = None

    @property
    def words(self) -> Iterator[str]:
        yield from (self.name, self.headline, *self.text, *self.eligibility, *self.disclosures)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(statement for words in self.words for statement in said.statements(words))

    @property
    def caution(self) -> str:
        """What has to stand beside a percentage of a lease."""
        rates = self.leasing and any(statement.term is Term.RATE for statement in self.statements)
        return CAUTION if rates else ""

    def is_running(self, now: datetime) -> bool:
        return self.starts <= now < self.ends

    def is_over(self, now: datetime) -> bool:
        return self.ends <= now

    def holds_in(self, state: str) -> bool:
        """Of no state ("") we cannot say, so all count."""
        return not state or not self.states or state in self.states

    def get_absolute_url(self) -> str:
        return reverse("offers:offer", args=[self.slug])
