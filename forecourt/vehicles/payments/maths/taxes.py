"""How a state taxes a car: dated rates with their sources, from taxes.toml beside this file."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from forecourt.vehicles.payments.maths import ZERO
from forecourt.vehicles.payments.maths.lease import Method, Tax

FILE = Path(__file__).with_name("taxes.toml")
UNKNOWN = Tax(ZERO, None)


@dataclass(frozen=True, slots=True)
class StateTax:
    purchase: Tax
    lease: Tax
    note: str
    sources: tuple[str, ...]


def of(state: str, on: date) -> StateTax | None:
    """What that state takes on that day; None where we do not know it."""
    row = _read().get(state)
    if row is None:
        return None
    bought = rate_on(row["rates"], on)
    leased = rate_on(row.get("lease_rates", row["rates"]), on)
    if bought is None or leased is None:
        return None
    method, credit = Method(row["lease"]), row["trade_in"]
    return StateTax(
        Tax(bought, method, credit), Tax(leased, method, credit), row.get("note", ""), tuple(row["sources"])
    )


def with_rate(state: str, on: date, percent: Decimal) -> StateTax:
    """The state's way of taxing, at a rate that the visitor knows better. The way to tax a lease stays unknown where it is."""
    known = of(state, on)
    method = None if known is None or known.lease.method is Method.NONE else known.lease.method
    credit = known is not None and known.purchase.credit
    tax = Tax(percent, method, credit)
    return StateTax(tax, tax, known.note if known else "", known.sources if known else ())


def rate_on(rows: Iterable[Mapping[str, Any]], on: date) -> Decimal | None:
    began = [(row["from"], Decimal(row["percent"])) for row in rows if row["from"] <= on]
    return max(began)[1] if began else None


def known() -> frozenset[str]:
    return frozenset(_read())


@cache
def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
