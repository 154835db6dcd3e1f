"""The sentences about visitors' accounts: who gets in, how it ends, and what is left in a browser afterwards."""

import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.urls.resolvers import RoutePattern

from forecourt.accounts import closing, offer, passwords, sessions, signing_in, tickets
from forecourt.accounts import urls as rooms
from forecourt.accounts.models import Account, Session
from forecourt.accounts.throttle import PASSWORD_HERE
from forecourt.adapters import synthetic
from forecourt.messaging import handoff as messages_door
from forecourt.messaging.models import Message
from forecourt.people import contacts, subjects, vault
from forecourt.policy.policy import Switch
from forecourt.proof.browser import Browser, Page
from forecourt.proof.probes.cookies import around_every_answer
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.web import login_id

SIGN_IN = "/account/sign-in/"
# Reached by anybody: the ways in and out. Every other address of the room is somebody's own.
OPEN = frozenset(
    {"register", "sign_in", "ask_code", "code", "reset", "second", "passkey_challenge", "passkey_sign_in", "sign_out"}
)
LOG_OUT = "Log out"
CODE = re.compile(r"\b(\d{4} \d{4})\b")


class Member:
    """Somebody with an account, within one transaction, which is taken back: nobody can ever sign in as them."""

    def __init__(self, world) -> None:
        self.world = world
        self.browser = Browser(keeps_cookies=True)
        self.password = secrets.token_urlsafe(24)
        self.email = synthetic.email(secrets.randbelow(10**9))
        contact = contacts.find_or_add(
            contacts.read_email(self.email), source="account", notice=world.policy.version, now=world.now
        )
        self.account: Account = signing_in.open_account(contact, world.policy.version, world.now)
        passwords.set_on(self.account.user, self.password)

    def signs_in(self, elsewhere: Browser | None = None, /, **more: str) -> Page:
        browser = elsewhere or self.browser
        page = types_password(browser, self.world, self.email, self.password, **more)
        if offer.COOKIE not in browser.jar:
            raise CouldNotRun("signing in did not work")
        return page

    def sees(self, address: str, browser: Browser | None = None) -> Page:
        self.world.look()
        return (browser or self.browser).get(address, follow=0)

    def signs_out(self) -> Page:
        return self.sees(offer.HOME).must_be_fine().form("/sign-out/").send(self.browser)


def types_password(browser: Browser, world, email: str, password: str, **more: str) -> Page:
    form = browser.get(SIGN_IN).must_be_fine().form(having="password")
    world.look()
    answers = {name: value for name, value in form.values.items() if name not in ("remember_login", "shared_device")}
    return browser.post(form.action, answers | {"email": email, "password": password} | more, follow=0)


@contextmanager
def at_home(world) -> Iterator[Member]:
    """However it ends, nothing of it is committed, and the key of what was sealed is gone."""
    member = None
    try:
        with transaction.atomic():
            try:
                member = Member(world)
                yield member
            finally:
                transaction.set_rollback(True)
    finally:
        if member:
            subjects.erase(member.account.contact_id)


def own_pages() -> list[str]:
    """The address of every page that is somebody's own, whatever it is about."""
    made_up = {"token": "x" * 32, "session_id": uuid.UUID(int=1), "passkey_id": 1, "which": "sale"}
    found = []
    for room in rooms.urlpatterns:
        assert isinstance(room.pattern, RoutePattern)
        if room.name not in OPEN:
            found.append(
                reverse(f"accounts:{room.name}", kwargs={name: made_up[name] for name in room.pattern.converters})
            )
    return found


def opened(browser: Browser, world) -> list[str]:
    """Which of them this browser gets to see."""
    world.look(len(own_pages()))
    return [address for address in own_pages() if browser.get(address, follow=0).status != 401]


# S-06


