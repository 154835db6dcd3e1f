"""What a VIN says about a car of ours, by the brand pack's owners/vins.toml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from forecourt.vehicles.catalogue import Power
from forecourt.vehicles.recalls import vin as vins
from forecourt.vehicles.recalls.written import OwnersFile

FOLDER, FILE = "owners", "vins.toml"
SERIAL = 11
KEYS = {"make", "wmis", "position", "line", "example"}
LINE_KEYS = {"letter", "slug", "name", "power", "recalls_as", "first_year", "last_year"}
# Between the line and the check digit, where a file says nothing else; its third is a letter, as since 2010.
FILLER = "AAGA2"


@dataclass(frozen=True, slots=True)
class Line:
    """`recalls_as` is how the official file writes it; `slug` is empty for one that has no page any more; `last_year` 9999 while
    it is made."""

    letter: str
    slug: str
    name: str
    power: Power
    recalls_as: tuple[str, ...]
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Car:
    vin: str
    line: Line
    year: int
    serial: int

    @property
    def name(self) -> str:
        return f"{self.year} {self.line.name}"


@dataclass(frozen=True, slots=True)
class Example:
    vin: str
    shows: str


@dataclass(frozen=True, slots=True)
class Vins:
    """`make` as the official recall file writes it; `position` counts from 1."""

    make: str
    wmis: tuple[str, ...]
    position: int
    lines: tuple[Line, ...]
    examples: tuple[Example, ...]

    def is_ours(self, vin: str) -> bool:
        return vin[:3] in self.wmis

    def letter_of(self, vin: str) -> str:
        return vin[self.position - 1]

    def car(self, vin: str) -> Car | str:
        """The car, or what is wrong, for the person who typed it. `vin` is ours and has no problem of its own."""
        line = next((line for line in self.lines if line.letter == self.letter_of(vin)), None)
        if line is None:
            return f"Character {self.position} tells the model, and {self.letter_of(vin)} stands for none of ours. Look at it again."
        year = vins.model_year(vin)
        if year is None or not line.first_year <= year <= line.last_year:
            return f"Characters 7 and 10 tell the model year. They say {year}, and we made no {year} {line.name}. Look at them again."
        if not vin[SERIAL:].isdigit():
            return "The last six characters are digits in each of our VINs. Look at them again."
        return Car(vin, line, year, int(vin[SERIAL:]))

    def vin_of(self, line: Line, year: int, serial: int) -> str:
        """A VIN as our cars have them, for what makes up cars."""
        described = list(FILLER)
        described[self.position - 4] = line.letter
        code = vins.YEARS[(year - 1980) % len(vins.YEARS)]
        return vins.with_check_digit(f"{self.wmis[0]}{''.join(described)}0{code}D{serial:06}")


def ours() -> Vins | None:
    """None for a brand that has no such file: it looks up no VIN."""
    return _read_once(Path(settings.BRAND))


@cache
def _read_once(brand: Path) -> Vins | None:
    return read(brand)


def read(brand: Path) -> Vins | None:
    path = brand / FOLDER / FILE
    if not path.parent.is_dir():
        return None
    file = OwnersFile(path, KEYS)
    lines = tuple(
        Line(
            letter=file.words(row, "letter", "line", nth),
            slug=file.words(row, "slug", "line", nth) if "slug" in row else "",
            name=file.words(row, "name", "line", nth),
            power=file.one_of(row, "power", Power, "line", nth),
            recalls_as=tuple(each.upper() for each in file.list_of_words(row, "recalls_as", "line", nth)),
            first_year=file.whole(row, "first_year", 1980, 2100, "line", nth),
            last_year=file.whole({"last_year": 9999, **row}, "last_year", 1980, 9999, "line", nth),
        )
        for nth, row in file.rows("line", LINE_KEYS)
    )
    found = Vins(
        make=file.words(file.found, "make").upper(),
        wmis=file.list_of_words(file.found, "wmis"),
        position=file.whole(file.found, "position", 4, 8),
        lines=lines,
        examples=tuple(
            Example(file.words(row, "vin", "example", nth), file.words(row, "shows", "example", nth))
            for nth, row in file.rows("example", {"vin", "shows"})
        ),
    )
    _agree(file, found, brand)
    file.problems.stop_if_any()
    return found


def _agree(file: OwnersFile, found: Vins, brand: Path) -> None:
    if not found.lines:
        file.problem(1, "there is no [[line]]: add at least one")
    for wmi in found.wmis:
        if len(wmi) != 3 or not set(wmi) <= set(vins.VALUES):
            file.problem(file.place("wmis"), f"{wmi} begins no VIN: write three letters or digits, without I, O and Q")
    for nth, line in enumerate(found.lines):
        if line.letter and (len(line.letter) != 1 or line.letter not in vins.VALUES):
            file.problem(
                file.place("letter", "line", nth),
                f"letter is {line.letter!r}: write one letter or digit, not I, O or Q",
            )
        if line.letter in {other.letter for other in found.lines[:nth]}:
            file.problem(
                file.place("letter", "line", nth), f"letter {line.letter} is taken by a line above: each needs its own"
            )
        if line.last_year < line.first_year:
            file.problem(file.place("last_year", "line", nth), "last_year is before first_year: mend one of them")
        if line.slug and not (brand / "vehicles" / f"{line.slug}.toml").is_file():
            says = f"there is no vehicles/{line.slug}.toml: mend the slug, or take it out for a line without a page"
            file.problem(file.place("slug", "line", nth), says)
    for nth, example in enumerate(found.examples):
        says = vins.problem_of(example.vin) or ("" if found.is_ours(example.vin) else "This is no VIN of ours.")
        car = says or found.car(example.vin)
        if isinstance(car, str):
            file.problem(file.place("vin", "example", nth), f"vin is {example.vin!r}: {car}")
