from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forecourt.traffic import beacons


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return answer(beacons.count_page(request, request.now))


@require_safe
def email(request: HttpRequest, token: str) -> HttpResponse:
    return answer(beacons.count_email(token, request, request.now))


def answer(counted: bool) -> HttpResponse:
    """A picture where it counted, nothing where it did not. Kept nowhere: each opening asks anew."""
    response = HttpResponse(beacons.GIF, content_type="image/gif") if counted else HttpResponse(status=204)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
