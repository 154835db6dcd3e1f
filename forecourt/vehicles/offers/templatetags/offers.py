"""Offers on other pages: {% load offers %}{% offers_for line %} or {% offers_now %}."""

from django import template

from forecourt.dealers.places import STATES
from forecourt.vehicles import offers
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.offers.deal import Offer

register = template.Library()


@register.inclusion_tag("offers/for_car.html", takes_context=True)
def offers_for(context: template.Context, line: Line, state: str = "") -> dict[str, object]:
    """What runs now for a car, each with its terms; nothing at all where nothing does."""
    found = offers.for_car(line.slug, context["request"].now, state)
    return {"offers": found, "title": f"Offers for the {line.name}"}


@register.inclusion_tag("offers/now.html", takes_context=True)
def offers_now(context: template.Context, most: int = 4) -> dict[str, object]:
    """By their names alone, which state no term: of each car the one that ends first. For the home page."""
    running = sorted(offers.running(context["request"].now), key=lambda offer: offer.ends)
    first = {offer.line.slug: offer for offer in reversed(running)}
    return {"offers": sorted(first.values(), key=lambda offer: offer.line.order)[:most]}


@register.filter
def where(offer: Offer) -> str:
    """ "Everywhere", or up to four states by name."""
    names = sorted(STATES[code] for code in offer.states)
    if not names:
        return "Everywhere in the United States"
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more states"
