"""Build Your Own: a car in the address, and every press a new one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from forecourt.dealers.places import STATES
from forecourt.vehicles.builds import saving
from forecourt.vehicles.builds.asked import built, comparison, line_to_build, named, query, seen_in, state_in, wishes_of
from forecourt.vehicles.builds.wishes import Wishes
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.drawing import View
from forecourt.vehicles.options import Compiled, picture
from forecourt.vehicles.options.ranges import Option, PriceRow, Range
from forecourt.vehicles.payments import estimates
from forecourt.web.menu import Link

FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Button:
    """One option as it is offered: `to` is the build that a press leads to."""

    option: Option
    to: str
    has: bool
    is_open: bool
    price: Decimal | None


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    lines = [
        (line, [(each, query(wishes_of(compiled, each))) for each in compiled.range.starts])
        for line, compiled in built()
    ]
    return render(request, "builds/start.html", {"lines": lines})


@require_safe
def build(request: HttpRequest, slug: str) -> HttpResponse:
    line, compiled = line_to_build(slug)
    wishes = Wishes.read(compiled, request.GET.get("b", ""))
    state, today, view = state_in(request), request.now.date(), seen_in(request, line)
    asked = wishes
    refused: dict[str, object] = {}
    if wishes.car is None:
        wishes = wishes.standing
        is_a_press = str(wishes) == str(asked.before())
        refused = answer(asked) if is_a_press else {"left_out": [*set_aside(asked, wishes)]}
    car = wishes.car
    assert car is not None  # without a wish there always is one; the reader saw to it
    context = {
        "line": line,
        "range": compiled.range,
        "wishes": wishes,
        "unknown": asked.unknown,
        "state": state,
        "states": STATES.items(),
        "families": [
            (family, [button(wishes, each, state, today) for each in family.options])
            for family in compiled.range.families
        ],
        "sections": [
            (name, [button(wishes, each, state, today) for each in extras]) for name, extras in compiled.range.sections
        ],
        "price": compiled.range.price(car, state, today),
        **paid(compiled, car, state, today),
        "delivery": compiled.range.delivery(car),
        "picture": seen(line, compiled.range, car, view),
        "view": view,
        "views": [(each, query(wishes, state, each)) for each in line.views],
        "also": list(wishes.before().changes_to(wishes)) if wishes.wishes else [],
        "back": query(wishes.before(), state, view) if wishes.wishes else "",
        "comparisons": [
            (each, comparison(named(wishes), named(wishes_of(compiled, each)), state)) for each in compiled.range.starts
        ],
        "any_other": comparison(named(wishes), "", state),
        "sheet": f"{reverse('builds:sheet', args=[line.slug])}{query(wishes, state)}",
        "photo": f"{reverse('builds:photo', args=[line.slug])}{query(wishes, view=view)}",
        "can_save": saving.days(request),
        "is_saved": saving.confirm(request),
        "payment_url": reverse("builds:payment", args=[line.slug]),
        "picture_url": reverse("builds:picture", args=[line.slug]),
        "rules_url": reverse("builds:rules", args=[line.slug, compiled.digest]),
        "prices": json.dumps(prices(compiled, state, today), separators=(",", ":")),
        **refused,
    }
    return render(request, "builds/build.html", context, status=200)


def set_aside(asked: Wishes, kept: Wishes) -> Iterator[str]:
    """Of an address that was kept while the rules changed, or written by hand."""
    for wish in asked.wishes:
        if wish not in kept.wishes:
            yield wish.option.name if wish.wanted else f"without {wish.option.name}"


def answer(wishes: Wishes) -> dict[str, object]:
    """To a press on what cannot be had with the rest: what it needs, and the smallest change that gets it."""
    nearest = wishes.nearest()
    before = wishes.standing
    return {
        "wanted": wishes.wishes[-1],
        "why": wishes.why_not(),
        "offer": nearest and str(nearest),
        "costs": list(before.changes_to(nearest)) if nearest else [],
    }


def paid(compiled: Compiled, car: Mapping[str, str], state: str, today: date) -> dict[str, object]:
    """A month's payment; a brand without estimates shows none."""
    price = compiled.range.price(car, state, today).total
    try:
        estimate = estimates.of(price, state, today)
    except ValueError:  # so cheap that the usual down payment leaves nothing to pay off
        estimate = None
    return {"estimate": estimate, "state_name": STATES.get(state, "")}


@require_safe
def payment(request: HttpRequest, slug: str) -> HttpResponse:
    """The payment alone, for a page that has answered the press already: it is reckoned in one place, to the cent."""
    _, compiled = line_to_build(slug)
    car = Wishes.read(compiled, request.GET.get("b", "")).standing.car
    assert car is not None
    context = paid(compiled, car, state_in(request), request.now.date())
    return render(request, "builds/payment.html", context)


@require_safe
def drawn(request: HttpRequest, slug: str) -> HttpResponse:
    """The car alone, for a page that has answered the press already."""
    line, compiled = line_to_build(slug)
    car = Wishes.read(compiled, request.GET.get("b", "")).standing.car
    assert car is not None
    drawing = seen(line, compiled.range, car, seen_in(request, line))
    kind = "image/svg+xml" if drawing.startswith("<svg") else "text/html"
    return HttpResponse(drawing, content_type=kind, headers={"Cache-Control": "public, max-age=3600"})


@require_safe
def rules(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The diagram's bytes, under a name that changes with them."""
    _, compiled = line_to_build(slug)
    if digest != compiled.digest:
        return HttpResponsePermanentRedirect(reverse("builds:rules", args=[slug, compiled.digest]))
    return HttpResponse(compiled.data, content_type="application/octet-stream", headers={"Cache-Control": FOREVER})


def button(wishes: Wishes, option: Option, state: str, today: date) -> Button:
    """With the price that it has beside the rest of this car."""
    car, found = wishes.car, wishes.compiled.range
    assert car is not None
    had = car[option.variable]
    with_it = wishes.parts - {had} | {option.slug}
    price = found.price_of(option, with_it, state, today)
    return Button(option, str(wishes.pressed(option)), had == option.value, wishes.is_open(option), price)


def prices(compiled: Compiled, state: str, today: date) -> dict[str, object]:
    """For the page's own engine: of each option what its price goes by, here and today."""

    def counting(row: PriceRow) -> bool:
        return row.counts(frozenset(row.having), state, today)

    return {
        "defaults": compiled.range.defaults,
        "weeks": compiled.range.weeks,
        "options": {
            slug: {
                "name": option.name,
                "variable": option.variable,
                "value": option.value,
                "includes": option.includes,
                "weeks": option.weeks,
                "prices": [[str(row.price), row.having] for row in option.prices if counting(row)],
                "look": dict(option.look),
            }
            for slug, option in compiled.range.options.items()
        },
    }


def menu_links() -> Iterator[tuple[str, Link]]:
    """A brand that builds nothing to order has no such entry."""
    if built():
        for group in ("bar", "shopping"):
            yield group, Link("Build your own", reverse("builds:start"))


def addresses(now: datetime) -> Iterator[str]:
    for line, _ in built():
        yield reverse("builds:build", args=[line.slug])


def seen(line: Line, found: Range, car: dict[str, str], view: View) -> SafeString:
    said = ("interior",) if view is View.INSIDE else ("paint", "roof", "wheels")
    names = (found.options[car[family.slug]].name for family in found.families if family.slug in said)
    label = f"{line.name} {view.words}: {', '.join(names)}"
    return picture.drawn(line, found, car, view, key="build", label=label)
