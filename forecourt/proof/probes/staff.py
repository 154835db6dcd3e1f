"""The sentences about the people who work for us: what they may see, and what they do for somebody on the phone."""

import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.db import transaction
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.urls.converters import UUIDConverter
from django.urls.resolvers import RoutePattern

from forecourt.consent import ledger, standing
from forecourt.consent.models import Channel
from forecourt.console import accounts
from forecourt.console import urls as console
from forecourt.interactions import messages as drive_messages
from forecourt.messaging.models import Message
from forecourt.messaging.outbox import About
from forecourt.people.models import Opening
from forecourt.policy.decide import Allowed
from forecourt.proof.browser import Browser, Page
from forecourt.proof.probes.texts import tried
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.rights.receipts import receipts_of

LEFT = Message.State.LEFT
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
CODE = re.compile(r"\b(\d{6})\b")
CLAIMS_REMOVAL = re.compile(r"\b(we|have) (have )?(removed|taken|deleted|unsubscribed) you\b", re.IGNORECASE)


class Desk:
    """A member of staff who exists within one transaction, which is taken back: nobody can ever sign in as them."""

    def __init__(self, world, signed: datetime | None = None, until: datetime | None = None) -> None:
        self.world = world
        self.browser = Browser(keeps_cookies=True)
        self.password = secrets.token_urlsafe(24)
        self.secret = totp.generate_totp_secret()
        self.user: User = accounts.add(self.password, handle=f"check-{secrets.token_hex(4)}", chosen=True)
        accounts.sign(self.user, signed or world.now, until=until)

    def gives_the_password(self) -> Page:
        form = self.browser.get("/staff/account/login/").must_be_fine().form(having="password")
        self.world.look()
        return form.send(self.browser, login=self.user.username, password=self.password)

    def sets_up_the_second_factor(self) -> None:
        totp.TOTP.activate(self.user, self.secret)

    def gives_the_code(self) -> Page:
        form = self.browser.get("/staff/account/code/").must_be_fine().form(having="code")
        self.world.look()
        value = totp.hotp_value(self.secret, next(totp.yield_hotp_counters_from_time()))
        return form.send(self.browser, code=totp.format_hotp_value(value))

    def signs_in(self) -> None:
        self.sets_up_the_second_factor()
        self.gives_the_password()
        for _ in range(2):  # a code may run out on its way, and then the next one holds
            self.gives_the_code()
            if self.sees("/staff/").is_fine:
                return
        raise CouldNotRun("signing in with both did not open the desk")

    def gives_the_password_again(self, page: str) -> Page:
        """Where that leads, which wants to know once more who is at the desk."""
        form = self.browser.get("/staff/account/again/").must_be_fine().form(having="password")
        form.send(self.browser, password=self.password)
        return self.sees(page)

    def sees(self, address: str) -> Page:
        self.world.look()
        return self.browser.get(address, follow=0)


@contextmanager
def at_the_desk(world) -> Iterator[Desk]:
    """However it ends, nothing of it is committed: the account was never there for anybody else."""
    with transaction.atomic():
        try:
            yield Desk(world)
        finally:
            transaction.set_rollback(True)


def screens() -> list[str]:
    """The address of every staff screen that can be looked at, whoever and whatever it is about."""
    made_up = {"reference": "3467-CDFG", "kind": "lead"}
    found = []
    for screen in console.screens:
        assert isinstance(screen, URLPattern)
        assert isinstance(screen.pattern, RoutePattern)
        wanted = {
            name: uuid.UUID(int=1) if isinstance(kind, UUIDConverter) else made_up[name]
            for name, kind in screen.pattern.converters.items()
        }
        found.append(reverse(f"console:{screen.name}", kwargs=wanted))
    return found


# S-06


@probe("S-06", secret=True)
def a_password_alone_opens_nothing(world):
    """Asks for every staff screen and the editors' pages as a visitor, and again as a made-up member of staff who gave the password and
    has not shown a second factor: none may open. With both, the desk opens. Nothing of it lasts."""
    for address in (*screens(), "/staff/cms/"):
        page = world.get(address)
        if page.is_fine and "/account/login/" not in page.address:
            yield "a staff screen opened for a visitor"
    with at_the_desk(world) as desk:
        desk.gives_the_password()
        for address in (*screens(), "/staff/cms/"):
            if desk.sees(address).status not in (302, 403, 405):
                yield "a staff screen opened for a password alone"
    with at_the_desk(world) as desk:
        desk.signs_in()