@probe("S-06", secret=True)
def an_account_needs_one_cookie(world):
    """Makes an account with an email address alone, by the code that comes to it, in a browser that keeps no cookie but the one of the
    session: the page with everything about this visitor has to open there. The account is closed again."""
    visitor = world.visitor()
    browser = Browser(keeps_cookies=True)
    form = browser.get("/account/register/").must_be_fine().form(having="email")
    if form.asked != {"email"}:
        yield f"an account asks for {', '.join(sorted(form.asked - {'email'}))}"
    waiting = form.send(browser, email=visitor.email)
    ticket = tickets.find(waiting.path.rstrip("/").rsplit("/", 1)[-1], world.now)
    if ticket is None:
        raise CouldNotRun("asking for a code led to no page that takes one")
    tickets.send(ticket.pk, world.now)
    for message in Message.objects.filter(interaction=ticket.interaction, state="queued"):
        messages_door.deliver(message.pk, message.due)
    visitor.waits_for_what_is_in_hand(visitor.contacts())
    code = next((found[1] for email in visitor.emails() if (found := CODE.search(str(email["Subject"])))), "")
    if not code:
        raise CouldNotRun("no code came by email")
    try:
        waiting.form(having="code").send(browser, code=code)
        browser.jar = {name: held for name, held in browser.jar.items() if name == offer.COOKIE}
        if not browser.get(offer.HOME, follow=0).is_fine:
            yield "signing in did not hold with its own cookie alone"
    finally:
        for account in Account.objects.filter(contact__in=visitor.contacts()):
            closing.close(account, world.now)


@mutant("S-06", seam="forecourt.accounts.sessions.put", finding="signing in did not hold")
def nobody_is_kept_signed_in(put):
    return lambda response, token, now: None


# P-3D-3


@probe("P-3D-3", secret=True)
def nothing_opens_without_signing_in(world):
    """While a made-up visitor is signed in elsewhere, asks for every page of an account in a browser that is not: each has to be
    refused. All of it is taken back."""
    with at_home(world) as member:
        member.signs_in()
        for address in opened(Browser(keeps_cookies=True), world):
            yield f"{address.split('/')[2] or 'the account'} opened without signing in"


@probe("P-3D-3", secret=True)
def guessing_has_to_wait(world):
    """Types ten wrong passwords for a made-up visitor, and then the right one: it has to wait. The same number of tries has to
    be answered in the same words for an address that no account has. All of it is taken back."""
    with at_home(world) as member:
        stranger = synthetic.email(secrets.randbelow(10**9))
        for _ in range(PASSWORD_HERE.most):
            known, unknown = (
                types_password(Browser(keeps_cookies=True), world, email, "wrong horse battery")
                for email in (member.email, stranger)
            )
            if alike(known, member.email) != alike(unknown, stranger):
                yield "the answer tells whether an address has an account"
                return
        if types_password(member.browser, world, member.email, member.password).status != 429:
            yield "an eleventh password was looked at"
        if types_password(Browser(keeps_cookies=True), world, stranger, "wrong horse battery").status != 429:
            yield "guessing waits only where there is an account"


def alike(page: Page, email: str) -> tuple[int, str]:
    """What the page says, without the address that was typed."""
    return page.status, page.text.replace(email, "")


@mutant("P-3D-3", seam="forecourt.accounts.gate.session_of", finding="opened without signing in")
def anybodys_session_will_do(session_of):
    return lambda request: Session.objects.select_related("account", "account__user", "account__contact").first()


@mutant("P-3D-3", seam="forecourt.accounts.throttle.count", finding="an eleventh password was looked at")
def nobody_counts(count):
    return lambda *tries, now: None


@mutant(
    "P-3D-3", seam="forecourt.accounts.views.show_sign_in", finding="the answer tells whether an address has an account"
)
def an_unknown_address_is_told(show_sign_in):
    def tell(request, form=None, *, problem="", status=200):
        if form is not None and problem:
            index = vault.blind_index("email", form.cleaned_data["email"].comparable)
            problem += "" if signing_in.of_index("email", index) else " We do not know that address."
        return show_sign_in(request, form, problem=problem, status=status)

    return tell


# P-9A-1, P-9A-2, P-9A-3


@probe("P-9A-1")
def log_out_stands_on_every_page(world):
    """Signs in as a made-up visitor and opens the pages of the account: each has to hold the button, in the bar above everything else
    on it. Where exactly it stands, at three widths, is measured in a real browser before a release. All of it is taken back."""
    with at_home(world) as member:
        member.signs_in()
        seen = 0
        for address in own_pages():
            page = member.sees(address)
            if not page.is_fine:
                continue
            seen += 1
            bars = page.tree.xpath("//main/preceding::div[@class='account-bar']//form//button")
            if not any(LOG_OUT in button.text_content() for button in bars):
                yield "a page of the account has no Log out above it"
        if seen < 3:
            raise CouldNotRun("hardly a page of the account opened")


