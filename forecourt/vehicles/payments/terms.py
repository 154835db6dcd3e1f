"""What estimates start from: the brand pack's payments.toml. A pack without it has no estimates."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from forecourt.vehicles.payments.maths import ZERO, cents
from forecourt.vehicles.sheet import Sheet

FILE = "payments.toml"
LONGEST = 120
TOP = {"delivery", "finance", "lease"}
FINANCE = {"apr", "months", "terms", "down"}
LEASE = {
    *("months", "residuals", "money_factor", "miles", "by_miles", "extra_mile"),
    *("acquisition", "disposition", "deposit", "down"),
}


@dataclass(frozen=True, slots=True)
class FinanceTerms:
    """`apr` and `down` in percent."""

    apr: Decimal
    months: int
    terms: tuple[int, ...]
    down: Decimal


@dataclass(frozen=True, slots=True)
class LeaseTerms:
    """`residuals` by months and `by_miles` in points of percent of the price; `down` in percent of it."""

    months: int
    residuals: Mapping[int, Decimal]
    money_factor: Decimal
    miles: int
    by_miles: Mapping[int, Decimal]
    extra_mile: Decimal
    acquisition: Decimal
    disposition: Decimal
    deposit: Decimal
    down: Decimal

    def residual(self, price: Decimal, months: int, miles: int) -> Decimal:
        return cents(price * (self.residuals[months] + self.by_miles[miles]) / 100)


@dataclass(frozen=True, slots=True)
class Terms:
    delivery: Decimal
    finance: FinanceTerms
    lease: LeaseTerms


def terms() -> Terms | None:
    return _read_once(Path(settings.BRAND))


@cache
def _read_once(folder: Path) -> Terms | None:
    return read(folder)


def read(folder: Path) -> Terms | None:
    """None where the pack has no such file; BrokenPack with all that is wrong in it."""
    path = folder / FILE
    return Reader(path).terms() if path.exists() else None


class Reader(Sheet):
    def terms(self) -> Terms:
        found = self.read()
        self.only(found, TOP)
        made = Terms(self.number(found, "delivery"), self.finance(found), self.lease(found))
        self.problems.stop_if_any()
        return made

    def finance(self, found: Mapping[str, Any]) -> FinanceTerms:
        row = self.table(found, "finance", FINANCE)
        terms = row.get("terms")
        if not isinstance(terms, list) or not terms or not all(map(is_months, terms)):
            self.problem(
                self.place("terms", "finance"), f"terms is {terms!r}: list numbers of months, such as [36, 48, 60]"
            )
            terms = [12]
        months = row.get("months", 0)
        if months not in terms:
            self.problem(self.place("months", "finance"), f"months is {months!r}: name one of the terms")
            months = terms[0]
        return FinanceTerms(
            self.number(row, "apr", "finance", 40), months, tuple(terms), self.number(row, "down", "finance", 90)
        )

    def lease(self, found: Mapping[str, Any]) -> LeaseTerms:
        row = self.table(found, "lease", LEASE)
        residuals = self.numbered(row, "residuals", '{ 36 = "58" }')
        by_miles = self.numbered(row, "by_miles", '{ 10000 = "0" }')
        for key, value, named in (
            ("months", row.get("months"), residuals),
            ("miles", row.get("miles"), by_miles),
        ):
            if value not in named:
                names = ", ".join(map(str, named))
                self.problem(self.place(key, "lease"), f"{key} is {value!r}: name one of {names}")
        for months, residual in residuals.items():
            if not is_months(months) or not all(ZERO < residual + points < 100 for points in by_miles.values()):
                says = f"residuals: {months} months keep {residual}%: with by_miles it has to stay between 0 and 100"
                self.problem(self.place("residuals", "lease"), says)
        amounts = {
            key: self.number(row, key, "lease") for key in ("extra_mile", "acquisition", "disposition", "deposit")
        }
        factor = self.amount(row, "money_factor", "lease", least=ZERO, most=Decimal("0.02"), places=6)
        down = self.number(row, "down", "lease", 40)
        return LeaseTerms(
            months=row.get("months", 0),
            residuals=residuals,
            money_factor=factor,
            miles=row.get("miles", 0),
            by_miles=by_miles,
            down=down,
            **amounts,
        )

    def number(self, row: Mapping[str, Any], key: str, table: str = "", most: int = 100_000) -> Decimal:
        return self.amount(row, key, table, least=ZERO, most=Decimal(most))

    def numbered(self, row: Mapping[str, Any], key: str, such_as: str) -> dict[int, Decimal]:
        found = row.get(key)
        if not isinstance(found, dict) or not found or not all(name.isdigit() for name in found):
            self.problem(self.place(key, "lease"), f"{key} is {found!r}: write numbers and points, such as {such_as}")
            return {}
        made = {}
        for name, value in found.items():
            try:
                made[int(name)] = Decimal(value) if isinstance(value, str) else Decimal("NaN")
            except InvalidOperation:
                made[int(name)] = Decimal("NaN")
            if not made[int(name)].is_finite():
                self.problem(
                    self.place(key, "lease"), f"{key}: {name} is {value!r}: write points between quotation marks"
                )
                made[int(name)] = ZERO
        return made


def is_months(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST
