from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from forecourt.dealers import hours
from forecourt.dealers.network import entry
from forecourt.vehicles.stock import pack, shown, store, structured
from forecourt.vehicles.stock.asked import Asked
from forecourt.vehicles.stock.forms import SearchForm
from forecourt.vehicles.stock.models import Basis, Car
from forecourt.vehicles.stock.search import search
from forecourt.vehicles.stock.shown import Shown
from forecourt.web.menu import Link, address_of

SORTED = {
    "near": "nearest",
    "newest": "newest here",
    "price": "lowest price",
    "price-high": "highest price",
    "mileage": "fewest miles",
}


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    asked = Asked.read(request.GET)
    if request.GET and request.get_full_path() != asked.address:
        # What a form sends has empty boxes in it; the address to keep and to share has not.
        return HttpResponseRedirect(asked.address)
    found = search(asked, store.kept())
    page, lost_place = found.page()
    form = SearchForm({"q": asked.text, "near": asked.near}, label_suffix="")
    if found.trouble:
        form.add_error("near", found.trouble)
    cars = store.cars(page.slugs)
    context = {
        "form": form,
        "search": found,
        "asked": asked,
        "page": page,
        "lost_place": lost_place,
        "rows": shown.all_of(cars, request.now, found.question.miles),
        "facets": list(found.facets()),
        "within": found.within(),
        "parts": found.parts(),
        "looser": found.looser() if not page.total else (),
        "meant": [(place, asked.having(near=place).address) for place in found.meant],
        "sorts": [
            (words, asked.having(sort=sort).address, sort == found.sort)
            for sort, words in SORTED.items()
            if sort != "near" or found.place
        ],
        "more_url": page.after and asked.having(after=page.after).address,
        "start_url": asked.having().address,
        "all_url": Asked().address,
    }
    return render(request, "stock/find.html", context)


@require_safe
def car(request: HttpRequest, slug: str) -> HttpResponse:
    found = next(iter(store.cars([slug])), None)
    if found is None:
        return not_here(request, slug)
    this = shown.all_of([found], request.now)[0]
    here = entry(found.dealer)
    terms = pack.terms_of(Path(settings.BRAND))
    parts = this.known.parts(this.whole, found.dealer.state, found.since) if found.basis == Basis.SUGGESTED else None
    kept = store.kept()
    context = {
        "this": this,
        "car": found,
        "dealer": found.dealer,
        "terms": terms,
        "basis": terms.suggested if found.basis == Basis.SUGGESTED else terms.dealers_own,
        "record": this.known.record,
        "parts": parts,
        "equipment": this.known.equipment(this.whole),
        "open_words": hours.today_words(here.timetable, request.now),
        "drive_url": drive_url(this) if here.drives else "",
        "payment_url": payment_url(this),
        "like_url": Asked(chosen={"line": (found.line,)}).address,
        "like": kept.shelf.any_of("line", [found.line]).bit_count() - 1,
        "preview": structured.preview(this),
        "structured": structured.nodes(this),
        "here_url": Asked(chosen={"dealer": (found.dealer_id,)}).address,
        "here": kept.shelf.any_of("dealer", [found.dealer_id]).bit_count() - 1,
    }
    return render(request, "stock/car.html", context)


def not_here(request: HttpRequest, slug: str) -> HttpResponse:
    """Sold, or not to be sold for now: in either case nothing of the car is shown."""
    known = Car.objects.filter(slug=slug).only("line").first()
    if known is None:
        raise Http404("There is no such car in our dealers’ stock.")
    like = Asked(chosen={"line": (known.line,)})
    return render(request, "stock/gone.html", {"like_url": like.address, "all_url": Asked().address}, status=410)


def drive_url(this: Shown) -> str:
    """The booking, with the dealer and, while it is built, the model filled in."""
    book = address_of("interactions:book")
    if not book or not this.known.editions[0].is_current:
        return ""
    return f"{book}?{urlencode({'car': this.car.line, 'dealer': this.car.dealer_id})}"


def payment_url(this: Shown) -> str:
    """The estimate for this price, where the site has that page."""
    estimate = address_of("payments:estimate")
    return f"{estimate}?{urlencode({'price': str(this.car.price)})}" if estimate else ""


def menu_links() -> Iterator[tuple[str, Link]]:
    """A brand whose dealers' cars are not listed has no such entry."""
    if pack.is_there(Path(settings.BRAND)):
        for group in ("bar", "shopping"):
            yield group, Link("Cars at dealers", Asked().address)


def on_a_dealers_page(slug: str) -> Link | None:
    count = store.kept().shelf.any_of("dealer", [slug]).bit_count()
    if not count:
        return None
    return Link(
        f"{count} cars here now" if count > 1 else "One car here now", Asked(chosen={"dealer": (slug,)}).address
    )
