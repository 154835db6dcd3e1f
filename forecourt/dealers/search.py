"""One box for all: what somebody typed becomes the dealers near a place, or those of a name, or a sentence that helps."""

from collections.abc import Collection
from dataclasses import dataclass

from forecourt.dealers import places
from forecourt.dealers.locator import LIMIT, Network, Page, UnknownCursor
from forecourt.dealers.places import NoPlace, Place


@dataclass(frozen=True, slots=True)
class Answer:
    """`page` is None where nothing was found, and then `trouble` says what to type instead. `choices` could have been meant."""

    place: Place | None = None
    page: Page | None = None
    trouble: str = ""
    choices: tuple[str, ...] = ()
    lost_place: bool = False


def answer(network: Network, typed: str, services: Collection[str] = (), after: str = "", limit: int = LIMIT) -> Answer:
    """`after` is the page's own, from the answer before; where the network has changed since, the list starts anew."""
    try:
        return _answer(network, typed, services, after, limit)
    except UnknownCursor:
        found = _answer(network, typed, services, "", limit)
        return Answer(found.place, found.page, found.trouble, found.choices, lost_place=True)


def _answer(network: Network, typed: str, services: Collection[str], after: str, limit: int) -> Answer:
    trouble = ""
    choices: tuple[str, ...] = ()
    try:
        place = places.find(typed)
    except NoPlace as error:
        place, trouble, choices = None, error.sentence, error.choices
    if place:
        return Answer(place, network.near(place, services, after, limit))
    if network.named(typed).total:
        # Their words fit dealers' names as well as places: we show the dealers, and offer the places beside them.
        return Answer(page=network.named(typed, services, after, limit), choices=choices)
    unknown = "We know no dealer and no place of that name. Enter a ZIP code, or a city and its state."
    return Answer(trouble=trouble or unknown, choices=choices or tuple(places.like(typed)))
