"""The box "Fill this in for me next time, on this device": what it keeps, fills in and forgets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from forecourt.consent import policies
from forecourt.people import contacts, memory
from forecourt.web import cookies

COOKIE = "form_memory"
PURPOSE = "fill-in-form"
NAME = "user.name"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a visitor typed into a form of ours; `kind` is the contact's."""

    name: str
    contact: str
    kind: str


def days(now: datetime) -> int:
    """How long the policy in force lets us remember; 0 where it does not."""
    row = policies.in_force(now).cookies.get(COOKIE)
    return row.lifetime or 0 if row else 0


def of(request: HttpRequest) -> Typed | None:
    token = request.COOKIES.get(COOKIE)
    if not token or not days(request.now):
        return None
    held = memory.recall(token, purpose=PURPOSE, now=request.now)
    kind = next((kind for kind, field in contacts.FIELDS.items() if field in held), "")
    return Typed(held[NAME], held[contacts.FIELDS[kind]], kind) if kind and NAME in held else None


def settle(request: HttpRequest, response: HttpResponse, typed: Typed, *, ticked: bool) -> None:
    """After a form was taken: keep what it held, or nothing; what was kept before goes in either case."""
    policy = policies.in_force(request.now)
    forget(request, response)
    if ticked:
        values = {NAME: typed.name, contacts.FIELDS[typed.kind]: typed.contact}
        lasts = timedelta(days=days(request.now))
        token = memory.remember(values, lasts=lasts, notice=policy.version, now=request.now)
        cookies.set_declared(response, COOKIE, token, policy)


def forget(request: HttpRequest, response: HttpResponse) -> None:
    if old := request.COOKIES.get(COOKIE):
        memory.forget(old)
        cookies.delete(response, COOKIE, policies.in_force(request.now))


def confirm(request: HttpRequest) -> None:
    """The page after the form: a browser that kept the cookie sends it now, and then what it finds stays."""
    if COOKIE in request.GET.getlist(cookies.SET) and (token := request.COOKIES.get(COOKIE)):
        memory.confirm(token, request.now)
