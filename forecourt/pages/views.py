from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.consent import policies
from forecourt.pages import outbound

# The sentence about links, where the brand's policy has it.
PROMISE = "P-4-1"


@require_safe
def where_links_lead(request: HttpRequest) -> HttpResponse:
    context = {"parts": outbound.parts(request.now), "is_promised": PROMISE in policies.in_force(request.now).sentences}
    return render(request, "pages/where_links_lead.html", context)
