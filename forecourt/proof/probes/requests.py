"""The sentences about asking us: what we have is shown whole, what is corrected reaches everybody who had it, and leaving ends it all."""

import io
import json
import re
import secrets
import zipfile
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction

from forecourt.accounts.models import Session
from forecourt.adapters import synthetic
from forecourt.consent import switches
from forecourt.messaging import handoff as messages_door
from forecourt.messaging.models import Message
from forecourt.people import browsers, contacts, subjects
from forecourt.people.models import Contact
from forecourt.policy.decide import Allowed
from forecourt.policy.policy import Supplier, Switch
from forecourt.policy.reasons import Reason
from forecourt.proof.browser import Page
from forecourt.proof.probes.accounts import at_home
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import NAME
from forecourt.requests import corrections, imports, jobs, offer, passes
from forecourt.requests.archive import collect, pack
from forecourt.requests.models import Pass, Request
from forecourt.sharing import audiences
from forecourt.sharing import facts as sharing_facts
from forecourt.sharing.models import Outgoing

CODE = re.compile(r"\b(\d{4} \d{4})\b")
NEW_NAME = "Robin Hedgerow-Finch"


def desk_of(visitor, world, kind: str) -> Page:
    """The page that opens once a code came to the visitor's mailbox and was typed."""
    browser = visitor.browser
    waiting = visitor.sees(f"{offer.HOME}{kind}/").form(having="contact").send(browser, contact=visitor.email)
    asked = Pass.objects.exclude(sealed="").order_by("asked_at").last()
    if asked is None:
        raise CouldNotRun("asking for a code led to nothing that a worker could send")
    passes.send(asked.pk, world.now)
    for message in Message.objects.filter(interaction=asked.interaction, state="queued"):
        messages_door.deliver(message.pk, message.due)
    visitor.waits_for_what_is_in_hand(visitor.contacts())
    codes = [found[1] for email in visitor.emails() if (found := CODE.search(str(email["Subject"])))]
    if not codes:
        raise CouldNotRun("no code came by email")
    return waiting.form(having="code").send(browser, code=codes[-1])


# P-3A-3


@probe("P-3A-3")
def the_file_holds_every_number(world):
    """As a made-up visitor with an account, a browser that has a number and a booking's worth of choices, asks for the file with everything:
    the numbers of cookies, the address and what was chosen have to be in it, readable by machines. All of it is taken back."""
    made: list[Contact] = []
    try:
        with at_home(world) as member:
            member.signs_in()
            known, _ = browsers.add(world.now)
            made.append(known)
            browsers.link(known, member.account.contact, "interaction:probe", world.now)
            held = file_of(member, world)
            digest = Session.objects.get(account=member.account).digest
            for what, text in (
                ("the email address", member.email),
                ("the number of a browser’s cookie", bytes(known.index).hex()),
                ("the number of the session’s cookie", bytes(digest).hex()),
            ):
                world.look()
                if text not in json.dumps(held):
                    yield f"the file lacks {what}"
            if not held.get("retention"):
                yield "the file does not say how long anything stays"
    finally:
        for contact in made:
            subjects.erase(contact.pk)


def file_of(member, world) -> dict:
    browser = member.browser
    member.sees("/account/requests/know/").must_be_fine().form("/requests/know/").send(browser)
    asked = Request.objects.select_related("case").get(contact=member.account.contact_id)
    pack.make(asked, world.now)
    answer = browser.post(f"/account/requests/file/{asked.case.reference}/", {}, follow=0)
    try:
        return json.loads(zipfile.ZipFile(io.BytesIO(answer.body)).read(pack.JSON))
    except zipfile.BadZipFile:
        raise CouldNotRun(f"the file was answered with {answer.status}") from None


@mutant(
    "P-3A-3",
    seam="forecourt.requests.archive.collect.record",
    finding="the file lacks the number of a browser’s cookie",
)
def the_file_tells_the_easy_half(record):
    return lambda part, person: record(part, person) | {"rows": []}


@mutant("P-3A-3", seam="forecourt.requests.archive.collect.retention", finding="does not say how long anything stays")
def the_file_keeps_quiet_about_time(retention):
    return lambda policy: []


# P-3A-2


@probe("P-3A-2")
def what_others_told_us_carries_their_name(world):
    """Takes in one line about a made-up person from each supplier that the policy names: no ad may count that person in, the file with everything
    has to name the supplier, and a list of a supplier whom the policy does not name has to be refused. All of it is taken back."""
    made: list[Contact] = []
    try:
        with transaction.atomic():
            for supplier in world.policy.suppliers.values():
                world.look()
                email = synthetic.email(secrets.randbelow(10**9))
                imports.take(["address,dated", f"{email},{world.now:%Y-%m-%d}"], supplier.code, world.now)
                contact = contacts.find(contacts.read(email))
                if contact is None:
                    raise CouldNotRun("the line was not taken in")
                made.append(contact)
                yield from wrong_about(contact, supplier, world)
            if not refuses_strangers(world):
                yield "a list of a supplier whom the policy does not name was taken in"
            transaction.set_rollback(True)
    finally:
        for contact in made:
            subjects.erase(contact.pk)


