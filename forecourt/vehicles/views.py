from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.traffic import personal
from forecourt.vehicles import catalogue, options, recent


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    found = catalogue.lines()
    shown = {
        "current": [line for line in found if line.is_current],
        "outgoing": [line for line in found if not line.is_current],
        "recent": recent.shown(request),
    }
    return render(request, "vehicles/models.html", shown)


@require_safe
def line(request: HttpRequest, slug: str) -> HttpResponse:
    found = catalogue.line(slug)
    if found is None:
        raise Http404(f"There is no {slug[:40]} among our models.")
    others = [other for other in catalogue.bookable() if other is not found]
    response = render(
        request,
        "vehicles/line.html",
        {
            "line": found,
            "paint": found.painted(request.GET.get("paint", "")),
            "others": others,
            "is_built": options.of_line(found.slug) is not None,
        },
    )
    personal.remember(request, response, found.slug)
    return response
