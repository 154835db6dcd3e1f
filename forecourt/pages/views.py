from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.pages import outbound


@require_safe
def where_links_lead(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/where_links_lead.html", {"parts": outbound.parts(request.now)})