def without(words: str):
    def change(response):
        if not response.streaming and words.encode() in response.content:
            response.content = response.content.replace(words.encode(), b"")

    return around_every_answer(change)


@mutant("P-9A-1", seam="forecourt.edge.cookies.declared_only", finding="no Log out above it")
def log_out_is_gone(rule):
    return without(LOG_OUT)(rule)


@probe("P-9A-2", secret=True)
def logging_out_ends_it_everywhere(world):
    """Signs in as a made-up visitor, keeps what the browser had, logs out, and comes back with it on every page: each has to
    refuse it, and the browser has to be told to let go. All of it is taken back."""
    with at_home(world) as member:
        member.signs_in()
        before = dict(member.browser.jar)
        if not member.sees(offer.HOME).is_fine:
            raise CouldNotRun("the account did not open")
        form = member.sees(offer.HOME).form("/sign-out/")
        answer = member.browser.post(form.action, form.values, follow=0)
        if '"cache"' not in answer.headers.get("Clear-Site-Data", ""):
            yield "the browser was not told to let go of what it kept"
        if offer.COOKIE in member.browser.jar:
            yield "logging out left the cookie"
        member.browser.jar = before
        if opened(member.browser, world):
            yield "the old cookie still opens the account"


@mutant("P-9A-2", seam="forecourt.accounts.sessions.end", finding="the old cookie still opens the account")
def the_cookie_alone_goes(end):
    return lambda session: None


@probe("P-9A-3", secret=True)
def what_matters_wants_a_fresh_look(world):
    """Signs in as a made-up visitor and lets a quarter of an hour go by: the address may not be shown, no password set and the
    account not closed, before the visitor has shown again who it is. All of it is taken back."""
    with at_home(world) as member:
        member.signs_in()
        Session.objects.filter(account=member.account).update(confirmed_at=world.now - sessions.FRESH)
        if member.email in member.sees(offer.HOME).must_be_fine().text:
            yield "everything was shown without asking again"
        typed = {"password": member.password, "new_password": "four words nobody said"}
        member.browser.post("/account/ways/password/", typed, follow=0)
        member.browser.post("/account/closure/", {"sure": "yes"}, follow=0)
        world.look(2)
        found = Account.objects.filter(pk=member.account.pk).select_related("user").first()
        if found is None:
            yield "the account was closed without asking again"
        elif not found.user.check_password(member.password):
            yield "a password was set without asking again"


@mutant("P-9A-3", seam="forecourt.accounts.sessions.is_fresh", finding="without asking again")
def signing_in_once_is_enough(is_fresh):
    return lambda session, now: True


# P-9B-1, P-9B-2


@probe("P-9B-1")
def the_page_says_what_back_shows(world):
    """Reads the page to sign in: it has to say what Back shows after logging out; and that has to be so, as the check of P-9B-2
    looks."""
    text = world.get(SIGN_IN).must_be_fine().text
    if "Press Back after you logged out" not in text or "nothing of yours" not in text:
        yield "the page to sign in does not say what Back shows"
    yield from pages_are_kept_nowhere(world)


@mutant("P-9B-1", seam="forecourt.edge.cookies.declared_only", finding="does not say what Back shows")
def nobody_explains(rule):
    return without("Press Back after you logged out")(rule)


@probe("P-9B-2")
def pages_are_kept_nowhere(world):
    """Signs in as a made-up visitor and opens every page of the account: each has to forbid every cache, the browser's own too. What
    Back then shows is looked at in a real browser before a release. All of it is taken back."""
    with at_home(world) as member:
        member.signs_in()
        for address in own_pages():
            if "no-store" not in member.sees(address).headers.get("Cache-Control", ""):
                yield "a page of the account may be kept"


@mutant("P-9B-2", seam="forecourt.edge.cookies.declared_only", finding="may be kept")
def pages_may_be_kept(rule):
    def change(response):
        response["Cache-Control"] = "private, max-age=600"

    return around_every_answer(change)(rule)


# P-9C-1, P-9C-2


