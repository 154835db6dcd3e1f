"""Ada, whose rows they are, Edwin, who would like to see them, and whoever works here, each in a browser of their own."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import User
from django.test import Client

from forecourt.accounts import passwords, signing_in
from forecourt.accounts.models import Account, Session
from forecourt.adapters import kept
from forecourt.cases import actions as cases
from forecourt.cases.models import Case, Handover
from forecourt.consent.models import Entry, Standing
from forecourt.console import accounts
from forecourt.console.models import Undertaking
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.actions import Said
from forecourt.inquiries.models import Inquiry
from forecourt.interactions import links
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.minors import consents
from forecourt.minors.models import Asking
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.programs import claims, finance
from forecourt.programs.models import Claim, CreditRequest
from forecourt.requests import know, passes
from forecourt.requests import paths as request_paths
from forecourt.requests.archive import pack
from forecourt.requests.models import Archive, Pass, Request
from forecourt.sharing.models import Lead
from forecourt.vehicles import options
from forecourt.vehicles.builds import shelves
from forecourt.vehicles.builds.models import SavedBuild
from forecourt.vehicles.builds.wishes import Wishes
from tests.accounts import at_home
from tests.cast import ADA, Person, booked, work
from tests.console.signing_in import PASSWORD, SECRET, give_password, sign_in
from tests.programs import sending
from tests.programs.test_finance import wish as credit_wish

EDWIN = Person("Edwin Larkspur", at_home.NEWCOMER)
MARKS = (ADA.contact, ADA.name)
YEAR = timedelta(days=365)


@dataclass
class Somebody:
    """A visitor with one of everything."""

    account: Account
    drive: TestDrive
    message: str  # the token of the link in an email
    build: SavedBuild
    shelf: str
    claims: list[Claim]
    inquiries: list[Inquiry]
    claim_token: str
    request_token: str
    parent_token: str
    case: Case
    handed: Case
    stop: Case
    asked: Request
    desk: str
    left: Case

    @property
    def contact(self) -> Contact:
        return self.account.contact

    def rows(self) -> list[Any]:
        """Everything of theirs that a request of somebody else could touch."""
        mine, who = self.contact.pk, {"contact": self.contact.pk}
        found: list[Any] = [shelves.link_of(SavedBuild.objects.get(pk=self.build.pk))]
        for model in (TestDrive, Message, Lead, Claim, CreditRequest, Inquiry, Entry, Standing, Case, Request, Asking):
            found += model.objects.filter(**who).order_by("pk").values_list()
        found += Contact.objects.filter(pk=mine).values_list()
        found += SavedBuild.objects.filter(shelf=self.build.shelf_id).order_by("pk").values_list()
        found += Archive.objects.filter(request__contact=mine).values_list("pk", "taken_at", "expires_at")
        found += Handover.objects.filter(case__in=[self.case.pk, self.handed.pk]).order_by("pk").values_list()
        found += Account.objects.filter(pk=self.account.pk).values_list()
        found += Session.objects.filter(account=self.account).order_by("pk").values_list("pk", "ends_at", "shared")
        found += User.objects.filter(pk=self.account.user_id).values_list("is_active", "password")
        return [bytes(value) if isinstance(value, memoryview) else value for row in found for value in row]


def said_yes_as_a_parent(person: Person, now: datetime) -> str:
    nonce = uuid.uuid4()
    consents.ask(contacts.read(person.contact), nonce, now)
    asking = Asking.objects.get(nonce=nonce)
    consents.say_yes(asking, now)
    consents.send_second(asking.pk, now)
    consents.say_yes(asking, now)
    return consents.token_of(nonce)


def make_somebody(person: Person, dealer, now: datetime) -> Somebody:
    contact = contacts.find_or_add(contacts.read(person.contact), source="account", notice="2026-10-15", now=now)
    account = signing_in.open_account(contact, "2026-10-15", now)
    passwords.set_on(account.user, at_home.PASSWORD)
    drive = booked(person, dealer, now)
    work(now)
    token, build = saved(now)
    asked = [sending.wish("mobility", now, contact=person.contact) for _ in range(2)]
    credit = credit_wish(now, contact=person.contact)
    finance.ask(credit, now)
    return Somebody(
        account=account,
        drive=drive,
        message=link_in_mail(person),
        build=build,
        shelf=token,
        claims=[claims.make(one, now) for one in asked],
        inquiries=[wrote(person, now) for _ in range(2)],
        claim_token=claims.token_of(asked[0].nonce),
        request_token=claims.token_of(credit.nonce),
        parent_token=said_yes_as_a_parent(person, now),
        case=question(contact, now),
        handed=question(contact, now),
        stop=question(contact, now, Case.Kind.PHONE_STOP),
        asked=asked_to_know(contact, now),
        desk=opened_desk(contact, now),
        left=question(contact, now, Case.Kind.NOT_INTERESTED),
    )


def saved(now: datetime) -> tuple[str, SavedBuild]:
    found = shelves.save("", Wishes.read(options.of_line("siskin"), "gorse"), lasts=YEAR, now=now)
    shelves.confirm(found.token, lasts=YEAR, now=now)
    shelves.share(found.build)
    found.build.refresh_from_db()
    return found.token, found.build


def wrote(person: Person, now: datetime) -> Inquiry:
    """By email, so that there is an original."""
    said = Said(
        words=f"{person.name} asks whether it comes in green.",
        way=Case.Channel.EMAIL,
        nonce=uuid.uuid4(),
        received_at=now,
        address=contacts.read(person.contact),
        original=b"From: somebody\r\n\r\nDoes it come in green?",
    )
    return inquiries.take(said, now)


def asked_to_know(contact: Contact, now: datetime) -> Request:
    request = know.ask(contact.pk, now, now)
    pack.make(request, now)
    return request


def opened_desk(contact: Contact, now: datetime) -> str:
    """As after the code came back."""
    address = contacts.address_of(contact, purpose="account-page", who="visitor", now=now)
    token = passes.ask(Pass.Kind.KNOW, address, "", now)
    Pass.objects.filter(confirmed_at=None).update(
        contact=contact.pk, confirmed_at=now, expires_at=now + passes.OPEN, sealed=""
    )
    return token


def question(contact: Contact, now: datetime, kind: Case.Kind = Case.Kind.QUESTION) -> Case:
    return cases.open_case(kind, came_by=Case.Channel.WEB, contact=contact.pk, by=None, now=now)


def link_in_mail(person: Person) -> str:
    mail = message_from_bytes(kept.kept_for(person.address)[-1].content, policy=policy.default)
    match = re.search(r"/m/([^/>]+)/stop/>", mail["List-Unsubscribe"])
    assert match is not None
    return match[1]


@dataclass
class Crowd:
    """Every role of the table in a browser, and Ada's ids as each would use them."""

    ada: Somebody
    edwin: Somebody
    clients: dict[str, Client] = field(default_factory=dict)
    case: dict[str, Case] = field(default_factory=dict)
    destroyed: list[Any] = field(default_factory=list)  # keys, which no transaction takes back

    def ids(self, role: str) -> dict[str, Any]:
        """By the route's parameter."""
        of = 1 if role == "handed" else 0
        return {
            "contact_id": self.ada.contact.pk,
            "session_id": self.ada.account.sessions.earliest("began_at").pk,
            "build_id": self.ada.build.pk,
            "passkey_id": 1,
            "claims": self.ada.claims[of].case.reference,
            "inquiry": self.ada.inquiries[of].case.reference,
            "number": self.ada.asked.case.reference,
            "line_id": self.ada.inquiries[of].lines.get().pk,
            "reference": (self.ada.handed if of else self.ada.case).reference,
            "stop": self.ada.stop.reference,
        }

    def tokens(self) -> dict[str, str]:
        """By how the address begins."""
        return {
            "build/shared/": shelves.link_of(self.ada.build),
            "beacon/email/": self.ada.message,
            "test-drive/": links.path_of(self.ada.drive).strip("/").rpartition("/")[2],
            "claims/": self.ada.claim_token,
            "contact/messages/": inquiries.token_of(self.ada.inquiries[0].nonce),
            "privacy/children/consent/": self.ada.parent_token,
            "requests/": self.ada.request_token,
            "privacy/requests/desk/": self.ada.desk,
            "privacy/requests/case/": request_paths.path_of(self.ada.asked).split("/")[-2],
            "privacy/requests/left/": request_paths.path_of_leaving(self.ada.left).split("/")[-2],
            "m/": self.ada.message,
        }

    def query(self, role: str) -> str:
        return self.case.get(role, self.ada.case).reference


