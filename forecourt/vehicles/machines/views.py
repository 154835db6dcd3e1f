from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forecourt.vehicles import previews
from forecourt.vehicles.machines import feed
from forecourt.vehicles.stock import picture as picture_of
from forecourt.vehicles.stock import shown, store

FOREVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"


@require_safe
def preview(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """An address from before the car changed gets today's picture, and may not keep it."""
    try:
        found = previews.picture(name)
    except LookupError:
        raise Http404("There is no such car.") from None
    return picture(name, FOREVER if digest == found.digest else "no-cache")


@require_safe
def brand_preview(request: HttpRequest) -> HttpResponse:
    return picture(previews.BRAND, A_DAY)


@require_safe
def car_preview(request: HttpRequest, slug: str) -> HttpResponse:
    cars = store.cars([slug])
    if not cars:
        raise Http404("There is no such car in our dealers’ stock.")
    this = shown.all_of(cars, request.now)[0]
    svg = previews.framed(picture_of.svg(this.car, this.known), title=this.trim, below=f"{this.car.year}, {this.paint}")
    return sent(previews.rendered(svg), A_DAY)


@require_safe
def vehicles_csv(request: HttpRequest) -> HttpResponse:
    return HttpResponse(feed.as_csv(request.now), content_type="text/csv; charset=utf-8")


@require_safe
def vehicles_xml(request: HttpRequest) -> HttpResponse:
    return HttpResponse(feed.as_xml(request.now), content_type="application/xml")


def picture(name: str, kept: str) -> HttpResponse:
    return sent(previews.png(name), kept)


def sent(png: bytes, kept: str) -> HttpResponse:
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": kept})
