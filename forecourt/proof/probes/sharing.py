"""The sentences about who else sees it."""

import contextlib
import re
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from forecourt.consent import ledger, policies
from forecourt.consent.models import Channel, Verb
from forecourt.messaging import facts as message_facts
from forecourt.policy.decide import Contract, Facts, Refused, decide
from forecourt.policy.policy import Action, Policy
from forecourt.policy.reasons import Reason
from forecourt.proof import egress
from forecourt.proof.probes.texts import audited
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import NAME, Visitor
from forecourt.sharing import handoff, outbox, recipients
from forecourt.sharing.models import Lead, Receipt

LEAD = "test-drive-lead"
LEFT = Lead.State.LEFT
YEAR = timedelta(days=365)
# What a lead might say about texts, had somebody put it there.
SPEAKS_OF_TEXTS = re.compile(rb"\b(sms|texts?|texting|opt(ed)?[- ]?(in|out)|consent|permission)\b", re.IGNORECASE)


@contextmanager
def rehearsal() -> Iterator[None]:
    """What is written within is gone afterwards: dealers that do not exist must not stay."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def made_up_dealer(visitor: Visitor, terms: frozenset[str] | None, *, ends: timedelta = YEAR) -> str:
    """A dealer that does not exist, with a contract of these terms, or with none."""
    code = f"check-{uuid.uuid4().hex[:12]}"
    recipients.register(code, "dealer", "A dealer that does not exist", f"https://{code}.probe.example/leads")
    if terms is not None:
        starts = visitor.world.now - 2 * YEAR
        recipients.sign(code, "check", terms, starts, visitor.world.now + ends, visitor.world.now)
    return code


def sent_to(visitor: Visitor, dealer: str, *, chosen: str = "") -> Lead:
    """One more lead about this visitor put in front of the door, and what became of it."""
    drive = visitor.booked[-1].drive
    interaction = f"interaction:{uuid.uuid4()}"
    now = visitor.world.now
    version = visitor.world.policy.version
    ledger.record(
        drive.contact_id, Verb.ASKED, Channel.ALL, interaction,
        method="form", interaction=interaction, now=now, policy_version=version,
    )  # fmt: skip
    lead = outbox.queue_lead(
        LEAD,
        drive.contact,
        drive.submission,
        recipient=dealer,
        chosen=chosen or dealer,
        interaction=interaction,
        interaction_type="test-drive",
        model_year=2026,
        model_name=drive.car_name,
        wish="Test drive",
        now=now,
        # Before the door would ask again: what is refused is refused for good.
        expires=now + handoff.PAUSE,
    )
    visitor.world.look()
    return handoff.deliver(lead.pk, now)


def required(policy: Policy) -> frozenset[str]:
    return policy.contracts[policy.uses[LEAD].contract]


# P-3-6


@probe("P-3-6")
def nothing_goes_to_a_dealer_without_contract(visitor):
    """Makes up dealers without a contract, with one that ran out, and with ones that lack each of the required terms in turn, and
    tries to send each of them a booking. All have to be refused, and the refusal names what is missing. The dealers are gone
    afterwards."""
    visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    terms = required(visitor.world.policy)
    with rehearsal():
        if (whole := sent_to(visitor, made_up_dealer(visitor, terms))).state != LEFT:
            raise CouldNotRun(f"a lead under a complete contract did not leave: {whole.reason}")
        if sent_to(visitor, made_up_dealer(visitor, None)).state == LEFT:
            yield "a lead left without a contract"
        if sent_to(visitor, made_up_dealer(visitor, terms, ends=-YEAR)).state == LEFT:
            yield "a lead left under a contract that ran out"
        for term in sorted(terms):
            lead = sent_to(visitor, made_up_dealer(visitor, terms - {term}))
            if lead.state == LEFT:
                yield "a lead left under a contract that lacks a required term"
            elif lead.reason != Reason.CONTRACT_TERM_MISSING or term not in lead.detail:
                yield "a refusal does not name the term that is missing"


@probe("P-3-6")
def carriers_are_bound_too(visitor):
    """Asks for each kind of email and text what the answer would be if the contract of the company that carries it had run out, or
    lacked a term."""
    booked = visitor.books_a_test_drive(by="email")
    policy, now = visitor.world.policy, visitor.world.now
    message = visitor.messages(use="test-drive-confirmation-email")
    if not message:
        raise CouldNotRun("no email was to be sent")
    facts = message_facts.gather(message[0], booked.drive.contact, now)
    if isinstance(decide(policy, message[0].use, facts, now), Refused):
        raise CouldNotRun("the email would be refused in any case")
    through = policy.recipients[policy.uses[message[0].use].through]
    broken = [replace(through, terms=through.terms - {term}) for term in policy.contracts[through.contract]]
    for carrier in (*broken, replace(through, ends=now - YEAR), replace(through, starts=None)):
        other = replace(policy, recipients=MappingProxyType({**policy.recipients, carrier.code: carrier}))
        visitor.world.look()
        if not isinstance(decide(other, message[0].use, facts, now), Refused):
            yield "an email would leave by a carrier whose contract does not hold"


@probe("P-3-6")
def every_lead_that_left_had_its_contract(world):
    """Judges every booking that was passed on since the last look again, by the contract as it was then."""
    yield from audited(world, "P-3-6")


@mutant("P-3-6", seam="forecourt.consent.contracts.current", finding="a lead left under a contract that ran out")
def contract_is_not_asked_for(current):
    """Whoever it is, a complete contract is taken for granted."""

    def taken_for_granted(recipient, now):
        policy = policies.in_force(now)
        every_term = frozenset().union(*policy.contracts.values())
        return Contract("taken for granted", every_term, now - YEAR, now + YEAR)

    return taken_for_granted


@mutant("P-3-6", seam="forecourt.policy.decide._unfit", finding="a contract that lacks a required term")
def terms_are_not_read(unfit):
    return lambda contract, required, now: unfit(contract, frozenset(), now)


@mutant("P-3-6", seam="forecourt.policy.decide._unfit", finding="a carrier whose contract does not hold")
def carriers_are_trusted(unfit):
    return lambda contract, required, now: unfit(contract, required, now) if "no-sale" not in required else None


# P-3-7


def listed_hosts(policy: Policy) -> set[str]:
    return {host for recipient in policy.recipients.values() for host in recipient.hosts}


@probe("P-3-7")
def data_goes_to_listed_hosts_only(visitor):
    """Books by email and by text, and watches to which machines ours turns while that happens and the messages and leads leave:
    none but those of the two carriers and of the chosen dealer. Compares the servers in our settings with the list as well."""
    policy = visitor.world.policy
    for setting, host in sending_hosts().items():
        visitor.world.look()
        if host not in listed_hosts(policy):
            yield f"{setting} names a host that no recipient has"
    with egress.watched() as hosts:
        booked = [visitor.books_a_test_drive(by="email"), visitor.books_a_test_drive(texts=True)]
        visitor.waits(max(one.reminder_due for one in booked))
        left = len(visitor.leads()) + len(visitor.emails()) + len(visitor.texts())
    if not left:
        raise CouldNotRun("nothing left that could be watched")
    dealers = {urlsplit(one.drive.dealer.lead_endpoint).hostname for one in booked}
    if hosts - listed_hosts(policy) - dealers - {"127.0.0.1", "::1", "localhost"}:
        yield "our software turned to a host that no recipient has"


def sending_hosts() -> dict[str, str]:
    """The servers outside that this machine is set to hand messages to."""
    hosts = {}
    if settings.MAIL_ADAPTER != "fake":
        hosts["FORECOURT_SMTP_HOST"] = settings.SMTP_HOST
    if settings.TEXTS_ADAPTER != "fake":
        hosts["FORECOURT_TWILIO_URL"] = urlsplit(settings.TWILIO_URL).hostname or ""
    return hosts


@probe("P-3-7")
def no_page_calls_anybody_else(visitor):
    """Reads the pages on which people leave something for pictures, scripts, frames and forms of other hosts."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    for page in (
        visitor.sees("/"),
        visitor.sees("/test-drive/"),
        booked.form.page,
        booked.page,
        visitor.sees("/contact/"),
    ):
        visitor.world.look()
        if page.foreign_hosts():
            yield "a page loads something from another host"
        ours = urlsplit(page.address).netloc
        if any(urlsplit(form.action).netloc != ours for form in page.forms()):
            yield "a form goes to another host"


