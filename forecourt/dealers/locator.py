"""The nearest dealers to a place, from memory: pure, the same order for the same input, every dealer once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

from forecourt.dealers.hours import Timetable
from forecourt.dealers.places import STATES, Place, plain

EARTH = 3958.7613  # mean radius in miles
LIMIT = 10


@dataclass(frozen=True)
class Entry:
    """What a list shows of one dealer."""

    slug: str
    name: str
    street: str
    city: str
    state: str
    postal_code: str
    phone: str
    latitude: float
    longitude: float
    services: frozenset[str]
    timetable: Timetable

    @cached_property
    def haystack(self) -> str:
        return f" {plain(f'{self.name} {self.city} {self.state} {STATES.get(self.state, self.state)}')} "

    @property
    def drives(self) -> bool:
        """Whether a test drive can be booked here on the site."""
        return "test-drive" in self.services and not self.timetable.by_appointment


@dataclass(frozen=True, slots=True)
class Found:
    dealer: Entry
    miles: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """Part of an ordered list: `found` stand at places `first` and on, of `total`; `after` fetches what follows, "" at the end."""

    found: tuple[Found, ...]
    first: int
    total: int
    after: str

    @property
    def last(self) -> int:
        return self.first + len(self.found) - 1


class UnknownCursor(LookupError):
    """The list holds no such dealer (any more)."""


Vector = tuple[float, float, float]


class Network:
    """All dealers that can be found. Build it once; every question after that is a look through memory."""

    def __init__(self, dealers: Iterable[Entry]) -> None:
        self.dealers = tuple(sorted(dealers, key=lambda dealer: dealer.slug))
        self._by_services: dict[frozenset[str], tuple[tuple[Entry, ...], list[Vector]]] = {}

    def near(self, place: Place, services: Collection[str] = (), after: str = "", limit: int = LIMIT) -> Page:
        """By great-circle distance, then slug. `after` is the slug at which the page before ended."""
        dealers, vectors = self._with(frozenset(services))
        a, b, c = vector(place.latitude, place.longitude)
        # Squared chords sort as distances do. Dealers stand in order of slug, and sorting is stable: so ties fall by slug.
        chords = [(x - a) * (x - a) + (y - b) * (y - b) + (z - c) * (z - c) for x, y, z in vectors]
        order = sorted(range(len(chords)), key=chords.__getitem__)
        start = position(dealers, order, after)
        found = tuple(Found(dealers[at], chord_miles(chords[at])) for at in order[start : start + limit])
        return page(found, start, len(order))

    def named(self, words: str, services: Collection[str] = (), after: str = "", limit: int = LIMIT) -> Page:
        """Dealers whose name, city and state hold the start of every word, by slug; short words ("LA") count whole. No words,
        no dealers."""
        wanted = [f" {word}" if len(word) > 2 else f" {word} " for word in plain(words).split()]
        dealers = tuple(
            dealer
            for dealer in self._with(frozenset(services))[0]
            if wanted and all(word in dealer.haystack for word in wanted)
        )
        start = position(dealers, range(len(dealers)), after)
        return page(tuple(Found(dealer, None) for dealer in dealers[start : start + limit]), start, len(dealers))

    def find(self, slug: str) -> Entry | None:
        return next((dealer for dealer in self.dealers if dealer.slug == slug), None)

    def _with(self, services: frozenset[str]) -> tuple[tuple[Entry, ...], list[Vector]]:
        if services not in self._by_services:
            those = tuple(dealer for dealer in self.dealers if services <= dealer.services)
            self._by_services[services] = those, [vector(dealer.latitude, dealer.longitude) for dealer in those]
        return self._by_services[services]


def miles_between(place: Place, dealer: Entry) -> float:
    """As a list of the nearest says it."""
    return chord_miles(
        sum(
            (here - there) * (here - there)
            for here, there in zip(
                vector(place.latitude, place.longitude), vector(dealer.latitude, dealer.longitude), strict=True
            )
        )
    )


def chord_miles(squared: float) -> float:
    return 2 * EARTH * asin(min(1.0, sqrt(squared) / 2))


def vector(latitude: float, longitude: float) -> Vector:
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def position(dealers: tuple[Entry, ...], order: Iterable[int], after: str) -> int:
    """Where the page after that dealer starts."""
    if not after:
        return 0
    for place, at in enumerate(order):
        if dealers[at].slug == after:
            return place + 1
    raise UnknownCursor(after)


def page(found: tuple[Found, ...], start: int, total: int) -> Page:
    more = start + len(found) < total
    return Page(found, start + 1, total, found[-1].dealer.slug if found and more else "")
