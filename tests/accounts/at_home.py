"""Browsers that send what browsers send, and the mail that brings codes."""

import re
from email import message_from_string, policy

from django.test import Client

from forecourt.accounts import tickets
from forecourt.accounts.models import Ticket
from tests.cast import ADA, Inbox, Person, work

PASSWORD = "seven small wrens sing"
CODE = re.compile(r"\b(\d{4} \d{4})\b")
SIGN_IN, HOME, CHOICES = "/account/sign-in/", "/account/", "/privacy/choices/"
NEWCOMER = "edwin.larkspur@post.example"


def browser(**headers: str) -> Client:
    return Client(headers={"sec-fetch-site": "same-origin", "user-agent": "Firefox/140.0", **headers})


def sign_in(client: Client, password: str = PASSWORD, email: str = ADA.contact, **more: str):
    return client.post(SIGN_IN, {"email": email, "password": password, **more})


def mail_codes(now) -> None:
    """The worker's part: every ticket that waits, and the mail that it makes."""
    for ticket in Ticket.objects.exclude(sealed="").order_by("asked_at"):
        tickets.send(ticket.pk, now)
    work(now)


def letter(address: str) -> str:
    """The words of the last email to this address, in one line."""
    mail = message_from_string(Inbox(Person("", address)).last, policy=policy.default)
    return " ".join(f"{mail['Subject']} {mail.get_body(('plain',)).get_content()}".split())


def code_in(address: str) -> str:
    return CODE.findall(letter(address))[-1]
