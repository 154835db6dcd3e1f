"""The stock as the brand pack writes it: stock/stock.toml says what holds for all cars, stock/cars.csv has a car a line."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from forecourt.dealers import pack as network
from forecourt.dealers.pack import DealerRow, Table
from forecourt.policy import problems as files
from forecourt.policy.problems import BrokenPack
from forecourt.vehicles.recalls import cars
from forecourt.vehicles.recalls import vin as vins
from forecourt.vehicles.recalls.cars import Vins
from forecourt.vehicles.sheet import Sheet
from forecourt.vehicles.stock import lineup
from forecourt.vehicles.stock.lineup import Lineup, Lineups
from forecourt.vehicles.stock.models import Basis, Condition, Result

TERMS, CARS = "stock.toml", "cars.csv"
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# A new car has been driven onto a truck and round the block.
NEW_UP_TO = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every car of the stock. `delivery` is in every price."""

    delivery: Decimal
    suggested: str
    dealers_own: str
    inspection: str


@dataclass(frozen=True, slots=True)
class CarRow:
    line: int
    vin: str
    dealer: str
    model: str
    year: int
    condition: str
    mileage: int
    price: int
    basis: str
    since: date
    trim: str
    paint: str
    options: tuple[str, ...]
    inspected: date | None
    result: str | None

    @property
    def slug(self) -> str:
        """Its address: ten letters and digits that only this VIN gives."""
        return base64.b32encode(hashlib.sha256(self.vin.encode()).digest()).decode()[:10].lower()


@dataclass(frozen=True, slots=True)
class StockPack:
    terms: Terms
    cars: tuple[CarRow, ...]


def is_there(folder: Path) -> bool:
    """A brand whose dealers' cars are not listed has no such folder."""
    return (folder / "stock").is_dir()


def digest(folder: Path) -> str:
    """Of all that decides how the stock is read: equal digests need no second load."""
    found = hashlib.sha256()
    ours = Path(__file__).parent
    for path in (
        *(ours / name for name in ("pack.py", "lineup.py")),
        *(folder / "stock" / name for name in (TERMS, CARS)),
        folder / network.DEALERS,
        *sorted((folder / "vehicles").rglob("*.toml")),
        *sorted((folder / cars.FOLDER).glob("*.toml")),
    ):
        content = path.read_bytes() if path.is_file() else b""
        found.update(f"{path.name} {len(content)}\n".encode() + content)
    return found.hexdigest()


@cache
def terms_of(brand: Path) -> Terms:
    return read_terms(brand)


def read_terms(folder: Path) -> Terms:
    sheet = Sheet(folder / "stock" / TERMS)
    found = sheet.read()
    made = Terms(
        sheet.amount(found, "delivery", least=Decimal(0), most=Decimal(9_999), such_as="995"),
        sheet.words(found, "suggested"),
        sheet.words(found, "dealers_own"),
        sheet.words(found, "inspection"),
    )
    sheet.only(found, set(Terms.__slots__))
    sheet.problems.stop_if_any()
    return made


def read(folder: Path, now: datetime) -> StockPack:
    """The pack's stock, or BrokenPack with all that is wrong with it. Reads the lines and dealers that it speaks of."""
    terms = read_terms(folder)
    dealers = {row.slug: row for row in network.read(folder, now).dealers}
    lines = lineup.read(folder / "vehicles")
    ours = cars.read(folder)
    if ours is None:
        says = f"we list cars by their VINs: add {cars.FOLDER}/{cars.FILE}, which says how ours are read"
        raise files.broken(folder / "stock" / CARS, 1, says)
    table = Table(folder / "stock" / CARS, readers(frozenset(dealers), lines, ours, now))
    rows = []
    for line, values in table.rows():
        car = CarRow(line=line, **{("model" if key == "line" else key): value for key, value in values.items()})
        for says in disagreements(car, lines, ours, dealers[car.dealer], terms):
            table.add(line, says)
        rows.append(car)
    for line, vin in table.repeated("vin"):
        table.add(line, f"vin {vin} is on a line above: a car stands in one place, so take one of the two out")
    if table.problems.found:
        raise BrokenPack(table.problems.found)
    return StockPack(terms, tuple(rows))


def disagreements(car: CarRow, lines: Lineups, ours: Vins, dealer: DealerRow, terms: Terms) -> Iterator[str]:
    """What is wrong with a line although each of its cells can be read."""
    told = ours.car(car.vin)
    if isinstance(told, str):
        yield f"vin is {car.vin}: {told}"
    elif (told.line.slug, told.year) != (car.model, car.year):
        yield f"line and year are {car.model} and {car.year}, and by its VIN it is a {told.name}: mend one of them"
    if car.year > lines.newest(car.model):
        yield f"year is {car.year}, and the newest {car.model} is of {lines.newest(car.model)}: mend the year"
        return
    yield from of_its_condition(car, dealer)
    yield from of_its_build(car, lines.of(car.model, car.year), dealer.state, terms)


