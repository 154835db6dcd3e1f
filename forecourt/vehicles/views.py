from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forecourt.traffic import personal
from forecourt.vehicles import catalogue, layers, options, previews, recent, structured
from forecourt.vehicles.catalogue import Line, Paint
from forecourt.vehicles.layers import Layers
from forecourt.web.menu import address_of


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    found = catalogue.lines()
    shown = {
        "current": [line for line in found if line.is_current],
        "outgoing": [line for line in found if not line.is_current],
        "previous": catalogue.previous(),
        "recent": recent.shown(request),
    }
    return render(request, "vehicles/models.html", shown)


@require_safe
def line(request: HttpRequest, slug: str) -> HttpResponse:
    found = catalogue.line(slug)
    if found is None:
        raise Http404(f"There is no {slug[:40]} among our models.")
    return page(request, found)


@require_safe
def edition(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    found = catalogue.edition(slug, year)
    if found is None:
        raise Http404(f"There is no {slug[:40]} of {year} among our models.")
    # The newest moves to an address of its year when the next one comes; who asks for it by year finds it before that, too.
    return page(request, found) if found.is_previous else redirect(found)


def page(request: HttpRequest, found: Line) -> HttpResponse:
    paint = found.painted(request.GET.get("paint", ""))
    view = found.seen(request.GET.get("view", ""))
    response = render(
        request,
        "vehicles/line.html",
        {
            "line": found,
            "paint": paint,
            "view": view,
            "years": [(each, address(each, paint)) for each in catalogue.editions(found.slug)],
            "newest": catalogue.line(found.slug),
            "others": [other for other in catalogue.bookable() if other.slug != found.slug],
            "is_built": found.is_current and options.of_line(found.slug) is not None,
            "left": left(found),
            "preview": previews.of(found),
            "structured": structured.nodes(found),
        },
    )
    personal.remember(request, response, found.slug)
    return response


@require_safe
def layer(request: HttpRequest, slug: str, view: str, name: str, kind: str) -> HttpResponse:
    """One image of a car that is pictured by several: its address changes with its bytes."""
    pictured = next((each.drawing for each in catalogue.editions(slug)), None)
    path = pictured.path(view, name, kind) if isinstance(pictured, Layers) else None
    if path is None:
        raise Http404("There is no such picture. The model’s own page shows those that there are.")
    forever = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(path.read_bytes(), content_type=layers.KINDS[kind], headers=forever)


def address(edition: Line, paint: Paint) -> str:
    """Of the edition's page, in the same paint where it comes in that."""
    same = edition.painted(paint.slug)
    return f"{edition.get_absolute_url()}?paint={same.slug}" if same.slug == paint.slug else edition.get_absolute_url()


def left(line: Line) -> str:
    """Where to find what is left of a car that is not built any more: in the stock, or with a brand that shows none, at a dealer."""
    stock = address_of("stock:search")
    return f"{stock}?{urlencode({'line': line.slug, 'year': line.year})}" if stock else reverse("dealers:find")
