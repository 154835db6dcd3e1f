from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forecourt.vehicles import previews

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


def picture(name: str, kept: str) -> HttpResponse:
    return HttpResponse(previews.png(name), content_type="image/png", headers={"Cache-Control": kept})
