"""A form counts only when it was sent from our own pages. Visitors have no cookie that another site's form could ride on;
this keeps such a form from being sent in their name all the same, and from guessing with their browser.

Browsers say where a form came from: `Sec-Fetch-Site`, or before that `Origin` (which is "null" from pages whose address
stays private). Who says neither is no browser, or an old one; the form's nonce and the link's token decide about those.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forecourt.security_log import Event

Handler = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class OwnPagesOnly:
    """Views marked `csrf_exempt` answer machines (a carrier's signed webhook, a mailbox's one click) and are let through."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method in SAFE or getattr(view, "csrf_exempt", False) or is_from_here(request):
            return None
        request.refused_as = Event.FORM_REFUSED
        return render(request, "web/foreign_form.html", status=403)


def is_from_here(request: HttpRequest) -> bool:
    if said := request.headers.get("Sec-Fetch-Site"):
        return said in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.get_host()
