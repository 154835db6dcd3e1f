"""Which page is of which kind. What is not named here carries nothing: no tag, no beacon.

A tag's script reads the whole page and its address, so it stands only where neither can hold anything about a person: no
form, no ZIP code, no link of one person's own.
"""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Place:
    """`model` is the slug of the car that the page shows."""

    kind: str
    may_have_tags: bool = False
    model: str = ""


PLACES = {
    "wagtail_serve": Place("story", may_have_tags=True),
    "vehicles:models": Place("models", may_have_tags=True),
    "vehicles:line": Place("model", may_have_tags=True),
    "dealers:find": Place("dealers"),
    "dealers:dealer": Place("dealer"),
    "interactions:book": Place("test-drive"),
    "inquiries:contact": Place("contact"),
    "proof:policy": Place("policy"),
    "proof:checks": Place("checks"),
}
HOME = Place("home", may_have_tags=True)
KINDS = frozenset({HOME.kind, *(place.kind for place in PLACES.values())})
# What an address may ask for on a page with tags. Whoever was sent here by a letter or an ad may bring more, and is spared.
HARMLESS = {"paint"}


def place_of(request: HttpRequest) -> Place | None:
    match = request.resolver_match
    place = PLACES.get(match.view_name) if match else None
    if match is None or place is None or request.method != "GET":
        return None
    if request.path == "/":
        place = HOME
    model = str(match.kwargs.get("slug", "")) if place.kind == "model" else ""
    return Place(place.kind, place.may_have_tags and set(request.GET) <= HARMLESS, model)