@probe("S-06", secret=True)
def nobody_looks_without_a_case(visitor):
    """As a made-up member of staff, signed in with both, opens a made-up visitor's details: without a case that has to be refused;
    with an open one it works, and who looked and why is written down; with a closed one it is refused again."""
    visitor.books_a_test_drive(by="email")
    contact = visitor.contact("email")
    address = reverse("console:contact", args=[contact.pk])
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        refused = desk.sees(address)
        if refused.status != 403 or visitor.email in refused.text:
            yield "somebody's details opened without a case"
            return
        opened = refused.form("/case/").send(desk.browser, kind="question", came_by="phone")
        if visitor.email not in opened.text:
            raise CouldNotRun("the details did not open with a case")
        if not Opening.objects.filter(subject=contact.pk, who=desk.user.username).exclude(case="").exists():
            yield "nobody wrote down who looked"
        reference = opened.address.rpartition("case=")[2]
        case = desk.sees(reverse("console:case", args=[reference]))
        case.form("/closing/").send(desk.browser)
        if desk.sees(f"{address}?case={reference}").status != 403:
            yield "somebody's details opened with a case that is closed"


@probe("S-06")
def visitors_get_no_cookies(visitor):
    """Books, changes a choice and cancels as a visitor whose browser would keep cookies: none may be offered."""
    booked = visitor.books_a_test_drive(texts=True)
    visitor.stops_on_the_page_of(booked)
    visitor.sees(booked.manage).form("/cancellation/").send(visitor.browser)
    visitor.sees("/contact/")
    if visitor.browser.offered_cookies:
        yield "a visitor was offered a cookie"


@mutant(
    "S-06", seam="forecourt.console.accounts.showed_second_factor", finding="a staff screen opened for a password alone"
)
def a_password_will_do(showed):
    return lambda request: True


@mutant("S-06", seam="forecourt.console.gate.refuse", finding="a staff screen opened for a visitor")
def the_gate_stands_open(refuse):
    return lambda request, name: None


@mutant("S-06", seam="forecourt.console.story.may_read", finding="somebody's details opened without a case")
def no_case_is_needed(may_read):
    return lambda contact, reference, who, now: Allowed("staff-case-read", "")


@mutant("S-06", seam="forecourt.cases.actions.is_open_for", finding="opened with a case that is closed")
def any_case_will_do(is_open_for):
    return lambda reference, contact, who: bool(reference)


@mutant("S-06", seam="forecourt.edge.cookies.declared_only", finding="a visitor was offered a cookie")
def visitors_get_a_session(declared_only):
    def around(get_response):
        answer = declared_only(get_response)

        def handle(request):
            response = answer(request)
            response.set_cookie("session", "1")
            return response

        return handle

    return around


# P-6-2


@probe("P-6-2")
def one_call_stops_everything(visitor):
    """Books twice, by phone with the box for texts ticked and by email. A made-up member of staff then takes both calls on the desk's
    pages, in three steps each: there has to be a reference number on the screen, and after it neither the next text nor the next
    email may leave, and the no has to stand for every channel. All of it is taken back afterwards."""
    by_phone = visitor.books_a_test_drive(texts=True)
    by_email = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    about = About(by_phone.drive.interaction, "test-drive")
    if (
        tried(visitor, "test-drive-reminder-text", by_phone, about).state != LEFT
        or email_tried(visitor, by_email).state != LEFT
    ):
        raise CouldNotRun("there was nothing to stop")
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        for booked, address in ((by_phone, visitor.phone), (by_email, visitor.email)):
            confirm = desk.sees("/staff/stop/").must_be_fine().form("/whom/").send(desk.browser, address=address)
            done = confirm.form("/now/").send(desk.browser)
            if not done.is_fine or not REFERENCE.search(done.text):
                yield "the call gave no reference number"
            stands = standing.of(booked.drive.contact_id)
            if not any(stand.withdrew and (stand.channel, stand.scope) == (Channel.ALL, "all") for stand in stands):
                yield "the call did not stop every channel"
        if tried(visitor, "test-drive-reminder-text", by_phone, about).state == LEFT:
            yield "a text left after the call"
        if email_tried(visitor, by_email).state == LEFT:
            yield "an email left after the call"


