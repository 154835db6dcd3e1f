"""The cookie that finds somebody's saved cars: set by the press on "Save", and by nothing else."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from forecourt.consent import policies
from forecourt.vehicles.builds import shelves
from forecourt.vehicles.builds.models import SavedBuild
from forecourt.vehicles.builds.wishes import Wishes
from forecourt.web import cookies

COOKIE = "saved_builds"
PURPOSE = "show-saved-builds"


def days(request: HttpRequest) -> int:
    """How long the policy in force lets us keep a car; 0 where it does not."""
    row = policies.in_force(request.now).cookies.get(COOKIE)
    return row.lifetime or 0 if row else 0


def token_of(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def save(request: HttpRequest, wishes: Wishes) -> shelves.Saved:
    return shelves.save(token_of(request), wishes, lasts=timedelta(days=days(request)), now=request.now)


def hand_over(request: HttpRequest, response: HttpResponse, token: str) -> None:
    cookies.set_declared(response, COOKIE, token, policies.in_force(request.now))


def confirm(request: HttpRequest) -> bool:
    """On the page after the press: a browser that kept the cookie sends it now, and then what it finds stays."""
    token = token_of(request)
    if COOKIE not in request.GET.getlist(cookies.SET) or not token:
        return False
    request.made_for_one = True
    shelves.confirm(token, lasts=timedelta(days=days(request)), now=request.now)
    return bool(shelves.of_browser(token, request.now))


def mine(request: HttpRequest) -> list[SavedBuild]:
    return shelves.of_browser(token_of(request), request.now)


def take_back(request: HttpRequest, response: HttpResponse) -> None:
    cookies.delete(response, COOKIE, policies.in_force(request.now))
