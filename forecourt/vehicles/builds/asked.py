"""What an address asks for: the line, the build in it, the state; and the other way round."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from forecourt.dealers.places import STATES
from forecourt.vehicles import catalogue, options
from forecourt.vehicles.builds.wishes import Wish, Wishes
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.drawing import View
from forecourt.vehicles.options import Compiled
from forecourt.vehicles.options.ranges import Range, Start


def built() -> list[tuple[Line, Compiled]]:
    found = ((line, options.of_line(line.slug)) for line in catalogue.bookable())
    return [(line, compiled) for line, compiled in found if compiled]


def line_to_build(slug: str) -> tuple[Line, Compiled]:
    line, compiled = catalogue.line(slug), options.of_line(slug)
    if line is None or compiled is None:
        raise Http404("There is no such car to build. Choose one of those that are built to order.")
    return line, compiled


def state_in(request: HttpRequest) -> str:
    state = request.GET.get("state", "").upper()
    return state if state in STATES else ""


def wishes_of(compiled: Compiled, start: Start) -> Wishes:
    return Wishes(compiled, tuple(Wish(compiled.range.options[slug]) for slug in start.options))


def seen_in(request: HttpRequest, line: Line) -> View:
    return line.seen(request.GET.get("view", ""))


def query(build: object, state: str = "", view: str = "") -> str:
    words = {key: word for key, word in (("b", str(build)), ("state", state), ("view", view)) if word}
    return f"?{urlencode(words, safe='~')}" if words else "?"


def address(slug: str, build: object, state: str = "") -> str:
    return f"{reverse('builds:build', args=[slug])}{query(build, state)}"


def named(wishes: Wishes) -> str:
    """A build with its line, where builds of several stand side by side: pipit:gorse.armrest"""
    found: Range = wishes.compiled.range
    return f"{found.slug}:{wishes}"


def comparison(one: str, other: str, state: str) -> str:
    words = {key: word for key, word in (("a", one), ("c", other), ("state", state)) if word}
    return f"{reverse('builds:compare')}?{urlencode(words, safe='~:')}"
