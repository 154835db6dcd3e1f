"""What somebody does to ask for something, and what the worker does with it."""

import re

from django.test import Client

from forecourt.requests import jobs, passes
from forecourt.requests.models import Pass, Request
from forecourt.sharing import handoff
from forecourt.sharing.models import Share
from tests.accounts.at_home import browser, letter
from tests.cast import ADA, work

START = "/privacy/requests/"
CODE = re.compile(r"\b(\d{4} \d{4})\b")


def asks(kind: str, address: str = ADA.contact, client: Client | None = None) -> tuple[Client, str]:
    """The browser, and the page on which the code is typed."""
    client = client or browser()
    answer = client.post(f"{START}{kind}/", {"contact": address})
    assert answer.status_code == 303, answer.content.decode()
    return client, answer["Location"]


def codes_leave(now) -> None:
    for waiting in Pass.objects.exclude(sealed=""):
        passes.send(waiting.pk, now)
    work(now)


def shows(kind: str, at, address: str = ADA.contact, client: Client | None = None) -> tuple[Client, str]:
    """The browser, and the desk that the code opened."""
    client, page = asks(kind, address, client)
    codes_leave(at.now)
    answer = client.post(page, {"code": code_in(address)})
    assert answer.status_code == 303, answer.content.decode()
    return client, answer["Location"]


def code_in(address: str) -> str:
    return CODE.findall(letter(address))[-1]


def worked(request: Request, at) -> Request:
    """Whatever the worker does about one request, and all that leaves because of it."""
    request.refresh_from_db()
    jobs.goes_on(request)
    work(at.now)
    for share_id in Share.objects.filter(state__in=["queued", "waiting"], due__lte=at.now).values_list("pk", flat=True):
        handoff.deliver_share(share_id, at.now)
    request.refresh_from_db()
    return request


def the_request(kind: str) -> Request:
    return Request.objects.select_related("case").get(kind=kind)


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
