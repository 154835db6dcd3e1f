"""Requests for credit: handed on to the one lender, as the visitor directs, under a purpose of their own. Nothing is decided here.

The figures lie apart (sharing.figures), leave once by the door, and are destroyed; a receipt says what left.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from forecourt.cases.actions import new_reference
from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.interactions import bays, bindings, notices
from forecourt.interactions.bindings import NOBODY, Caller
from forecourt.people import contacts, subjects, vault
from forecourt.people.addresses import Address
from forecourt.people.models import Subject
from forecourt.policy import law
from forecourt.policy.policy import Age, Recipient
from forecourt.programs.claims import NAME, FormSpent, TooMany, TooYoung, digest, token_of
from forecourt.programs.models import CreditRequest
from forecourt.programs.pack import Notice, Program
from forecourt.sharing import figures, outbox, recipients
from forecourt.vehicles.catalogue import Line

ASK = "credit-request"
SEND = "credit-request-lead"
TYPE = "credit"
WISH = "Asks what credit for this car would cost"
FORM = "credit form"
MOST_A_DAY = 2
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody sent, read and checked. One nonce, one request."""

    program: Program
    car: Line
    amount: Decimal
    months: int
    name: str
    address: Address
    nonce: uuid.UUID


def lender(now: datetime) -> Recipient:
    policy = policies.in_force(now)
    use = policies.find_use(SEND, now)
    if use is None:
        raise LookupError(f"The policy has no use {SEND}; add it to uses.toml.")
    return policy.recipients[use.to]


def notice(program: Program, now: datetime) -> Notice:
    """The whole of what stands before the form: the notice about financial data and, once the law wants it, about software
    that decides on loans."""
    told_of_software = law.value("automated_decision_notice", now) == "wanted"
    return program.notice + (program.automated if told_of_software else ())


def ask(wish: Wish, now: datetime, caller: Caller = NOBODY) -> CreditRequest:
    """The request that this form made, however often it is sent."""
    if caller.choices.age is Age.CHILD:
        raise TooYoung
    try:
        return asked_with(wish) or _ask(wish, now, caller)
    except contacts.Erased:
        return ask(wish, now, caller)
    except IntegrityError as error:
        if bays.breaks(error, "nonce"):  # the same form, sent at once with two addresses
            return ask(wish, now, caller)
        raise


def asked_with(wish: Wish) -> CreditRequest | None:
    made = CreditRequest.objects.select_related("lead").filter(nonce=wish.nonce).first()
    if made and contacts.find(wish.address) != made.contact:
        raise FormSpent
    return made


@transaction.atomic
def _ask(wish: Wish, now: datetime, caller: Caller) -> CreditRequest:
    version = policies.in_force(now).version
    contact_id, submission_id, figures_id = subjects.new_ids(3)
    contact = contacts.find_or_add(wish.address, source=FORM, notice=version, now=now, new_id=contact_id)
    browser = bindings.lock(contact, caller)
    if made := asked_with(wish):  # the same form got in while this one waited
        return made
    if CreditRequest.objects.filter(contact=contact, made_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise TooMany(f"{MOST_A_DAY} requests a day are as many as we hand on for one address. Ask again tomorrow.")
    submission = subjects.add(Subject.Kind.SUBMISSION, now, subject_id=submission_id)
    vault.seal(submission.pk, NAME, wish.name, source=FORM, notice=version, now=now)
    request_id, to = uuid.uuid4(), recipients.of_policy(lender(now).code, now)
    interaction = f"interaction:{request_id}"
    lead = outbox.queue_lead(
        SEND,
        contact,
        submission,
        recipient=to.code,
        chosen=to.code,
        interaction=interaction,
        interaction_type=TYPE,
        model_year=wish.car.year,
        model_name=wish.car.name,
        wish=WISH,
        now=now,
        expires=now + wish.program.terms.decide,
    )
    figures.keep(lead, f"{wish.amount:.2f}/{wish.months}", figures_id, now)
    ledger.record(
        contact.pk,
        Verb.ASKED,
        Channel.ALL,
        interaction,
        method="form",
        interaction=interaction,
        wording=wordings.keep(notices.as_text(notice(wish.program, now)), now),
        now=now,
        policy_version=version,
    )
    made = CreditRequest.objects.create(
        id=request_id,
        reference=new_reference(),
        contact=contact,
        submission=submission,
        lead=lead,
        nonce=wish.nonce,
        token_digest=digest(token_of(wish.nonce)),
        made_at=now,
        forget_at=now + wish.program.terms.keep,
    )
    bindings.bind(contact, browser, caller, interaction, now)
    return made


def request_by(token: str) -> CreditRequest | None:
    return CreditRequest.objects.select_related("lead__recipient").filter(token_digest=digest(token)).first()


@transaction.atomic
def withdraw(request: CreditRequest, now: datetime) -> None:
    """What did not leave yet never will; a lender that has it is told. Twice is once."""
    contacts.lock(request.contact_id)
    request.refresh_from_db()
    if request.withdrawn_at:
        return
    request.withdrawn_at = now
    request.save(update_fields=["withdrawn_at"])
    if request.lead.state in outbox.UNSENT:
        figures.destroy(request.lead)
    outbox.end(request.interaction, WISH, now, expires=request.forget_at)


def forget_past(now: datetime) -> int:
    """Name and request go on their day; what left keeps its receipt."""
    past = list(CreditRequest.objects.filter(forget_at__lte=now).select_related("lead"))
    for request in past:
        figures.destroy(request.lead)
        subjects.silence(request.submission_id)
        request.delete()
    return len(past)
