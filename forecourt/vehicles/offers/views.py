"""Special offers: those that run, and what to do about one that does not any more."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forecourt.dealers.places import STATES
from forecourt.vehicles import catalogue, offers, previews
from forecourt.vehicles.offers import structured
from forecourt.vehicles.offers.deal import Offer
from forecourt.vehicles.offers.forms import WhereForm
from forecourt.web.menu import Link


@require_safe
def all_offers(request: HttpRequest) -> HttpResponse:
    if not offers.offers():
        raise Http404("There are no special offers here. A dealer tells you what a car comes to.")
    form = WhereForm(request.GET if "place" in request.GET else None, label_suffix="")
    state = form.cleaned_data["place"] if form.is_bound and form.is_valid() else ""
    found = offers.running(request.now, state)
    context = {
        "form": form,
        "state": STATES.get(state, ""),
        "groups": list(by_line(found)),
        "count": len(found),
        "structured": [structured.special_offer(each) for each in found],
        "elsewhere": len(offers.running(request.now)) - len(found),
    }
    return render(request, "offers/all.html", context)


def by_line(found: list[Offer]) -> Iterator[tuple[catalogue.Line, list[Offer]]]:
    for line in catalogue.bookable():
        if these := [offer for offer in found if offer.line.slug == line.slug]:
            yield line, these


@require_safe
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    found = offers.find(slug)
    if found is None or (not found.is_running(request.now) and not found.is_over(request.now)):
        raise Http404("There is no such offer. All that run now stand on the page of special offers.")
    if found.is_over(request.now):
        others = offers.for_car(found.line.slug, request.now)
        return render(request, "offers/gone.html", {"line": found.line, "others": others}, status=410)
    others = [other for other in offers.for_car(found.line.slug, request.now) if other is not found]
    context = {
        "offer": found,
        "others": others,
        "states": state_names(found),
        "preview": previews.of(found.line),
        "structured": structured.nodes(found),
    }
    return render(request, "offers/offer.html", context)


def state_names(found: Offer) -> list[str]:
    return sorted(STATES[code] for code in found.states)


def menu_links() -> Iterator[tuple[str, Link]]:
    """A brand without offers has no such entry."""
    if offers.offers():
        yield "bar", Link("Offers", reverse("offers:all"))
        yield "shopping", Link("Special offers", reverse("offers:all"))
