"""What the brand pack knows of recalls beside the official file: which cars by serial number, emission recalls, repairs, first days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.dateparse import parse_date

from forecourt.policy.problems import BrokenPack, Problem, Problems, broken
from forecourt.vehicles.recalls import cars, flat
from forecourt.vehicles.recalls import vin as vins
from forecourt.vehicles.recalls.cars import Car, Vins
from forecourt.vehicles.recalls.written import OwnersFile, Row, lines_of_csv

CAMPAIGNS, RECALLS, REPAIRS, FIRST_DAYS = "campaigns.toml", "recalls.txt", "repairs.csv", "cars.csv"
KEPT = "kept"
EMISSION_KEYS = {"number", "reported", "component", "defect", "risk", "remedy", "ranges"}


@dataclass(frozen=True, slots=True)
class Range:
    """Cars of one line and model year, from serial number to serial number, both included."""

    letter: str
    year: int
    first: int
    last: int

    def holds(self, car: Car) -> bool:
        return self.is_about(car) and self.first <= car.serial <= self.last

    def is_about(self, car: Car) -> bool:
        return (self.letter, self.year) == (car.line.letter, car.year)


@dataclass(frozen=True, slots=True)
class Emission:
    number: str
    reported: date
    component: str
    defect: str
    risk: str
    remedy: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """`as_of` is None for a list that its keeper keeps complete."""

    as_of: date | None
    ranges: dict[str, tuple[Range, ...]]
    stop_sale: frozenset[str]
    emissions: tuple[Emission, ...]


@dataclass(frozen=True, slots=True)
class Repaired:
    campaign: str
    vin: str


@dataclass(frozen=True, slots=True)
class Sold:
    vin: str
    day: date


NOTHING = Known(None, {}, frozenset(), ())


def known() -> Known:
    return _read_once(Path(settings.BRAND))


@cache
def _read_once(brand: Path) -> Known:
    return read(brand)


def read(brand: Path) -> Known:
    found = cars.read(brand)
    path = brand / cars.FOLDER / CAMPAIGNS
    if found is None or not path.exists():
        return NOTHING
    file = OwnersFile(path, {"as_of", "campaign", "emission"})
    ranges: dict[str, tuple[Range, ...]] = {}
    stopped: set[str] = set()
    seen: set[str] = set()
    for nth, row in file.rows("campaign", {"number", "stop_sale", "ranges"}):
        number = _number(file, row, "campaign", nth, seen)
        if row.get("stop_sale") not in (None, True, False):
            file.problem(file.place("stop_sale", "campaign", nth), "stop_sale is true or false")
        if row.get("stop_sale"):
            stopped.add(number)
        if "ranges" in row:
            ranges[number] = tuple(_ranges(file, row, "campaign", nth, found))
    emissions = tuple(
        Emission(
            number=_number(file, row, "emission", nth, seen),
            reported=file.day(row, "reported", "emission", nth),
            component=file.words(row, "component", "emission", nth),
            defect=file.words(row, "defect", "emission", nth),
            risk=file.words(row, "risk", "emission", nth),
            remedy=file.words(row, "remedy", "emission", nth),
            ranges=tuple(_ranges(file, row, "emission", nth, found)),
        )
        for nth, row in file.rows("emission", EMISSION_KEYS)
    )
    as_of = None if file.found.get("as_of") == KEPT else file.day(file.found, "as_of")
    file.problems.stop_if_any()
    return Known(as_of, ranges, frozenset(stopped), emissions)


def _number(file: OwnersFile, row: Row, table: str, nth: int, seen: set[str]) -> str:
    number = file.words(row, "number", table, nth).upper()
    if number and not flat.NUMBER.fullmatch(number):
        file.problem(
            file.place("number", table, nth),
            f"number is {number!r}: write it as the official file does, such as 26V123000",
        )
    if number in seen:
        file.problem(file.place("number", table, nth), f"{number} stands here twice: put it all in one place")
    seen.add(number)
    return number


def _ranges(file: OwnersFile, row: Row, table: str, nth: int, found: Vins) -> Iterator[Range]:
    line = file.place("ranges", table, nth)
    rows = row.get("ranges")
    if not isinstance(rows, list) or not rows or not all(isinstance(each, dict) for each in rows):
        file.problem(line, 'ranges needs a list such as [{ line = "P", year = 2026, first = 1, last = 1840 }]')
        return
    for each in rows:
        if set(each) != {"line", "year", "first", "last"}:
            file.problem(line, "each range has line, year, first and last, and nothing else")
            continue
        made = next((one for one in found.lines if one.letter == each["line"]), None)
        numbers = [each["year"], each["first"], each["last"]]
        if made is None:
            file.problem(
                line,
                f"line {each['line']!r} is no letter of vins.toml: write one of {', '.join(one.letter for one in found.lines)}",
            )
        elif any(type(number) is not int for number in numbers):
            file.problem(line, "year, first and last are whole numbers")
        elif not made.first_year <= each["year"] <= made.last_year:
            file.problem(
                line, f"there was no {each['year']} {made.name}: mend the year, or the line's years in vins.toml"
            )
        elif not 0 <= each["first"] <= each["last"] <= 999_999:
            file.problem(
                line, f"no serial number lies between {each['first']} and {each['last']}: the smaller comes first"
            )
        else:
            yield Range(each["line"], *numbers)


def repairs(brand: Path) -> list[Repaired]:
    found, rows = cars.read(brand), []
    path = brand / cars.FOLDER / REPAIRS
    problems = Problems(path)
    if found and path.exists():
        for line, (campaign, vin, day) in lines_of_csv(path, ("campaign", "vin", "day"), problems):
            if not flat.NUMBER.fullmatch(campaign.upper()):
                problems.add(line, f"campaign is {campaign!r}: write its number, such as 26V123000")
            _day(day, line, problems)
            rows.append(Repaired(campaign.upper(), _vin(vin, found, line, problems)))
    problems.stop_if_any()
    return rows


def first_days(brand: Path) -> list[Sold]:
    found, rows = cars.read(brand), {}
    path = brand / cars.FOLDER / FIRST_DAYS
    problems = Problems(path)
    if found and path.exists():
        for line, (vin, day) in lines_of_csv(path, ("vin", "first_day"), problems):
            read = _vin(vin, found, line, problems)
            if read in rows:
                problems.add(line, f"{read} is on a line above: a car has one first day")
            rows[read] = Sold(read, _day(day, line, problems))
    problems.stop_if_any()
    return list(rows.values())


def _vin(typed: str, found: Vins, line: int, problems: Problems) -> str:
    vin = vins.normal(typed)
    says = vins.problem_of(vin) or ("" if found.is_ours(vin) else "It does not begin as ours do.")
    car = says or found.car(vin)
    if isinstance(car, str):
        problems.add(line, f"vin is {typed!r}: {car}")
    return vin


def _day(cell: str, line: int, problems: Problems) -> date:
    try:
        found = parse_date(cell)
    except ValueError:
        found = None
    if found is None:
        problems.add(line, f"{cell!r} is no day: write it as 2026-11-02")
    return found or date.min


def check(brand: Path, today: date) -> str:
    """Reads all of it; BrokenPack with everything that is wrong."""
    found = cars.read(brand)
    if found is None:
        return "nothing about VINs"
    wrong: list[Problem] = []
    for part in (read, repairs, first_days):
        try:
            part(brand)
        except BrokenPack as error:
            wrong += error.problems
    path = brand / cars.FOLDER / RECALLS
    if not path.exists():
        raise BrokenPack([*wrong, *broken(path, 1, "the file is missing: add it, in the official format").problems])
    numbers, problems = recalls(path, found, today)
    wrong += problems.found
    if not wrong:
        wrong += strangers(brand, numbers)
    if wrong:
        raise BrokenPack(wrong)
    return f"{len(found.lines)} lines by VIN, {len(numbers)} recalls"


def strangers(brand: Path, numbers: set[str]) -> Iterator[Problem]:
    """Campaigns that the pack tells more of and its own list does not have."""
    path = brand / cars.FOLDER / CAMPAIGNS
    known = read(brand)
    for number in sorted({*known.ranges, *known.stop_sale} - numbers):
        line = next(nth for nth, text in enumerate(path.read_text().splitlines(), 1) if number in text.upper())
        yield Problem(str(path), line, f"{number} is not in {RECALLS}: mend the number")


def recalls(path: Path, found: Vins, today: date) -> tuple[set[str], Problems]:
    """The campaigns of the pack's own list, in which each line has to be right and about a model of ours."""
    names = [name for line in found.lines for name in line.recalls_as]
    numbers, problems = set(), Problems(path)
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            seen = flat.read(line, found.make, today)
        except flat.BadLine as error:
            problems.add(number, f"this line cannot be read: {error}")
            continue
        if not isinstance(seen, flat.Record):
            problems.add(number, f"this line is not about a vehicle of {found.make}: take it out")
        elif not any(flat.is_named(seen.model, name) for name in names):
            problems.add(number, f"{seen.model} is no recalls_as of {cars.FILE}: add it there, or mend it here")
        else:
            numbers.add(seen.number)
    return numbers, problems
