"""What people call the values by which cars are found."""

from collections.abc import Iterator

from forecourt.dealers.network import network
from forecourt.dealers.places import STATES
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.stock.lineup import Lineup, lineups
from forecourt.vehicles.stock.models import Condition
from forecourt.vehicles.stock.shelf import STEP

TITLES = {
    "condition": "New or certified",
    "line": "Model",
    "year": "Model year",
    "power": "Runs on",
    "trim": "Version",
    "paint": "Paint",
    "price": "Price",
    "dealer": "Dealer",
}
OLDEST = 30
# What else people type.
ALSO = {
    ("condition", "certified"): "used preowned second hand cpo",
    ("power", "electric"): "battery ev",
    ("power", "gasoline"): "gas petrol",
}


def names() -> dict[tuple[str, str], str]:
    """Of each facet and value, in the order in which they are shown; years and prices name themselves."""
    found: dict[tuple[str, str], str] = {("condition", value): str(label) for value, label in Condition.choices}
    for line, lineup in every_year():
        found["line", line.slug] = line.name
        found["power", line.power.value] = line.power.value.capitalize()
        found |= {("trim", slug): name for slug, name in lineup.trims.items()}
        found |= {("paint", slug): name for slug, name in lineup.paints.items()}
    return found | {("dealer", dealer.slug): dealer.name for dealer in network().dealers}


def words() -> Iterator[tuple[str, str, str]]:
    """Facet, value and words by which it is found."""
    for (facet, value), name in names().items():
        yield facet, value, f"{name} {ALSO.get((facet, value), '')}"
    for year in {str(line.year - back) for line, _ in every_year() for back in range(OLDEST)}:
        yield "year", year, year
    for line, lineup in every_year():
        yield "line", line.slug, line.body
        for slug, name in lineup.others.items():
            yield "option", slug, name
    for dealer in network().dealers:
        yield "dealer", dealer.slug, f"{dealer.city} {dealer.state} {STATES.get(dealer.state, '')}"


def every_year() -> Iterator[tuple[Line, Lineup]]:
    known = lineups()
    for slug in known:
        for line in known.of(slug, known.newest(slug)).editions:
            yield line, known.of(slug, line.year)


def shown(facet: str, value: str, known: dict[tuple[str, str], str]) -> str:
    """As it is written on the page; a word that we do not know as it stands in the address."""
    if facet == "price" and value.isdigit():
        return f"${int(value):,} to ${int(value) + STEP - 1:,}"
    return known.get((facet, value), value)
