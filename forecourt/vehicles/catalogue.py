"""The model lines of the brand pack, read once and frozen: what is on a page, in a price and in a booking comes from here.

A line is made anew for each model year: its editions. `vehicles/pipit.toml` is the newest, `vehicles/2026/pipit.toml` one that
dealers may have left.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from forecourt.policy import problems as pack
from forecourt.policy.problems import BrokenPack, Problem
from forecourt.vehicles import drawing, pictures
from forecourt.vehicles.drawing import Drawn, View
from forecourt.vehicles.layers import Layers
from forecourt.vehicles.sheet import Sheet
from forecourt.web.menu import Link

SLUG = re.compile(r"[a-z][a-z0-9-]*")
YEAR_FOLDER = "[0-9][0-9][0-9][0-9]"


class Status(StrEnum):
    """Previous is an earlier year of a line; an outgoing line is not built any more in any year."""

    CURRENT = "current"
    PREVIOUS = "previous"
    OUTGOING = "outgoing"


class Power(StrEnum):
    ELECTRIC = "electric"
    GASOLINE = "gasoline"


@dataclass(frozen=True, slots=True)
class Trim:
    """`price` is in dollars, on the line's `price_basis`."""

    name: str
    price: Decimal
    has: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Paint:
    """`shade` is the paint where light does not reach; `roof` is the roof's color and the mirror caps' with this paint."""

    slug: str
    name: str
    color: str
    shade: str
    roof: str

    @property
    def look(self) -> dict[str, str]:
        return {
            "paint": self.color,
            "shade": self.shade,
            "roof": self.roof,
            "caps": self.roof,
            "stripe": self.roof,
        }


@dataclass(frozen=True, slots=True)
class Line:
    slug: str
    name: str
    order: int
    year: int
    status: Status
    power: Power
    body: str
    sentence: str
    text: tuple[str, ...]
    price_basis: str
    disclaimer: str
    drawing: Drawn | Layers
    trims: tuple[Trim, ...]
    figures: tuple[Figure, ...]
    paints: tuple[Paint, ...]
    folder: Path

    @property
    def is_current(self) -> bool:
        """The others stay readable; they are not built, and so not booked, any more."""
        return self.status is Status.CURRENT

    @property
    def is_previous(self) -> bool:
        return self.status is Status.PREVIOUS

    @property
    def full_name(self) -> str:
        """With the year where the name alone would be taken for the newest."""
        return f"{self.year} {self.name}" if self.is_previous else self.name

    @property
    def starts_at(self) -> Decimal:
        return min(trim.price for trim in self.trims)

    @property
    def first_figure(self) -> Figure:
        return self.figures[0]

    def painted(self, slug: str) -> Paint:
        """The paint of that name, or the line's own first one."""
        return next((paint for paint in self.paints if paint.slug == slug), self.paints[0])

    @property
    def views(self) -> tuple[View, ...]:
        return self.drawing.views

    def seen(self, view: str) -> View:
        """The view of that name, or the first one."""
        return next((each for each in self.views if each == view), self.views[0])

    def draw(self, view: str = "side", paint: str = "", label: str = "", place: str = "") -> SafeString:
        """`place` tells two equal drawings of one page apart."""
        chosen = self.painted(paint)
        year = str(self.year) if self.is_previous else ""
        key = "-".join(filter(None, (self.slug, year, view, chosen.slug, place)))
        return self.drawing.draw(View(view), chosen.look, {"paint": chosen.slug}, key=key, label=label)

    def svg(self, place: str) -> SafeString:
        """From the side, for a picture that is made of several."""
        return self.drawing.svg(
            View.SIDE, self.paints[0].look, {"paint": self.paints[0].slug}, key=f"{self.slug}-{place}"
        )

    def get_absolute_url(self) -> str:
        if self.is_previous:
            return reverse("vehicles:edition", args=[self.slug, self.year])
        return reverse("vehicles:line", args=[self.slug])


def lines() -> tuple[Line, ...]:
    """The newest edition of each model line, in the brand's order."""
    return tuple(found for found in _read_once(Path(settings.BRAND) / "vehicles") if not found.is_previous)


def line(slug: str) -> Line | None:
    return next((found for found in lines() if found.slug == slug), None)


def bookable() -> tuple[Line, ...]:
    return tuple(found for found in lines() if found.is_current)


def previous() -> tuple[Line, ...]:
    return tuple(found for found in _read_once(Path(settings.BRAND) / "vehicles") if found.is_previous)


def editions(slug: str) -> tuple[Line, ...]:
    """Of one line, the newest first."""
    return tuple(found for found in _read_once(Path(settings.BRAND) / "vehicles") if found.slug == slug)


def edition(slug: str, year: int) -> Line | None:
    return next((found for found in editions(slug) if found.year == year), None)


def menu_links() -> Iterator[tuple[str, Link]]:
    """Each line under its model year, the newest first; those that go out last."""
    for found in sorted((*lines(), *previous()), key=lambda line: (line.status is Status.OUTGOING, -line.year)):
        under = f"Outgoing {found.year}" if found.status is Status.OUTGOING else str(found.year)
        yield "models", Link(found.full_name, found.get_absolute_url(), under=under)


@cache
def _read_once(folder: Path) -> tuple[Line, ...]:
    return read_editions(folder)


def read(folder: Path) -> tuple[Line, ...]:
    """The lines of a pack, or BrokenPack with everything that is wrong in the files of any of their editions."""
    return tuple(found for found in read_editions(folder) if not found.is_previous)


