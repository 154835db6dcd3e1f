"""The network as the brand pack writes it: dealers.csv, contracts.csv, closed_days.csv. All problems are found at once."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.utils.dateparse import parse_date

from forecourt.dealers import places
from forecourt.dealers.hours import Span
from forecourt.policy import law, outside, problems
from forecourt.policy.problems import BrokenPack, Problems
from forecourt.web import brand

DEALERS, CONTRACTS, CLOSED_DAYS = "dealers.csv", "contracts.csv", "closed_days.csv"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SERVICES = {
    "sales": "New cars",
    "service": "Service and repairs",
    "test-drive": "Test drives",
    "certified": "Certified used cars",
    "charging": "Charging",
}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 200
SPAN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class DealerRow:
    slug: str
    name: str
    street: str
    place: places.Place
    city: str
    state: str
    postal_code: str
    phone: str
    zone: str
    hours: tuple[tuple[Span, ...], ...]
    by_appointment: bool
    services: tuple[str, ...]
    capacity: int
    policy_url: str
    lead_endpoint: str


@dataclass(frozen=True, slots=True)
class ContractRow:
    """`ends` is the last day that it holds."""

    line: int
    dealer: str
    version: str
    starts: date
    ends: date
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClosedDayRow:
    """`dealers` is empty where it means all."""

    day: date
    why: str
    dealers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NetworkPack:
    folder: Path
    dealers: tuple[DealerRow, ...]
    contracts: tuple[ContractRow, ...]
    closed_days: tuple[ClosedDayRow, ...]


def digest(folder: Path) -> str:
    """Of the three files and of the code that reads them: equal digests need no second load."""
    parts = [Path(__file__), Path(places.__file__), *(folder / name for name in (DEALERS, CONTRACTS, CLOSED_DAYS))]
    found = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if part.is_file() else b""
        found.update(f"{part.name} {len(content)}\n".encode() + content)
    return found.hexdigest()


def read(folder: Path, now: datetime) -> NetworkPack:
    """The pack's network, or BrokenPack with the problems of all three files. `now` decides which contract terms are known."""
    table = Table(folder / DEALERS, DEALER_READERS)
    dealers = []
    for line, values in table.rows():
        for says in disagreements(values):
            table.add(line, says)
        dealers.append(dealer_row(values))
    for line, slug in table.repeated("slug"):
        table.add(line, f"slug {slug} is taken by a line above: every dealer needs its own")
    known = table.seen("slug")

    signed = Table(folder / CONTRACTS, contract_readers(known, now))
    contracts = [ContractRow(line=line, **values) for line, values in signed.rows()]
    for line, pair in signed.repeated("dealer", "version"):
        signed.add(line, f"{pair} is on a line above: give a renewed contract a version of its own")
    shut = Table(folder / CLOSED_DAYS, closed_day_readers(known))
    closed_days = [ClosedDayRow(**values) for _, values in shut.rows()]

    if found := [*table.problems.found, *signed.problems.found, *shut.problems.found]:
        raise BrokenPack(found)
    return NetworkPack(folder, tuple(dealers), tuple(contracts), tuple(closed_days))