def wrong_about(contact: Contact, supplier: Supplier, world) -> Iterator[str]:
    for code in audiences.networks(world.policy):
        decision = sharing_facts.about(contact, f"{code}-audience", code, world.now)
        if isinstance(decision, Allowed) or decision.reason is not Reason.SUPPLIED:
            yield f"an audience does not know that {supplier.name} told us"
    if supplier.name not in [one["supplier"] for one in collect.suppliers(contact, world.policy)]:
        yield f"the file does not name {supplier.name}"


def refuses_strangers(world) -> bool:
    try:
        imports.take(["address,dated"], "nobody-we-know", world.now)
    except imports.Refused:
        return True
    return False


@mutant("P-3A-2", seam="forecourt.people.supplies.alone", finding="an audience does not know")
def nobody_remembers_who_told_us(alone):
    return lambda contact_id: frozenset()


@mutant("P-3A-2", seam="forecourt.requests.archive.collect.suppliers", finding="the file does not name")
def the_file_is_silent_about_suppliers(suppliers):
    return lambda contact, policy: []


# P-3E-1


@probe("P-3E-1")
def a_correction_reaches_the_dealer(world):
    """Books a drive, asks by a code to have the name corrected, and reads what the dealer’s system got: the new name has to have come,
    with a receipt, and the old one has to be gone here. A code that goes to nobody’s address opens nothing."""
    visitor = world.visitor()
    visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    before = len(visitor.leads())
    desk_of(visitor, world, "correct").must_be_fine().form(having="name").send(visitor.browser, name=NEW_NAME)
    contact = visitor.contact("email")
    asked = Request.objects.select_related("case").get(contact=contact.pk)
    visitor.lets_messages_leave()
    if not any(NEW_NAME in item.content.decode() for item in visitor.leads()[before:]):
        yield "the dealer still has the old name"
    if corrections.held(contact.pk, world.now).get(corrections.NAME) != NEW_NAME:
        yield "we still have the old name"
    for supplier in list(world.policy.suppliers)[:1]:
        line = f"{visitor.email},{NAME},{world.now - timedelta(days=1):%Y-%m-%d}"
        took = imports.take(["address,name,dated", line], supplier, world.now)
        if took.outcomes[imports.Outcome.CORRECTED] != 1:
            yield "an old list brought the old name back"
    jobs.goes_on(asked)
    asked.refresh_from_db()
    if any(lead.state != Outgoing.State.LEFT for lead in corrections.told(asked)) and not asked.is_open:
        yield "it was answered before everybody had acknowledged it"


@mutant("P-3E-1", seam="forecourt.requests.corrections.pass_on", finding="the dealer still has the old name")
def nobody_else_hears_of_it(pass_on):
    return lambda contact, field, now: []


@mutant("P-3E-1", seam="forecourt.requests.corrections.replace", finding="we still have the old name")
def the_new_words_are_not_kept(replace):
    return lambda contact_id, field, text, now: [b"x" * 32]


@mutant("P-3E-1", seam="forecourt.requests.corrections.undoes", finding="an old list brought the old name back")
def any_list_is_believed(undoes):
    return lambda contact_id, said, dated: False


# P-3E-2


@probe("P-3E-2")
def leaving_ends_everything(world):
    """Books a drive with texts, leaves by the page for it, and lets a day and its reminder come: nothing may reach the phone any more, and
    no purpose may count this visitor in."""
    visitor = world.visitor()
    booked = visitor.books_a_test_drive(texts=True)
    visitor.lets_messages_leave()
    form = visitor.sees(f"{offer.HOME}leaving/").form(having="contact")
    if form.asked != {"contact"}:
        yield f"leaving asks for {', '.join(sorted(form.asked - {'contact'}))}"
    form.send(visitor.browser, contact=visitor.phone).must_be_fine()
    mark = visitor.mark()
    visitor.waits(booked.reminder_due + timedelta(minutes=1))
    if visitor.texts(since=mark):
        yield "a text left after leaving"
    said = switches.of(visitor.contact().pk)
    if missing := set(Switch) - said.said_no:
        yield f"leaving left on: {', '.join(sorted(missing))}"


@mutant("P-3E-2", seam="forecourt.messaging.stops.withdraw", finding="a text left after leaving")
def messages_go_on(withdraw):
    return lambda *whom, **how: None


@mutant("P-3E-2", seam="forecourt.rights.choosing.refuse", finding="leaving left on")
def audiences_go_on(refuse):
    return lambda contact_ids, wanted, method, now: None