def read_editions(folder: Path) -> tuple[Line, ...]:
    """By the lines' order, each line's newest edition first; BrokenPack as above."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise pack.broken(folder, 1, "there is no model line: add a file such as vehicles/pipit.toml")
    found: dict[str, Line] = {}
    earlier: list[Line] = []
    problems: list[Problem] = []
    for path in (*paths, *sorted(folder.glob(f"{YEAR_FOLDER}/*.toml"))):
        try:
            if path.parent == folder:
                found[path.stem] = Reader(path, folder).line()
            else:
                earlier.append(Reader(path, folder).earlier_edition(found.get(path.stem), folder / path.name))
        except BrokenPack as error:
            problems += error.problems
    for one in found.values():
        twins = (other for other in found.values() if other.order == one.order and other.slug < one.slug)
        if twin := next(twins, None):
            says = f"order {one.order} is taken by {twin.slug}.toml: give each line a place of its own"
            problems.append(Problem(str(folder / f"{one.slug}.toml"), 1, says))
    if problems:
        raise BrokenPack(problems)
    return tuple(sorted((*found.values(), *earlier), key=lambda one: (found[one.slug].order, -one.year)))


class Reader(Sheet):
    """Reads one line's file."""

    def __init__(self, path: Path, folder: Path) -> None:
        """`folder` is the one that holds the drawings."""
        super().__init__(path)
        self.folder = folder

    def line(self) -> Line:
        made = self.record()
        if made.is_previous:
            self.problem(
                self.place("status"),
                f"status is 'previous': that is for a file in the folder of its year, such as {made.year}/{self.path.name}",
            )
        self.problems.stop_if_any()
        return made

    def earlier_edition(self, newest: Line | None, its_file: Path) -> Line:
        """`newest` is the line's own, None where its file is missing or cannot be read."""
        made = self.record()
        if not made.is_previous:
            self.problem(
                self.place("status"), f"status is '{made.status}': a file in the folder of its year needs 'previous'"
            )
        if str(made.year) != self.path.parent.name:
            self.problem(
                self.place("year"), f"year is {made.year} in the folder {self.path.parent.name}: make them agree"
            )
        if newest is None and not its_file.is_file():
            self.problem(
                1, f"there is no {its_file.name} above this folder: the newest edition of the line stands there"
            )
        if newest is not None and newest.year <= made.year:
            self.problem(
                self.place("year"),
                f"year is {made.year}, and {its_file.name} is of {newest.year}: the newest stands there",
            )
        self.problems.stop_if_any()
        return made

    def record(self) -> Line:
        self.source = pack.read(self.path)
        found = pack.tables(self.source, self.path)
        if not SLUG.fullmatch(self.path.stem):
            self.problem(1, "the file's name becomes the page's address: use lower-case letters, digits and hyphens")
        words = {key: self.words(found, key) for key in ("name", "body", "sentence", "price_basis", "disclaimer")}
        made = Line(
            slug=self.path.stem,
            **words,
            order=self.whole(found, "order", 1, 999),
            year=self.whole(found, "year", 2000, 2100),
            status=self.one_of(found, "status", Status),
            power=self.one_of(found, "power", Power),
            text=self.list_of_words(found, "text"),
            drawing=pictures.read(self, found, self.folder),
            trims=tuple(self.trim(row, nth) for nth, row in enumerate(self.rows(found, "trim"))),
            figures=tuple(self.figure(row, nth) for nth, row in enumerate(self.rows(found, "figure"))),
            paints=tuple(self.paint(row, nth) for nth, row in enumerate(self.rows(found, "paint"))),
            folder=self.folder,
        )
        tables = {"drawing", "layers", "trim", "figure", "paint"}
        self.only(found, {"order", "year", "status", "power", "text", *tables, *words})
        self.problems.stop_if_any()
        for says in pictures.complaints(made.drawing, {paint.slug: paint.look for paint in made.paints}):
            self.problem(1, says)
        self.problems.stop_if_any()
        return made

    def rows(self, found: Mapping[str, Any], table: str) -> Iterable[Mapping[str, Any]]:
        value = found.get(table)
        if not isinstance(value, list) or not value:
            self.problem(1, f"there is no [[{table}]]: add at least one")
            return ()
        return value

    def color(self, found: Mapping[str, Any], key: str, table: str, nth: int = 0) -> str:
        value = found.get(key)
        if not isinstance(value, str) or not drawing.COLOR.fullmatch(value):
            self.problem(
                self.place(key, table, nth), f"{key} is {value!r}: write six hex digits in lower case, such as #14604f"
            )
            return "#000000"
        return value

    def trim(self, row: Mapping[str, Any], nth: int) -> Trim:
        price = self.amount(row, "price", "trim", nth, such_as="24900")
        return Trim(self.words(row, "name", "trim", nth), price, self.list_of_words(row, "has", "trim", nth))

    def figure(self, row: Mapping[str, Any], nth: int) -> Figure:
        return Figure(*(self.words(row, key, "figure", nth) for key in ("label", "value", "unit")))

    def paint(self, row: Mapping[str, Any], nth: int) -> Paint:
        slug = self.words(row, "slug", "paint", nth)
        if slug and not SLUG.fullmatch(slug):
            self.problem(
                self.place("slug", "paint", nth), f"slug is {slug!r}: use lower-case letters, digits and hyphens"
            )
        colors = (self.color(row, key, "paint", nth) for key in ("color", "shade", "roof"))
        return Paint(slug, self.words(row, "name", "paint", nth), *colors)
