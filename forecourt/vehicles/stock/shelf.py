"""All cars that are shown, in memory: which ones somebody means, how many of each kind, and in what order. Pure.

A set of cars is one whole number whose bits are the cars, so that a question is a handful of ANDs and a count of bits, however many
cars there are.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

LIMIT = 24
FACETS = ("condition", "line", "year", "power", "trim", "paint", "price", "dealer")
WITHIN = (25, 50, 100, 250)
SORTS = ("price", "price-high", "newest", "mileage", "near")
STEP = 5_000  # dollars of a price band

Cars = int
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one car: enough to find, count and order it."""

    slug: str
    vin: str
    price: int
    mileage: int
    since: date
    values: Mapping[str, str]
    options: tuple[str, ...] = ()

    @property
    def dealer(self) -> str:
        return self.values["dealer"]


@dataclass(frozen=True, slots=True)
class Question:
    """`chosen` has of each facet the values of which any will do. `words` are sets of cars, each of which has to hold the car.
    `miles` says how far each dealer is, where somebody said where they are."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    words: tuple[Cars, ...] = ()
    miles: Mapping[str, float] | None = None
    within: int | None = None
    sort: str = "price"


@dataclass(frozen=True, slots=True)
class Page:
    """Part of the list: the slugs at places `first` and on, of `total`; `after` is where the next part goes on, "" at the end."""

    slugs: tuple[str, ...]
    first: int
    total: int
    after: str

    @property
    def last(self) -> int:
        return self.first + len(self.slugs) - 1


@dataclass(frozen=True)
class Order:
    """Cars by `key`, found shelf by shelf: every car of a shelf comes before every car of the next one."""

    key: Callable[[Entry], Key]
    shelf_of: Callable[[Entry], Any]
    names: Sequence[Any]
    shelves: Sequence[Cars]


def band(price: int) -> str:
    return str(price // STEP * STEP)


class Shelf:
    """Build it once; every question after that is a look through memory."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        # In order of price, so that most lists are in order before they are sorted.
        self.entries = tuple(sorted(entries, key=lambda entry: (entry.price, entry.slug)))
        self.everything: Cars = (1 << len(self.entries)) - 1
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            for facet, value in entry.values.items():
                places[facet, value].append(place)
            for option in entry.options:
                places["option", option].append(place)
        self.by_value: dict[str, dict[str, Cars]] = {facet: {} for facet in (*FACETS, "option")}
        for (facet, value), those in places.items():
            self.by_value[facet][value] = cars_at(those)
        self._orders: dict[str, Order] = {}

    @cached_property
    def by_serial(self) -> dict[str, Cars]:
        """By the last six of the VIN, which is how people name a car that they stand before."""
        found: dict[str, Cars] = defaultdict(int)
        for place, entry in enumerate(self.entries):
            found[entry.vin[-6:]] |= 1 << place
        return dict(found)

    def any_of(self, facet: str, values: Iterable[str]) -> Cars:
        known, found = self.by_value[facet], 0
        for value in values:
            found |= known.get(value, 0)
        return found

    def within(self, miles: Mapping[str, float], most: float) -> Cars:
        return self.any_of("dealer", (slug for slug, far in miles.items() if far <= most))

    def sets(self, question: Question) -> dict[str, Cars]:
        """What each part of the question lets through."""
        found = {facet: self.any_of(facet, values) for facet, values in question.chosen.items() if values}
        if question.within is not None and question.miles is not None:
            found["within"] = self.within(question.miles, question.within)
        found |= {f"word {place}": cars for place, cars in enumerate(question.words)}
        return found

    def matching(self, question: Question, but: str = "") -> Cars:
        """`but` names a part of the question that is left aside."""
        found = self.everything
        for part, cars in self.sets(question).items():
            if part != but:
                found &= cars
        return found

    def counts(self, question: Question, facet: str) -> dict[str, int]:
        """How many cars each value would show beside all that else is asked for; none where there are none."""
        rest = self.matching(question, but=facet)
        known = self.by_value[facet]
        counted = {value: (rest & cars).bit_count() for value, cars in known.items()}
        return {value: count for value, count in counted.items() if count}

    def counts_within(self, question: Question) -> dict[int, int]:
        if question.miles is None:
            return {}
        rest = self.matching(question, but="within")
        return {most: (rest & self.within(question.miles, most)).bit_count() for most in WITHIN}

    def page(self, question: Question, after: Entry | None = None, limit: int = LIMIT) -> Page:
        """What follows on a car, which need not be here any more: by its price, miles or place it has a place in the order."""
        matching = self.matching(question)
        order = self.order(question)
        seen, start = 0, 0
        if after is not None:
            start = bisect_left(order.names, order.shelf_of(after))
            seen = sum((matching & cars).bit_count() for cars in order.shelves[:start])
        found: list[Entry] = []
        for cars in order.shelves[start:]:
            if not (here := matching & cars):
                continue
            entries = sorted(self.members(here), key=order.key)
            if after is not None:
                later = [entry for entry in entries if order.key(entry) > order.key(after)]
                if not found:
                    seen += len(entries) - len(later)
                entries = later
            found += entries[: limit + 1 - len(found)]
            if len(found) > limit:
                break
        more, shown = len(found) > limit, found[:limit]
        slugs = tuple(entry.slug for entry in shown)
        return Page(slugs, seen + 1, matching.bit_count(), slugs[-1] if more else "")

    def members(self, cars: Cars) -> Iterator[Entry]:
        """Cheapest first."""
        for place in bits(cars):
            yield self.entries[place]

    def order(self, question: Question) -> Order:
        if question.sort == "near" and question.miles is not None:
            return self._by_distance(question.miles)
        name = question.sort if question.sort != "near" else "price"
        if name not in self._orders:
            self._orders[name] = self._ordered(*ORDERS[name])
        return self._orders[name]

    def _by_distance(self, miles: Mapping[str, float]) -> Order:
        nearest = sorted(self.by_value["dealer"], key=lambda slug: (miles.get(slug, float("inf")), slug))

        def shelf_of(entry: Entry) -> tuple[float, str]:
            return miles.get(entry.dealer, float("inf")), entry.dealer

        return Order(
            key=lambda entry: (shelf_of(entry), entry.price, entry.slug),
            shelf_of=shelf_of,
            names=[(miles.get(slug, float("inf")), slug) for slug in nearest],
            shelves=[self.by_value["dealer"][slug] for slug in nearest],
        )

    def _ordered(self, key: Callable[[Entry], Key], shelf_of: Callable[[Entry], int]) -> Order:
        places: dict[int, list[int]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            places[shelf_of(entry)].append(place)
        names = sorted(places)
        return Order(key, shelf_of, names, [cars_at(places[name]) for name in names])

    def without(self, question: Question, part: str) -> int:
        """How many there would be without that part of the question."""
        return self.matching(question, but=part).bit_count()


# Of each order its key, which no two cars share, and the shelf on which a car is looked for.
ORDERS: Mapping[str, tuple[Callable[[Entry], Key], Callable[[Entry], int]]] = {
    "price": (lambda entry: (entry.price, entry.slug), lambda entry: entry.price // 250),
    "price-high": (lambda entry: (-entry.price, entry.slug), lambda entry: -(entry.price // 250)),
    "newest": (
        lambda entry: (-entry.since.toordinal(), entry.price, entry.slug),
        lambda entry: -entry.since.toordinal(),
    ),
    "mileage": (
        lambda entry: (entry.mileage, entry.price, entry.slug),
        lambda entry: entry.mileage if entry.mileage < 100 else 100 + entry.mileage // 500,
    ),
}


def cars_at(places: Sequence[int]) -> Cars:
    """Places in rising order."""
    if not places:
        return 0
    found = bytearray(places[-1] // 8 + 1)
    for place in places:
        found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


def bits(cars: Cars) -> Iterator[int]:
    """The places of its ones, rising."""
    for word, eight in enumerate(cars.to_bytes((cars.bit_length() + 7) // 8, "little")):
        while eight:
            lowest = eight & -eight
            yield word * 8 + lowest.bit_length() - 1
            eight ^= lowest