@probe("P-3-7")
def whoever_got_something_was_listed(world):
    """Judges every booking that was passed on since the last look again, from the ledger and by rules written a second time."""
    yield from audited(world, "P-3-7")


@mutant("P-3-7", seam="forecourt.sharing.wire.send", finding="our software turned to a host that no recipient has")
def somebody_else_gets_a_copy(send):
    def send_two(lead, prospect, deadline):
        with contextlib.suppress(OSError):
            socket.getaddrinfo("collector.invalid", 443)
        return send(lead, prospect, deadline)

    return send_two


@mutant("P-3-7", seam="forecourt.interactions.views.render", finding="a page loads something from another host")
def a_page_has_a_beacon(render):
    def render_with_beacon(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = response.content.replace(b"</main>", b'<img src="https://collector.invalid/1.gif"></main>')
        return response

    return render_with_beacon


# P-3C-4


@probe("P-3C-4")
def only_the_chosen_dealer_gets_the_booking(visitor):
    """Books, lets the booking leave, and looks at everything that any dealer's system got: one message, to the dealer that was
    chosen, with what the policy names and no more, and a receipt that lists the dealer, the fields, the time and the permission.
    Then tries to send it to another dealer as well."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    leads = visitor.leads()
    if not leads:
        raise CouldNotRun("the booking did not leave")
    if {item.recipient for item in leads} != {booked.drive.dealer.lead_endpoint}:
        yield "the booking went to a dealer whom nobody chose"
    yield from wrong_with_the_receipt(visitor, leads[0].content)
    with rehearsal():
        other = made_up_dealer(visitor, required(visitor.world.policy))
        if sent_to(visitor, other, chosen=booked.drive.dealer_id).state == LEFT:
            yield "a lead left to a dealer whom the visitor did not choose"


def wrong_with_the_receipt(visitor: Visitor, lead: bytes) -> Iterator[str]:
    permitted = set(visitor.world.policy.uses[LEAD].data)
    receipt = Receipt.objects.filter(lead__contact=visitor.contact("email")).first()
    if receipt is None:
        yield "a lead left without a receipt"
        return
    visitor.world.look(len(receipt.fields))
    told = {"user.name": NAME, "user.contact.email": visitor.email}
    missing = any(text.encode() in lead and field not in receipt.fields for field, text in told.items())
    if missing or not receipt.permit or receipt.recipient != visitor.booked[-1].drive.dealer_id:
        yield "the receipt does not list what left"
    if set(receipt.fields) - permitted:
        yield "the dealer got more than the policy names"


@probe("P-3C-4")
def every_lead_that_left_was_chosen(world):
    """Judges every booking that was passed on since the last look again, from the ledger and by rules written a second time."""
    yield from audited(world, "P-3C-4")


@mutant(
    "P-3C-4", seam="forecourt.sharing.handoff.gather", finding="a lead left to a dealer whom the visitor did not choose"
)
def any_dealer_will_do(gather):
    def gather_loosely(lead, contact, now):
        known = gather(lead, contact, now)
        return replace(known, chosen_recipient=known.recipient)

    return gather_loosely


@mutant("P-3C-4", seam="forecourt.sharing.handoff.settle", finding="a lead left without a receipt")
def receipts_are_lost(settle):
    return lambda lead, state, *, reason="", receipt=None: settle(lead, state, reason=reason)


@mutant("P-3C-4", seam="forecourt.sharing.handoff.settle", finding="the receipt does not list what left")
def receipts_say_too_little(settle):
    def settle_in_part(lead, state, *, reason="", receipt=None):
        if receipt:
            prospect, provider_id = receipt
            receipt = (replace(prospect, fields={"vehicle.interest": ""}), provider_id)
        return settle(lead, state, reason=reason, receipt=receipt)

    return settle_in_part


# P-3F-7


@probe("P-3F-7")
def a_tick_is_not_passed_on(visitor):
    """Books with the box for texts ticked, and reads what the dealer got for any word about texts. Then asks whether what somebody
    allows us could be added to what dealers get."""
    visitor.books_a_test_drive(texts=True)
    visitor.lets_messages_leave()
    leads = visitor.leads()
    if not leads:
        raise CouldNotRun("the booking did not leave")
    if any(SPEAKS_OF_TEXTS.search(lead.content) for lead in leads):
        yield "a dealer was told about texts"
    lead = Lead.objects.filter(contact=visitor.contact()).earliest("requested_at")
    policy, now = visitor.world.policy, visitor.world.now
    facts: Facts = handoff.gather(lead, visitor.contact(), now)
    more = replace(facts, data=facts.data | {"user.privacy_preferences"})
    if not isinstance(decide(policy, LEAD, more, now), Refused):
        yield "what somebody allows us could go to a dealer"
    shares = [use for use in policy.uses.values() if use.action is Action.SHARE]
    visitor.world.look(len(shares))
    if any("user.privacy_preferences" in use.data for use in shares):
        yield "what somebody allows us is among what a dealer gets"


@mutant("P-3F-7", seam="forecourt.sharing.wire.xml", finding="a dealer was told about texts")
def the_lead_says_that_texts_are_fine(xml):
    return lambda lead, prospect: xml(lead, prospect).replace(b"<comments>", b"<comments>Texts are fine. ")