def email_tried(visitor, booked) -> Message:
    with transaction.atomic():
        message = drive_messages.remind_later(booked.drive, visitor.moment)
    visitor.lets_messages_leave()
    visitor.world.look()
    message.refresh_from_db()
    return message


@mutant("P-6-2", seam="forecourt.messaging.stops.withdraw", finding="a text left after the call")
def the_call_is_lost(withdraw):
    return lambda contact, channel, scope, **how: ledger.Recorded(contact.pk, contact.seq)


@mutant("P-6-2", seam="forecourt.messaging.stops.withdraw", finding="an email left after the call")
def the_call_stops_texts_alone(withdraw):
    return lambda contact, channel, scope, **how: withdraw(contact, Channel.TEXT, scope, **how)


@mutant("P-6-2", seam="forecourt.console.views.render", finding="the call gave no reference number")
def the_number_is_not_shown(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        if template == "console/stopped.html":
            response.content = REFERENCE.sub("…", response.content.decode()).encode()
        return response

    return render_without


# P-6-4


@probe("P-6-4")
def dealers_are_named_after_a_code(visitor):
    """Books by email, lets the booking go to the dealer and follows the email's link: the link alone may name no dealer, nor a wrong
    code. With the code that is mailed afresh the page has to name the dealer and how to reach it, and may not say that we took
    anybody off its list."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    dealer = booked.drive.dealer
    link = next((found for mail in visitor.emails() if (found := link_in(mail))), "")
    if not link:
        raise CouldNotRun("no email with a link came")
    asking = visitor.sees(f"{link}dealers/")
    if dealer.name in asking.text:
        yield "the link alone names a dealer"
        return
    asked = asking.form().send(visitor.browser)
    visitor.lets_messages_leave()
    code = next((match[1] for mail in reversed(visitor.emails()) if (match := CODE.search(subject_and_text(mail)))), "")
    if not code:
        raise CouldNotRun("no code came")
    wrong = asked.form(having="code").send(visitor.browser, code=f"{(int(code) + 1) % 10**6:06}")
    if dealer.name in wrong.text:
        yield "a wrong code names a dealer"
    shown = asked.form(having="code").send(visitor.browser, code=code)
    visitor.world.look()
    ways = {href for href, _ in shown.links()}
    if dealer.name not in shown.text:
        yield "the dealer that has the address is not named"
    elif dealer.policy_url not in ways or not any(href.startswith("tel:") for href in ways):
        yield "the page does not say how to reach the dealer"
    if CLAIMS_REMOVAL.search(shown.text) or "cannot take you off" not in shown.text:
        yield "the page does not say that only the dealer can take somebody off its list"


def link_in(mail) -> str:
    match = re.search(r"https?://\S*?/m/[^/\s]+/", subject_and_text(mail))
    return match[0] if match else ""


def subject_and_text(mail) -> str:
    part = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{part.get_content() if part else ''}"


@mutant("P-6-4", seam="forecourt.rights.views.ask_for_code", finding="the link alone names a dealer")
def a_link_is_proof_enough(ask_for_code):
    def show_at_once(request, found, token, **how):
        return render(
            request, "rights/dealers.html", {"token": token, "receipts": receipts_of(found.contact), "masked": ""}
        )

    return show_at_once


@mutant("P-6-4", seam="forecourt.rights.codes.check", finding="a wrong code names a dealer")
def any_code_will_do(check):
    return lambda message, code_id, typed, now: True


@mutant("P-6-4", seam="forecourt.rights.receipts.receipts_of", finding="the dealer that has the address is not named")
def dealers_are_kept_quiet(receipts_of):
    return lambda contact: []


@mutant("P-6-4", seam="forecourt.rights.views.render", finding="only the dealer can take somebody off its list")
def we_pretend_to_have_done_it(render):
    def render_and_pretend(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        words = response.content.decode().replace(
            "we cannot take you off them, and we have not", "we have taken you off them"
        )
        response.content = words.encode()
        return response

    return render_and_pretend
