"""The shelf that this process keeps in memory, made anew when another load has made it old. What a page shows of a car is read from
the database when it is shown, and no car under a stop-sale recall is read from it.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from forecourt.dealers.models import Loading as NetworkLoading
from forecourt.vehicles import catalogue
from forecourt.vehicles.stock import naming, recalled
from forecourt.vehicles.stock.models import Car, Loading
from forecourt.vehicles.stock.shelf import Entry, Shelf, band
from forecourt.vehicles.stock.words import Vocabulary


@dataclass(frozen=True, slots=True)
class Kept:
    token: Any
    shelf: Shelf
    vocabulary: Vocabulary
    names: dict[tuple[str, str], str]


_kept: Kept | None = None
_making = threading.Lock()


def kept() -> Kept:
    """While one thread makes the new shelf the others answer from the old one, if there is one."""
    global _kept
    token, before = edition(), _kept
    if before is not None and before.token == token:
        return before
    if not _making.acquire(blocking=before is None):
        assert before is not None
        return before
    try:
        if _kept is None or _kept.token != token:
            _kept = made(token)
        return _kept
    finally:
        _making.release()


def edition() -> tuple[Any, ...]:
    """Of all that decides which cars are shown. Read before the cars: a load that commits in between makes the next question
    read again."""
    loads = (NetworkLoading, Loading, *recalled.LOADS)
    return connection.settings_dict["NAME"], *(
        load.objects.order_by("-pk").values_list("pk", flat=True).first() for load in loads
    )


def made(token: Any) -> Kept:
    shelf = Shelf(entries())
    return Kept(token, shelf, Vocabulary(shelf, naming.words()), naming.names())


def listed() -> QuerySet[Car]:
    """But for those under a stop-sale recall."""
    lines = [line.slug for line in catalogue.lines()]
    return Car.objects.filter(active=True, dealer__active=True, line__in=lines)


def entries() -> Iterator[Entry]:
    power = {line.slug: line.power.value for line in catalogue.lines()}
    columns = "slug vin price mileage since condition line year trim paint dealer_id options".split()
    rows = listed().values_list(*columns)
    held_back = recalled.stopped(rows.values_list("vin", flat=True))
    for slug, vin, price, mileage, since, condition, line, year, trim, paint, dealer, options in rows.iterator(5000):
        if vin in held_back:
            continue
        values = {
            "condition": condition,
            "line": line,
            "year": str(year),
            "power": power[line],
            "trim": trim,
            "paint": paint,
            "price": band(int(price)),
            "dealer": dealer,
        }
        yield Entry(slug, vin, int(price), mileage, since, values, tuple(options))


def cars(slugs: Iterable[str]) -> list[Car]:
    """Those that may be shown now, in the order of the slugs."""
    wanted = list(slugs)
    rows = listed().filter(slug__in=wanted).select_related("dealer")
    found = {car.slug: car for car in rows}
    held_back = recalled.stopped([car.vin for car in found.values()])
    return [found[slug] for slug in wanted if slug in found and found[slug].vin not in held_back]


def entry_of(slug: str) -> Entry | None:
    """Of a car in the list or gone from it, for the place that it has in the order."""
    row = Car.objects.filter(slug=slug).first()
    if row is None:
        return None
    return Entry(row.slug, row.vin, int(row.price), row.mileage, row.since, {"dealer": row.dealer_id})
