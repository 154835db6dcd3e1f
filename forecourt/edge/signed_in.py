"""Whose browser this is, where somebody is signed in with it: asked of the database on every request, so that signing out counts
on every server at once. A browser without the cookie costs nothing."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forecourt.accounts import offer, sessions
from forecourt.consent import policies
from forecourt.web import cookies

Handler = Callable[[HttpRequest], HttpResponse]
# A style or a picture is nobody's own.
FILES = (settings.STATIC_URL, settings.MEDIA_URL, "/style/")


def known(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        token = "" if request.path_info.startswith(FILES) else request.COOKIES.get(offer.COOKIE, "")
        request.signed_in = sessions.find(token, request.now)
        response = get_response(request)
        if token and request.signed_in is None and offer.COOKIE not in response.cookies and offer.is_open(request.now):
            cookies.delete(response, offer.COOKIE, policies.in_force(request.now))
        return response

    return handle