def disagreements(values: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a line although each of its cells can be read."""
    place = places.at_zip(values["zip"])
    if not place.label.endswith(f", {values['state']} {values['zip']}"):
        yield f"ZIP {values['zip']} is {place.label}, not in {values['state']}: mend the ZIP or the state"
    by_appointment = [name for name in WEEKDAYS if values[name] is None]
    if by_appointment and len(by_appointment) < len(WEEKDAYS):
        yield f"{', '.join(by_appointment)} says appointment and other days do not: write appointment for all seven days or none"


def dealer_row(values: dict[str, Any]) -> DealerRow:
    hours = tuple(values.pop(name) for name in WEEKDAYS)
    postal_code = values.pop("zip")
    return DealerRow(
        **values,
        postal_code=postal_code,
        place=places.at_zip(postal_code),
        hours=tuple(those or () for those in hours),
        by_appointment=None in hours,
    )


class Table:
    """A CSV file with a reader a column. Rows that cannot be read are left out and named in `problems`."""

    def __init__(self, path: Path, readers: dict[str, Callable[[str], Any]]) -> None:
        self.path, self.readers = path, readers
        self.problems = Problems(path)
        self.add = self.problems.add
        self._raw: list[tuple[int, dict[str, str]]] = []

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for line, raw in self._read():
            values = {}
            for column, reader in self.readers.items():
                try:
                    values[column] = reader(raw[column])
                except ValueError as error:
                    self.add(line, f"{column} is {raw[column]!r}: {error}")
            if len(values) < len(self.readers):
                continue
            yield line, values

    def seen(self, column: str) -> frozenset[str]:
        return frozenset(raw[column] for _, raw in self._raw)

    def repeated(self, *columns: str) -> list[tuple[int, str]]:
        found, again = set(), []
        for line, raw in self._raw:
            these = " ".join(raw[column] for column in columns)
            if these in found:
                again.append((line, these))
            found.add(these)
        return again

    def _read(self) -> list[tuple[int, dict[str, str]]]:
        columns = list(self.readers)
        first_line = ",".join(columns)
        try:
            source = problems.read(self.path, f"the file is missing: add it, with the first line {first_line}")
        except BrokenPack as error:
            self.problems.found += error.problems
            return []
        # Spreadsheets begin a file with a byte order mark.
        reader = csv.reader(io.StringIO(source.removeprefix("\ufeff")), strict=True)
        try:
            if next(reader, []) != columns:
                self.add(1, f"the first line must be: {first_line}")
                return []
            for cells in filter(None, reader):
                if len(cells) != len(columns):
                    says = f"there are {len(cells)} cells for {len(columns)} columns: add or take out commas"
                    self.add(reader.line_num, says)
                    continue
                self._raw.append((reader.line_num, dict(zip(columns, map(str.strip, cells), strict=True))))
        except csv.Error as error:
            self.add(reader.line_num, f"this is not CSV ({error}): mend its quotation marks")
        if not self._raw and not self.problems.found:
            self.add(1, "no line follows the first: add one")
        return self._raw


def text(cell: str) -> str:
    if not cell:
        raise ValueError("write something")
    return cell


def name(cell: str) -> str:
    if len(text(cell)) > LONGEST_NAME:
        raise ValueError(f"write at most {LONGEST_NAME} letters")
    return cell


def slug(cell: str) -> str:
    if not SLUG.fullmatch(cell) or len(cell) > 63:
        raise ValueError("write lower-case letters, digits and hyphens, at most 63, such as harbor-duluth-mn")
    return cell


def state(cell: str) -> str:
    if cell not in places.STATES:
        raise ValueError("write the two letters of the state, such as MN")
    return cell


def postal_code(cell: str) -> str:
    if not re.fullmatch(r"\d{5}", cell):
        raise ValueError("write five digits, such as 55802")
    try:
        places.at_zip(cell)
    except places.NoPlace as error:
        raise ValueError(error.sentence) from None
    return cell


def zone(cell: str) -> str:
    if cell not in available_timezones():
        raise ValueError("write an IANA time zone, such as America/Chicago")
    return cell


def spans(cell: str) -> tuple[Span, ...] | None:
    """None means by appointment."""
    if cell == "closed":
        return ()
    if cell == "appointment":
        return None
    parts = [SPAN.fullmatch(part) for part in cell.split()]
    try:
        found = tuple(Span(time.fromisoformat(part[1]), time.fromisoformat(part[2])) for part in parts if part)
    except ValueError:
        found = ()
    if not found or len(found) < len(parts):
        raise ValueError("write closed, appointment, or times such as 09:00-12:00 13:00-18:00")
    if any(later <= earlier for earlier, later in pairwise(edge for span in found for edge in span)):
        raise ValueError("each time must be later than the one before it")
    return found


def services(cell: str) -> tuple[str, ...]:
    found = tuple(cell.split())
    if not found or set(found) - set(SERVICES) or len(set(found)) < len(found):
        raise ValueError(f"write some of {', '.join(SERVICES)}, each once, with spaces between")
    return found


def capacity(cell: str) -> int:
    if not re.fullmatch(r"[1-9]\d?", cell):
        raise ValueError("write how many cars can be out at a time, from 1 to 99")
    return int(cell)


def address(cell: str) -> str:
    parts = urlsplit(cell)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("write an address that starts with https://")
    return cell


def link(cell: str) -> str:
    """An address that our pages link to."""
    return outside.read(address(cell))


def day(cell: str) -> date:
    try:
        found = parse_date(cell)
    except ValueError:
        found = None
    if found is None:
        raise ValueError("write a date such as 2026-12-25")
    return found


DEALER_READERS: dict[str, Callable[[str], Any]] = {
    "slug": slug,
    "name": name,
    "street": text,
    "city": text,
    "state": state,
    "zip": postal_code,
    "phone": brand.phone,
    "zone": zone,
    **dict.fromkeys(WEEKDAYS, spans),
    "services": services,
    "capacity": capacity,
    "policy_url": link,
    "lead_endpoint": address,
}


def contract_readers(dealers: frozenset[str], now: datetime) -> dict[str, Callable[[str], Any]]:
    known = frozenset(law.value("dealer_terms", now))

    def dealer(cell: str) -> str:
        if cell not in dealers:
            raise ValueError(f"{DEALERS} has no such slug: mend it, or add the dealer")
        return cell

    def terms(cell: str) -> tuple[str, ...]:
        if unknown := sorted(set(cell.split()) - known):
            raise ValueError(
                f"{', '.join(unknown)} is no term that the law asks for: write some of {', '.join(sorted(known))}"
            )
        return tuple(cell.split())

    return {"dealer": dealer, "version": text, "starts": day, "ends": day, "terms": terms}


def closed_day_readers(dealers: frozenset[str]) -> dict[str, Callable[[str], Any]]:
    def those(cell: str) -> tuple[str, ...]:
        if cell == "all":
            return ()
        if not cell or set(cell.split()) - dealers:
            raise ValueError(f"write all, or slugs from {DEALERS} with spaces between")
        return tuple(cell.split())

    return {"day": day, "why": text, "dealers": those}
