"""The dealer that somebody picked on this device: kept by a cookie, set only when they press the button that says so."""

from django.http import HttpRequest, HttpResponse

from forecourt.consent import policies
from forecourt.dealers.locator import Entry
from forecourt.dealers.network import network
from forecourt.web import cookies

COOKIE = "my_dealer"


def of(request: HttpRequest) -> Entry | None:
    """Nobody where the dealer has left the network since."""
    return network().find(request.COOKIES.get(COOKIE, ""))


def choose(request: HttpRequest, response: HttpResponse, dealer: Entry) -> None:
    cookies.set_declared(response, COOKIE, dealer.slug, policies.in_force(request.now))


def clear(request: HttpRequest, response: HttpResponse) -> None:
    cookies.delete(response, COOKIE, policies.in_force(request.now))
