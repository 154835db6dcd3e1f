"""Special offers: read once from the brand pack, shown while they run and where they hold.

offers.for_car("pipit", request.now, state)   what a page about that car may show
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from forecourt.vehicles import catalogue
from forecourt.vehicles.offers import reader
from forecourt.vehicles.offers.deal import Offer
from forecourt.vehicles.payments import terms


def offers() -> tuple[Offer, ...]:
    """All, whenever they run."""
    return _read_once(Path(settings.BRAND))


def find(slug: str) -> Offer | None:
    return next((offer for offer in offers() if offer.slug == slug), None)


def running(now: datetime, state: str = "") -> list[Offer]:
    """`state` "" leaves out none."""
    return [offer for offer in offers() if offer.is_running(now) and offer.holds_in(state)]


def for_car(line: str, now: datetime, state: str = "") -> list[Offer]:
    return [offer for offer in running(now, state) if offer.line.slug == line]


def changes() -> Iterator[datetime]:
    """The moments at which pages change by themselves."""
    for offer in offers():
        yield from (offer.starts, offer.ends)


@cache
def _read_once(folder: Path) -> tuple[Offer, ...]:
    return read(folder)


def read(folder: Path) -> tuple[Offer, ...]:
    """The offers of a pack, none where it has no such folder; BrokenPack where one may not be published."""
    path = folder / "offers"
    if not path.is_dir():
        return ()
    known = terms.read(folder)
    return reader.read(path, catalogue.read(folder / "vehicles"), known.delivery if known else None)
