"""The car that somebody looked at last, kept in their own browser and nowhere else, after their yes."""

import re
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse

from forecourt.consent import policies
from forecourt.consent.judge import judge
from forecourt.web import cookies

COOKIE = "recent"
USE = "recent-models"
WRITTEN = re.compile(r"([a-z][a-z0-9-]{0,49})\.(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Look:
    model: str
    on: date


def last_look(request: HttpRequest) -> Look | None:
    """None where nothing was looked at, and where this browser does not allow us to go by it."""
    look = parse(request.COOKIES.get(COOKIE, ""))
    if look is None or not may_tailor(request):
        return None
    request.made_for_one = True
    return look


def remember(request: HttpRequest, response: HttpResponse, model: str) -> None:
    if may_tailor(request):
        request.made_for_one = True
        value = f"{model}.{request.now.date()}"
        cookies.set_declared(response, COOKIE, value, policies.in_force(request.now))


def may_tailor(request: HttpRequest) -> bool:
    return judge(policies.in_force(request.now), USE, request.choices, request.now).allowed


def parse(value: str) -> Look | None:
    found = WRITTEN.fullmatch(value)
    try:
        return Look(found[1], date.fromisoformat(found[2])) if found else None
    except ValueError:
        return None