def make_crowd(dealer, now: datetime) -> Crowd:
    crowd = Crowd(make_somebody(ADA, dealer, now), make_somebody(EDWIN, dealer, now))
    crowd.clients["nobody"] = at_home.browser()
    for role, person, whose in (("owner", ADA, crowd.ada), ("another", EDWIN, crowd.edwin)):
        client = crowd.clients[role] = at_home.browser()
        at_home.sign_in(client, email=person.contact)
        client.cookies["saved_builds"] = whose.shelf
    for role in ("password", "staff", "elsewhere", "case", "suspended"):
        crowd.clients[role] = desk(role, now)
    crowd.clients["manager"] = desk("manager", now, accounts.MANAGERS)
    crowd.clients["editor"] = desk("editor", now, accounts.EDITORS)
    crowd.clients["outside"] = desk("outside", now, accounts.OUTSIDERS)
    crowd.clients["handed"] = desk("handed", now, accounts.OUTSIDERS)
    crowd.clients["lapsed"] = lapsed(now)
    accounts.suspend(User.objects.get(username="desk-suspended"))
    hand_out(crowd, now)
    return crowd


def desk(role: str, now: datetime, *groups: str) -> Client:
    user = accounts.add(PASSWORD, handle=f"desk-{role}", groups=groups, chosen=True)
    accounts.sign(user, now)
    if role == "password":
        client = Client()
        give_password(client, user.username)
        return client
    TOTP.activate(user, SECRET)
    return sign_in(Client(), user)


def lapsed(now: datetime) -> Client:
    """Signed in while it held, until a moment ago."""
    from forecourt.adapters import clock

    user = accounts.add(PASSWORD, handle="desk-lapsed", chosen=True)
    then, real = now - timedelta(minutes=30), clock.now
    accounts.sign(user, then, until=now)
    TOTP.activate(user, SECRET)
    clock.now = lambda: then
    try:
        client = sign_in(Client(), user)
        assert client.get("/staff/").status_code == 200
    finally:
        clock.now = real
    assert not Undertaking.objects.filter(user=user, until__gt=now).exists()
    return client


def hand_out(crowd: Crowd, now: datetime) -> None:
    """One case and one claim of Ada's to a member of staff, others to somebody from outside; Edwin's to a third."""

    def hands(case: Case, role: str) -> None:
        cases.hand_over(case, f"desk-{role}", by="x", now=now)

    for case, number, role in ((crowd.ada.case, 0, "case"), (crowd.ada.handed, 1, "handed")):
        hands(case, role)
        hands(crowd.ada.claims[number].case, role)
        hands(crowd.ada.inquiries[number].case, role)
        crowd.case[role] = case
    hands(crowd.edwin.case, "elsewhere")
    crowd.case["elsewhere"] = crowd.edwin.case