def of_its_condition(car: CarRow, dealer: DealerRow) -> Iterator[str]:
    service = "sales" if car.condition == Condition.NEW else "certified"
    if service not in dealer.services:
        yield f"{dealer.slug} does not offer {service}: mend the dealer, or its services in {network.DEALERS}"
    if car.condition == Condition.NEW:
        if car.mileage > NEW_UP_TO:
            yield f"mileage is {car.mileage}: a new car has at most {NEW_UP_TO} miles; is it certified?"
        if car.inspected or car.result:
            yield "a new car has no inspection: leave inspected and result empty, or write certified"
    else:
        if not car.inspected or not car.result:
            yield "a certified car needs inspected and result: write the day and passed or repaired, or take the car out"
        if car.inspected and car.inspected.year < car.year - 1:
            yield f"inspected is {car.inspected}, before the car was built: mend the day"
        if car.basis == Basis.SUGGESTED:
            yield "basis is suggested: only new cars have a suggested price, so write dealer"


def of_its_build(car: CarRow, known: Lineup, state: str, terms: Terms) -> Iterator[str]:
    for column, slugs, names in (
        ("trim", (car.trim,), known.trims),
        ("paint", (car.paint,), known.paints),
        ("options", car.options, known.others),
    ):
        for slug in slugs:
            if slug not in names:
                write = ", ".join(names) if len(names) < 16 else "those of its options file"
                yield f"{column}: the {car.year} {known.record.name} has no {slug}; write {write or 'nothing'}"
                return
    whole = known.car(car.trim, car.paint, car.options)
    if rule := known.broken_rule(whole):
        yield f"options: no such car is built, since {rule}; name what this one really has"
        return
    if car.basis != Basis.SUGGESTED:
        return
    suggested = known.suggested(whole, car.trim, state, car.since)
    if suggested is None:
        yield f"basis is suggested: we know no prices of the {car.year} {known.record.name}, so write dealer"
    elif suggested + terms.delivery != car.price:
        right = suggested + terms.delivery
        yield f"price is {car.price}: its parts and the delivery charge come to {right}; write that, or the basis dealer"


def readers(dealers: frozenset[str], lines: Lineups, ours: Vins, now: datetime) -> dict[str, Callable[[str], Any]]:
    def vin(cell: str) -> str:
        if says := vins.problem_of(cell):
            raise ValueError(says)
        if cell != vins.normal(cell):
            raise ValueError(f"write it plainly, as {vins.normal(cell)}")
        if not ours.is_ours(cell):
            raise ValueError(f"our VINs begin with {' or '.join(ours.wmis)}: mend it, or take the car out")
        return cell

    def dealer(cell: str) -> str:
        if cell not in dealers:
            raise ValueError(f"{network.DEALERS} has no such slug: mend it, or add the dealer")
        return cell

    def line(cell: str) -> str:
        if cell not in lines:
            raise ValueError(f"write one of {', '.join(lines)}")
        return cell

    def past_day(cell: str) -> date:
        found = network.day(cell)
        if found > now.date():
            raise ValueError("that day is yet to come: write the day on which it was")
        return found

    def day_or_nothing(cell: str) -> date | None:
        return past_day(cell) if cell else None

    return {
        "vin": vin,
        "dealer": dealer,
        "line": line,
        "year": lambda cell: whole(cell, 1990, 2100),
        "condition": lambda cell: one_of(cell, tuple(Condition)),
        "mileage": lambda cell: whole(cell, 0, 999_999),
        "price": lambda cell: whole(cell, 1, 999_999),
        "basis": lambda cell: one_of(cell, tuple(Basis)),
        "since": past_day,
        "trim": word,
        "paint": word,
        "options": lambda cell: tuple(map(word, cell.split())),
        "inspected": day_or_nothing,
        "result": lambda cell: one_of(cell, tuple(Result)) if cell else None,
    }


def word(cell: str) -> str:
    if not WORD.fullmatch(cell):
        raise ValueError("write the slug of the line’s own file, such as rowan")
    return cell


def whole(cell: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,6}", cell, re.ASCII) or not least <= int(cell) <= most:
        raise ValueError(f"write a whole number from {least} to {most}, without commas")
    return int(cell)


def one_of(cell: str, choices: tuple[str, ...]) -> str:
    if cell not in choices:
        raise ValueError(f"write one of {', '.join(choices)}")
    return cell