@probe("P-9C-1")
def a_shared_device_forgets(world):
    """Reads the page to sign in, which has to say what to do on a device that others use. Then signs in as a made-up visitor
    with that box and the one to be remembered: nothing may be remembered, and after an hour without a click the account has to be
    shut. All of it is taken back."""
    text = world.get(SIGN_IN).must_be_fine().text
    if "On a device that others use" not in text or "close the browser" not in text:
        yield "the page to sign in says nothing about shared devices"
    with at_home(world) as member:
        member.signs_in(shared_device="on", remember_login="on")
        if login_id.ACCOUNT_COOKIE in member.browser.jar:
            yield "a shared device remembers"
        if not member.sees(offer.HOME).is_fine:
            raise CouldNotRun("the account did not open")
        Session.objects.filter(account=member.account).update(seen_at=world.now - timedelta(minutes=61))
        if member.sees(offer.HOME).status != 401:
            yield "a shared device stays signed in"


@mutant("P-9C-1", seam="forecourt.accounts.sessions.begin", finding="a shared device stays signed in")
def every_device_is_private(begin):
    return lambda account, how, request: begin(account, sessions.How(how.method), request)


@probe("P-9C-2")
def what_lasts_opens_nothing(world):
    """Signs in as a made-up visitor who is to be remembered and who said yes to everything, closes the browser, and comes back with
    the cookies that stay: no page of the account may open. All of it is taken back."""
    with at_home(world) as member:
        member.browser.post(f"/privacy/choices/{Switch.PERSONAL}/yes/", {})
        member.signs_in(remember_login="on")
        member.browser.closes()
        if login_id.ACCOUNT_COOKIE not in member.browser.jar:
            raise CouldNotRun("no cookie stayed to come back with")
        if opened(member.browser, world):
            yield "a cookie that stays opens the account"


@mutant("P-9C-2", seam="forecourt.edge.cookies.declared_only", finding="a cookie that stays opens the account")
def a_session_lasts_a_month(rule):
    def change(response):
        if (held := response.cookies.get(offer.COOKIE)) and held.value:
            held["max-age"] = 30 * 86_400

    return around_every_answer(change)(rule)


# P-10A-2


@probe("P-10A-2")
def the_email_address_alone_is_filled_in(world):
    """The same for a made-up visitor with an account: the address is filled in after a tick and not without one, the password never,
    and on a shared device nothing. All of it is taken back."""
    for more, remembers in (({}, False), ({"remember_login": "on"}, True), (SHARED, False)):
        with at_home(world) as member:
            member.signs_in(**more)
            member.browser.closes()
            form = member.sees(SIGN_IN).must_be_fine().form(having="password")
            filled = form.values.get("email", "")
            if remembers and filled != member.email:
                yield "the login name was not remembered"
            if filled and not remembers:
                yield "a shared device remembers" if more is SHARED else "the login name was remembered without a tick"
            if form.values.get("password"):
                yield "the password is filled in too"


SHARED = {"remember_login": "on", "shared_device": "on"}


# S-31


@probe("S-31")
def a_no_follows_the_account(world):
    """Says no in one browser, signs in there as a made-up visitor, and signs in with another browser: the no has to count there,
    from the next page on, and so has one that is said while signed in. All of it is taken back."""
    with at_home(world) as member:
        first, second = member.browser, Browser(keeps_cookies=True)
        first.post(f"/privacy/choices/{Switch.ANALYTICS}/no/", {})
        member.signs_in()
        first.post(f"/privacy/choices/{Switch.ADS}/no/", {})
        member.signs_in(second)
        world.look(2)
        there = second.get("/privacy/choices/").must_be_fine().tree
        for switch, said in ((Switch.ANALYTICS, "before"), (Switch.ADS, "while")):
            state = " ".join(there.xpath(f"//*[@id='{switch}-state']//text()"))
            if "Off: a no was said" not in state:
                yield f"a no said {said} signing in did not follow to another browser"


@mutant("S-31", seam="forecourt.accounts.following.bring", finding="a no said before signing in did not follow")
def signing_in_brings_nothing(bring):
    return lambda account, session, caller, now: None


@mutant("S-31", seam="forecourt.consent.switches.of_person", finding="did not follow to another browser")
def other_browsers_do_not_listen(of_person):
    return lambda contact_id, said: said
