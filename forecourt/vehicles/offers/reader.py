"""Reads offers/*.toml of the brand pack, and lets none through that may not be published."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from forecourt.dealers.places import STATES
from forecourt.policy.problems import BrokenPack, Problem
from forecourt.vehicles.catalogue import SLUG, Line, Trim
from forecourt.vehicles.offers import law
from forecourt.vehicles.offers.deal import Credit, Kind, Leasing, Offer, Price
from forecourt.vehicles.payments.maths import ZERO
from forecourt.vehicles.sheet import Sheet

COMMON = {
    *("kind", "name", "headline", "text", "line", "trims", "states", "from", "until", "zone"),
    *("eligibility", "disclosures", "price"),
}
EVERYWHERE = "all"


def read(folder: Path, lines: Iterable[Line], delivery: Decimal | None) -> tuple[Offer, ...]:
    """All offers, those that end first in front; BrokenPack with everything that is wrong in their files. `delivery` is the charge
    that the estimates know, None where there are none."""
    found: list[Offer] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(Reader(path, {line.slug: line for line in lines}, delivery).offer())
        except BrokenPack as error:
            problems += error.problems
    if problems:
        raise BrokenPack(problems)
    return tuple(sorted(found, key=lambda offer: (offer.line.order, offer.ends, offer.slug)))


class Reader(Sheet):
    def __init__(self, path: Path, lines: Mapping[str, Line], delivery: Decimal | None) -> None:
        super().__init__(path)
        self.lines = lines
        self.delivery = delivery

    def offer(self) -> Offer:
        found = self.read()
        kind = self.one_of(found, "kind", Kind)
        self.only(found, COMMON | {str(kind)})
        if not SLUG.fullmatch(self.path.stem):
            self.problem(1, "the file's name becomes the page's address: use lower-case letters, digits and hyphens")
        name, headline = self.words(found, "name"), self.words(found, "headline")
        text, eligibility, disclosures = (
            self.list_of_words(found, key) for key in ("text", "eligibility", "disclosures")
        )
        all_words = (name, headline, *text, *eligibility, *disclosures)
        line, trims = self.car(found)
        starts, ends, zone = self.dates(found)
        table = found.get(kind)
        table = table if isinstance(table, dict) else {}
        self.complain(law.headline(kind, name, headline))
        self.complain(law.rates(kind, all_words))
        self.complain(law.companions(kind, all_words, table), kind)
        # What is missing has been said; the figures are looked at where they are all there.
        self.problems.stop_if_any()
        assert line is not None
        price = self.price(found, trims[0])
        states = self.states(found)
        credit = self.credit(found) if kind is Kind.FINANCE else None
        leasing = self.leasing(found, price) if kind is Kind.LEASE else None
        bonus = self.bonus(found) if kind is Kind.CASH else None
        self.problems.stop_if_any()
        made = Offer(
            slug=self.path.stem,
            kind=kind,
            name=name,
            headline=headline,
            text=text,
            line=line,
            trims=tuple(trim.name for trim in trims),
            states=states,
            starts=starts,
            ends=ends,
            zone=zone,
            eligibility=eligibility,
            disclosures=disclosures,
            price=price,
            credit=credit,
            leasing=leasing,
            bonus=bonus,
        )
        if made.credit:
            self.complain(law.credit_figures(made.credit, price), kind)
        if made.leasing:
            self.complain(law.lease_figures(made.leasing, price), kind)
        self.problems.stop_if_any()
        self.complain(law.agreement(made))
        self.problems.stop_if_any()
        return made

    def complain(self, complaints: Iterable[law.Complaint], table: str = "") -> None:
        for where, says in complaints:
            self.problem(self.line_of(where) or self.place(where, table), says)

    def line_of(self, words: str) -> int:
        """Where these words stand, 0 where they are a key."""
        if " " not in words:
            return 0
        return next((number for number, text in enumerate(self.source.splitlines(), 1) if words[:60] in text), 0)

    def car(self, found: Mapping[str, Any]) -> tuple[Line | None, tuple[Trim, ...]]:
        line = self.lines.get(str(found.get("line")))
        if line is None or not line.is_current:
            current = ", ".join(slug for slug, each in self.lines.items() if each.is_current)
            self.problem(self.place("line"), f"line is {found.get('line')!r}: name one that is sold now: {current}")
            return None, ()
        named = self.list_of_words(found, "trims")
        trims = tuple(trim for name in named for trim in line.trims if trim.name == name)
        if len(trims) < len(named):
            names = ", ".join(trim.name for trim in line.trims)
            self.problem(self.place("trims"), f"trims name one that {line.name} has not: there are {names}")
        return line, trims

    def states(self, found: Mapping[str, Any]) -> frozenset[str]:
        named = self.list_of_words(found, "states")
        if named == (EVERYWHERE,):
            return frozenset()
        for code in named:
            if code not in STATES:
                self.problem(self.place("states"), f'{code} is no state: write codes, such as ["MN", "WI"], or ["all"]')
        return frozenset(named)

    def dates(self, found: Mapping[str, Any]) -> tuple[datetime, datetime, str]:
        zone = found.get("zone")
        if not isinstance(zone, str) or zone not in available_timezones():
            self.problem(self.place("zone"), f'zone is {zone!r}: name one, such as "America/Chicago"')
            zone = "UTC"
        starts, ends = (self.moment(found, key, zone) for key in ("from", "until"))
        if starts >= ends:
            self.problem(self.place("until"), "until has to come after from: it is the first minute without the offer")
        return starts, ends, zone

    def moment(self, found: Mapping[str, Any], key: str, zone: str) -> datetime:
        value = found.get(key)
        if not isinstance(value, datetime) or value.tzinfo or value.second or value.microsecond:
            says = f"{key} is {value}: write day and minute in the offer's zone, such as 2027-01-31T23:59:00"
            self.problem(self.place(key), says)
            return datetime.max.replace(tzinfo=UTC) if key == "until" else datetime.min.replace(tzinfo=UTC)
        here = value.replace(tzinfo=ZoneInfo(zone))
        moment = here.astimezone(UTC)
        if (
            moment.astimezone(here.tzinfo).replace(tzinfo=None) != value
            or here.utcoffset() != here.replace(fold=1).utcoffset()
        ):
            self.problem(
                self.place(key), f"{key} is {value}: the clocks change there then; write a minute that is there once"
            )
        return moment

    def price(self, found: Mapping[str, Any], trim: Trim) -> Price:
        row = self.table(found, "price", {"car", "delivery", "total"})
        price = Price(
            self.amount(row, "car", "price"),
            self.amount(row, "delivery", "price", least=ZERO),
            self.amount(row, "total", "price"),
        )
        if price.car != trim.price:
            self.problem(self.place("car", "price"), f"car is {price.car}: the {trim.name} costs {trim.price}")
        if self.delivery is not None and price.delivery != self.delivery:
            self.problem(
                self.place("delivery", "price"), f"delivery is {price.delivery}: payments.toml says {self.delivery}"
            )
        if price.total != price.car + price.delivery:
            says = f"total is {price.total}: car and delivery are {price.car + price.delivery}, and the whole price has to be told"
            self.problem(self.place("total", "price"), says)
        return price

    def credit(self, found: Mapping[str, Any]) -> Credit:
        row = self.table(found, "finance", set(law.CREDIT_COMPANIONS))
        apr = self.amount(row, "apr", "finance", least=ZERO, most=Decimal(40), such_as="3.9")
        can_rise = self.truth(row, "can_rise", "finance")
        if not set(row) & set(law.CREDIT_TRIGGERS):
            return Credit(apr, can_rise)
        down = self.amount(row, "down", "finance", least=ZERO)
        return Credit(apr, can_rise, down, self.months(row, "finance"), self.amount(row, "payment", "finance"))

    def leasing(self, found: Mapping[str, Any], price: Price) -> Leasing:
        row = self.table(found, "lease", {*law.LEASE_COMPANIONS, "agreed"})
        amount = partial(self.amount, row, table="lease", least=ZERO)
        miles = row.get("miles")
        if not isinstance(miles, int) or not 1_000 <= miles <= 50_000:
            self.problem(
                self.place("miles", "lease"),
                f"miles is {miles!r}: write how many a year the lease allows, such as 10000",
            )
            miles = 1_000
        sums = (
            "payment",
            "due_at_signing",
            "down",
            "deposit",
            "acquisition",
            "disposition",
            "residual",
            "extra_mile",
            "total",
        )
        return Leasing(
            **{key: amount(key) for key in sums},
            agreed=amount("agreed") if "agreed" in row else price.total,
            months=self.months(row, "lease"),
            money_factor=amount("money_factor", most=Decimal("0.02"), places=6),
            miles=miles,
        )

    def bonus(self, found: Mapping[str, Any]) -> Decimal:
        return self.amount(self.table(found, "cash", {"bonus"}), "bonus", "cash")

    def months(self, row: Mapping[str, Any], table: str) -> int:
        value = row.get("months")
        if not isinstance(value, int) or isinstance(value, bool) or not 6 <= value <= 120:
            self.problem(self.place("months", table), f"months is {value!r}: write a whole number from 6 to 120")
            return 6
        return value

    def truth(self, row: Mapping[str, Any], key: str, table: str) -> bool:
        value = row.get(key)
        if not isinstance(value, bool):
            self.problem(self.place(key, table), f"{key} is {value!r}: write true or false")
            return False
        return value
