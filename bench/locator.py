"""Nearest dealers of 2,000, from memory, beside the plain way: a haversine for each dealer, then a sort."""

import random
from math import asin, cos, radians, sin, sqrt
from statistics import median
from time import perf_counter

from forecourt.dealers.hours import Timetable
from forecourt.dealers.locator import EARTH, LIMIT, Entry, Network
from forecourt.dealers.places import Place

DEALERS = 2000
QUESTIONS = 300


def measure() -> list[dict]:
    dice = random.Random(2000)
    dealers = [entry(number, dice) for number in range(DEALERS)]
    places = [Place("", *spot(dice)) for _ in range(QUESTIONS)]
    network = Network(dealers)
    network.near(places[0])

    ours = median(timed(network.near, place) for place in places)
    peer = median(timed(haversines, dealers, place) for place in places)
    return [
        {
            "name": f"nearest {LIMIT} of {DEALERS:,} dealers, median",
            "value": round(ours * 1000, 3),
            "unit": "ms",
            "peer": "haversine and sort",
            "peer_value": round(peer * 1000, 3),
            "ratio": round(peer / ours, 2),
        }
    ]


def timed(ask, *about) -> float:
    begun = perf_counter()
    ask(*about)
    return perf_counter() - begun


def haversines(dealers: list[Entry], place: Place) -> list[tuple[float, str]]:
    north, east = radians(place.latitude), radians(place.longitude)
    found = []
    for dealer in dealers:
        there = radians(dealer.latitude)
        half = (
            sin((there - north) / 2) ** 2 + cos(there) * cos(north) * sin((radians(dealer.longitude) - east) / 2) ** 2
        )
        found.append((2 * EARTH * asin(sqrt(half)), dealer.slug))
    return sorted(found)[:LIMIT]


def spot(dice: random.Random) -> tuple[float, float]:
    return dice.uniform(25, 49), dice.uniform(-124, -67)


def entry(number: int, dice: random.Random) -> Entry:
    latitude, longitude = spot(dice)
    return Entry(
        slug=f"dealer-{number:04}",
        name="Dealer",
        street="",
        city="",
        state="MN",
        postal_code="",
        phone="",
        latitude=latitude,
        longitude=longitude,
        services=frozenset({"sales", "test-drive"}),
        timetable=Timetable("America/Chicago", {}),
    )


if __name__ == "__main__":
    print(*measure(), sep="\n")
