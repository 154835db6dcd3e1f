"""What this browser chose, on every request: its flag cookie, the signal that came with it, and what follows from both.

The cookie holds no identifier. It is written when something new was said, by the visitor or by the browser's signal; while
it holds no yes it is written again with every page, so that a no does not run out. (A late answer that repeats a yes could
undo a no that came meanwhile, so no yes is repeated, but in the one answer that hears something new.)

A yes to sale or ads came with a number of its own (`browser`), by which a later no finds every list. Where that number has
ended or was deleted, nobody could take the yes back any more, so it counts as never said.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forecourt.consent import choices, policies, signals, switches, under_sixteen
from forecourt.consent.choices import COOKIE, Answer, Choices
from forecourt.people import browsers
from forecourt.policy.policy import Age
from forecourt.policy.sales import SIGNALLED
from forecourt.rights import choosing
from forecourt.web import cookies

Handler = Callable[[HttpRequest], HttpResponse]

AGE_COOKIE = "age"
# Nobody's choices change a style or a picture, so nothing is asked about them.
FILES = (settings.STATIC_URL, settings.MEDIA_URL, "/style/")


def remembered(get_response: Handler) -> Handler:
    """Views read `request.choices`, and put a new one there when the visitor says something."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.choices = read(request)
        if request.choices.sent and is_news(request):
            choosing.hear_signal(request.COOKIES[browsers.COOKIE], request.now)
        if request.choices.sent and (account := signed_in(request)) and not request.choices.follows >= SIGNALLED:
            # For whoever is signed in, the signal counts beyond this browser (11 CCR 7025, R-CA-02).
            choosing.refuse([account], SIGNALLED, switches.SIGNAL, request.now)
        response = get_response(request)
        if is_page(response) and must_write(request) and COOKIE not in response.cookies:
            policy = policies.in_force(request.now)
            cookies.set_declared(response, COOKIE, str(request.choices), policy)
        return response

    return handle


def read(request: HttpRequest) -> Choices:
    said = replace(brought_by(request), age=age_of(request))
    if (token := request.COOKIES.get(browsers.COOKIE)) and not request.path_info.startswith(FILES):
        said = switches.of_browser(token, said)
        said = replace(said, age=under_sixteen.youngest_here(said.age, token, request.now))
    if account := signed_in(request):
        said = switches.of_person(account, said)
        said = replace(said, age=under_sixteen.youngest(said.age, account, request.now))
    return said.with_signal() if signals.has_gpc(request.headers.get("Sec-GPC")) else said


def signed_in(request: HttpRequest) -> uuid.UUID | None:
    """The verified address of whoever is signed in with this browser (edge/signed_in.py)."""
    session = getattr(request, "signed_in", None)
    return session.account.contact_id if session else None


def brought_by(request: HttpRequest) -> Choices:
    """What its cookies say that counts."""
    said = choices.read(request.META.get("HTTP_COOKIE", ""))
    return said if request.COOKIES.get(browsers.COOKIE) else said.unsay(*(said.said_yes & SIGNALLED))


def is_news(request: HttpRequest) -> bool:
    """The first signal of a browser that is known: it goes into the ledger, and reaches whoever got something."""
    before = brought_by(request)
    return browsers.COOKIE in request.COOKIES and before.with_signal().answers != before.answers


def age_of(request: HttpRequest) -> Age:
    held = request.COOKIES.get(AGE_COOKIE, "")
    if held.startswith(
        f"{Age.CHILD}+"
    ):  # a parent's yes stands behind it (minors/consents.py), which makes nobody older
        return Age.CHILD
    return Age(held) if held in set(Age) else Age.UNKNOWN


def is_page(response: HttpResponse) -> bool:
    """Styles, pictures and figures are kept by caches on the way, which must not hand one visitor's choices to another."""
    return response.headers.get("Content-Type", "").startswith("text/html")


def must_write(request: HttpRequest) -> bool:
    said, brought = request.choices, brought_by(request)
    return bool(said.answers) and (said.answers != brought.answers or repeats_no_yes(said))


def repeats_no_yes(said: Choices) -> bool:
    return Answer.YES not in said.answers.values()
