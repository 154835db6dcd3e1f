"""What maintenance a car's price still includes, by the brand pack's owners/maintenance.toml."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings

from forecourt.vehicles.recalls import cars
from forecourt.vehicles.recalls.cars import Line
from forecourt.vehicles.recalls.written import OwnersFile

FILE = "maintenance.toml"
COVER_KEYS = {"slug", "name", "text", "for", "years", "miles", "first_year"}
SERVICE_KEYS = {"name", "cover", "for", "miles", "months"}


class For(StrEnum):
    ALL = "all"
    GASOLINE = "gasoline"
    ELECTRIC = "electric"

    def is_for(self, line: Line) -> bool:
        return self is For.ALL or self.value == line.power.value


@dataclass(frozen=True, slots=True)
class Service:
    """Due each time that so many miles or so many months have passed, whichever comes first."""

    name: str
    whose: For
    miles: int
    months: int


@dataclass(frozen=True, slots=True)
class Cover:
    """Ends with the years or the miles, whichever comes first; cars from `first_year` on have it."""

    slug: str
    name: str
    text: str
    whose: For
    years: int
    miles: int
    first_year: int
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """When a service is next due; `day` is None where nobody knows since when the car is driven."""

    name: str
    miles: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Left:
    """`last_day` and `days` are None where nobody knows since when the car is driven."""

    cover: Cover
    miles: int
    last_day: date | None
    days: int | None
    due: tuple[Due, ...]

    @property
    def is_over(self) -> bool:
        return self.miles <= 0 or (self.days is not None and self.days < 0)

    @property
    def months(self) -> int:
        """Whole months that are left, thirty days each."""
        return (self.days or 0) // 30


def remaining(
    covers: tuple[Cover, ...], line: Line, year: int, miles: int, first_day: date | None, today: date
) -> list[Left]:
    """What is left of each cover that the car came with, over or not."""
    had = [cover for cover in covers if cover.whose.is_for(line) and year >= cover.first_year]
    return [left(cover, line, miles, first_day, today) for cover in had]


def left(cover: Cover, line: Line, miles: int, first_day: date | None, today: date) -> Left:
    last_day = after(first_day, 12 * cover.years) if first_day else None
    made = Left(cover, cover.miles - miles, last_day, (last_day - today).days if last_day else None, ())
    if made.is_over:
        return made
    return Left(cover, made.miles, last_day, made.days, tuple(dues(cover, line, miles, first_day, today, last_day)))


def dues(
    cover: Cover, line: Line, miles: int, first_day: date | None, today: date, last_day: date | None
) -> Iterator[Due]:
    """The next of each service that falls within the cover, by its miles or by its day."""
    for service in cover.services:
        at = (miles // service.miles + 1) * service.miles
        on = next_day(first_day, service.months, today) if first_day else None
        within = at <= cover.miles or (on is not None and last_day is not None and on <= last_day)
        if service.whose.is_for(line) and within:
            yield Due(service.name, at, on)


def next_day(first_day: date, months: int, today: date) -> date:
    times = 1
    while (found := after(first_day, times * months)) <= today:
        times += 1
    return found


def after(day: date, months: int) -> date:
    """The same day so many months on; the first of the next month where that one has no such day."""
    count = day.year * 12 + day.month - 1 + months
    try:
        return day.replace(year=count // 12, month=count % 12 + 1)
    except ValueError:
        return date((count + 1) // 12, (count + 1) % 12 + 1, 1)


def covers() -> tuple[Cover, ...]:
    """Empty for a brand that includes no maintenance."""
    return _read_once(Path(settings.BRAND))


@cache
def _read_once(brand: Path) -> tuple[Cover, ...]:
    return read(brand)


def read(brand: Path) -> tuple[Cover, ...]:
    path = brand / cars.FOLDER / FILE
    if cars.read(brand) is None or not path.exists():
        return ()
    file = OwnersFile(path, {"cover", "service"})
    services: dict[str, list[Service]] = {}
    lines: dict[str, int] = {}
    for nth, row in file.rows("service", SERVICE_KEYS):
        service = Service(
            name=file.words(row, "name", "service", nth),
            whose=file.one_of(row, "for", For, "service", nth),
            miles=file.whole(row, "miles", 1, 200_000, "service", nth),
            months=file.whole(row, "months", 1, 240, "service", nth),
        )
        services.setdefault(file.words(row, "cover", "service", nth), []).append(service)
        lines.setdefault(str(row.get("cover", "")), file.place("cover", "service", nth))
    found: list[Cover] = []
    for nth, row in file.rows("cover", COVER_KEYS):
        slug = file.words(row, "slug", "cover", nth)
        if slug in {cover.slug for cover in found}:
            file.problem(file.place("slug", "cover", nth), f"slug {slug} is taken by a cover above: each needs its own")
        found.append(
            Cover(
                slug=slug,
                name=file.words(row, "name", "cover", nth),
                text=file.words(row, "text", "cover", nth),
                whose=file.one_of(row, "for", For, "cover", nth),
                years=file.whole(row, "years", 1, 50, "cover", nth),
                miles=file.whole(row, "miles", 1, 1_000_000, "cover", nth),
                first_year=file.whole(row, "first_year", 1980, 2100, "cover", nth),
                services=tuple(services.get(slug, ())),
            )
        )
    if not found:
        file.problem(1, "there is no [[cover]]: add one, or take the file away")
    for slug in services.keys() - {cover.slug for cover in found}:
        file.problem(lines[slug], f"cover is {slug!r}, which is no slug of a [[cover]]: mend it")
    file.problems.stop_if_any()
    return tuple(found)
