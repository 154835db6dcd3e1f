"""Recalls of the cars in stock. Under a stop-sale recall nobody may hand a car over, so it is not shown, whichever of the two came first."""

from collections.abc import Iterable, Iterator
from itertools import islice

from forecourt.vehicles.recalls import campaigns
from forecourt.vehicles.recalls.campaigns import Open
from forecourt.vehicles.recalls.models import Loading, Repair

# Whose newest rows tell that another car may be under recall than before.
LOADS = (Loading, Repair)
CHUNK = 5_000


def open_for(vins: Iterable[str]) -> dict[str, tuple[Open, ...]]:
    return campaigns.open_for_all(vins)


def stopped(vins: Iterable[str]) -> frozenset[str]:
    """Those that may not be sold before they are mended."""
    return frozenset(
        vin
        for chunk in chunks(vins)
        for vin, those in open_for(chunk).items()
        if any(recall.stops_sale for recall in those)
    )


def chunks(vins: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(vins)
    while found := list(islice(rest, CHUNK)):
        yield found
