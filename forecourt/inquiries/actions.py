"""A message to us becomes a case, is answered, and is closed with a reason. Whichever way it came, it is the same afterwards."""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.inquiries import kinds, messages
from forecourt.inquiries.models import Inquiry, Line, Recording
from forecourt.interactions import bays, bindings
from forecourt.interactions.bindings import NOBODY, Caller
from forecourt.people import contacts, subjects, vault
from forecourt.people.addresses import Address
from forecourt.people.models import Contact, Subject

WORDS = "inquiry.words"
ORIGINAL = "inquiry.original"
TYPE = "inquiry"
MOST_OPEN = 5
# What somebody said, and what we said, and how to reach them; then the number, the kind and the dates for as long again.
KEEP_WORDS = timedelta(days=365)
KEEP_CASE = timedelta(days=730)
# Of what somebody took back nothing is left but a number, which is soon of no use.
KEEP_TAKEN_BACK = timedelta(days=30)
ASKED = "Please answer what I asked you."
Way = Case.Channel


class Outcome(models.TextChoices):
    """Why a case was closed, in the words that the person reads."""

    ANSWERED = "answered", "We answered it."
    DONE = "done", "We did what you asked."
    TWICE = "twice", "You told us the same before; the answer stands under that number."
    NOT_OURS = "not-ours", "It is another company’s to answer. We told you which."
    NO_QUESTION = "no-question", "There was nothing in it that we could answer."
    NO_WAY_BACK = "no-way-back", "What you gave us to reach you by did not work. Write again, and we go on."
    WITHDRAWN = "withdrawn", "You took it back."
    CHILD_ERASED = (
        "child-erased",
        "We erased everything that we had of the child, and asked whoever got something of it to do the same.",
    )
    NO_CHILD = "no-child", "We looked into it: it is no child’s. It is as it was before."
    ERASED = "erased", "We erased everything that we had of you, this message too."


UNCHOSEN = (Outcome.WITHDRAWN, Outcome.ERASED, Outcome.CHILD_ERASED, Outcome.NO_CHILD)
# What staff can choose; the others follow from what was done.
CHOOSABLE = tuple(one for one in Outcome if one not in UNCHOSEN)


@dataclass(frozen=True, slots=True)
class Said:
    """What reached us, read and checked. `by` is the member of staff who wrote it down; nobody where it came by itself.
    `acknowledge` sends the number back by email, where there is an address for it."""

    words: str
    way: Case.Channel
    nonce: uuid.UUID
    received_at: datetime
    address: Address | None = None
    kind: Case.Kind = Case.Kind.QUESTION
    topic: str = ""
    site: str = Inquiry.Site.THIS
    original: bytes = b""
    by: object | None = None
    acknowledge: bool = False


class TooMany(Exception):
    """Enough is open from that address. The sentence is for the page."""


class FormSpent(Exception):
    """This form sent something else before."""


class NotNow(Exception):
    """The sentence says what stands in the way."""


def take(said: Said, now: datetime, caller: Caller = NOBODY) -> Inquiry:
    """The inquiry that this form, letter or email became, however often it comes."""
    try:
        return taken_as(said) or _take(said, now, caller)
    except IntegrityError as error:
        if bays.breaks(error, "nonce"):
            return take(said, now, caller)
        raise
    except contacts.Erased:
        # Whoever this was is gone since a moment; the same address is somebody new.
        return take(said, now, caller)


def taken_as(said: Said) -> Inquiry | None:
    """FormSpent where other words came with it, so that nothing which somebody wrote is lost."""
    found = Inquiry.objects.select_related("case", "contact").filter(nonce=said.nonce).first()
    if found is None:
        return None
    same_contact = (contacts.find(said.address) if said.address else None) == found.contact
    first = found.lines.filter(ours=False).order_by("at", "pk").first()
    if not same_contact or (first and found.submission_id and open_line(found, first) != said.words):
        raise FormSpent
    return found


@transaction.atomic
def _take(said: Said, now: datetime, caller: Caller) -> Inquiry:
    version = policies.in_force(now).version
    contact_id, submission_id = subjects.new_ids(2)
    contact, browser = None, None
    if said.address:
        contact = contacts.find_or_add(
            said.address, source=SOURCES[said.way], notice=version, now=now, new_id=contact_id
        )
        browser = bindings.lock(contact, caller)
        check_open(contact, said)
    inquiry = Inquiry.objects.create(
        case=cases.open_case(
            said.kind,
            came_by=said.way,
            contact=contact.pk if contact else None,
            by=said.by,
            now=said.received_at,
        ),
        contact=contact,
        submission=subjects.add(Subject.Kind.SUBMISSION, now, subject_id=submission_id),
        topic=said.topic,
        site=said.site,
        proposed=kinds.proposed(said.words) if said.kind == Case.Kind.QUESTION else "",
        nonce=said.nonce,
        token_digest=digest(token_of(said.nonce)),
        notice=version,
        entered_at=now,
    )
    add_line(inquiry, said.words, said.way, said.received_at, original=said.original)
    if contact:
        bindings.bind(contact, browser, caller, inquiry.interaction, now)
        note_asked(inquiry, contact, said.way, now)
        if said.acknowledge:
            messages.received_later(inquiry, token_of(said.nonce), now)
    return inquiry


SOURCES = {Way.WEB: "contact form", Way.EMAIL: "email", Way.PHONE: "phone", Way.LETTER: "letter"}
METHODS = {Way.WEB: "form", Way.EMAIL: "email", Way.PHONE: "phone", Way.LETTER: "letter"}


@transaction.atomic
def go_on(inquiry: Inquiry, said: Said, now: datetime) -> Inquiry:
    """They wrote again about the same: it joins what is open, and the clock keeps its day."""
    locked = lock(inquiry)
    if Line.objects.filter(pk=said.nonce).exists():
        return locked
    add_line(locked, said.words, said.way, now, original=said.original, line_id=said.nonce)
    if locked.case.kind == Case.Kind.QUESTION and (proposed := kinds.proposed(said.words)):
        locked.proposed = proposed
        locked.save(update_fields=["proposed"])
    return locked


def check_open(contact: Contact, said: Said) -> None:
    """For the form alone: whoever types an address need not own it. Call it under the contact's lock."""
    if said.way != Way.WEB or said.by:
        return
    waiting = Inquiry.objects.filter(contact=contact, case__closed_at=None, case__came_by=Way.WEB)
    if waiting.count() >= MOST_OPEN:
        raise TooMany(
            f"{MOST_OPEN} messages from that address wait for an answer, which is as many as we take at once. Leave the address "
            "out and the answer waits on a page of your own, or call us."
        )


def note_asked(inquiry: Inquiry, contact: Contact, way: Case.Channel, now: datetime) -> None:
    """Asking is what an answer by email rests on."""
    ledger.record(
        contact.pk,
        Verb.ASKED,
        Channel.EMAIL,
        inquiry.interaction,
        method=METHODS[way],
        interaction=inquiry.interaction,
        wording=wordings.keep(ASKED, now),
        now=now,
        policy_version=policies.in_force(now).version,
    )


# Words


def add_line(
    inquiry: Inquiry,
    words: str,
    way: Case.Channel,
    at: datetime,
    *,
    by: str = "",
    original: bytes = b"",
    line_id: uuid.UUID | None = None,
) -> Line:
    subject, line_id = key_of(inquiry), line_id or uuid.uuid4()
    return Line.objects.create(
        id=line_id,
        inquiry=inquiry,
        ours=bool(by),
        way=way,
        sealed=vault.seal_text(subject, WORDS, line_id, words),
        original=vault.seal_bytes(subject, ORIGINAL, line_id, original) if original else None,
        by=by,
        at=at,
    )


def open_line(inquiry: Inquiry, line: Line) -> str:
    return vault.open_text(key_of(inquiry), WORDS, line.pk, line.sealed)


def key_of(inquiry: Inquiry) -> uuid.UUID:
    if inquiry.submission_id is None:
        raise vault.NotHeld(f"the words of inquiry {inquiry.pk} were destroyed")
    return inquiry.submission_id


# Its own page


def token_of(nonce: uuid.UUID) -> str:
    """It follows from the form, so that pressing twice leads to the same page, and nothing readable is kept."""
    return base64.urlsafe_b64encode(vault.blind_index("inquiry", nonce.hex)[:18]).decode()


def page_of(inquiry: Inquiry) -> str:
    return reverse("inquiries:message", args=[token_of(inquiry.nonce)])


def keys_of(contact: Contact) -> list[uuid.UUID]:
    """Under which their words lie, as far as those are still there."""
    mine = Inquiry.objects.filter(contact=contact, submission__isnull=False)
    return list(mine.values_list("submission", flat=True))


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def by_token(token: str) -> Inquiry | None:
    return Inquiry.objects.select_related("case", "contact").filter(token_digest=digest(token)).first()


def by_reference(reference: str) -> Inquiry | None:
    return (
        Inquiry.objects.select_related("case", "case__opened_by", "contact").filter(case__reference=reference).first()
    )


# Answering and closing


@transaction.atomic
def answer(inquiry: Inquiry, words: str, way: Case.Channel, now: datetime, *, by: str) -> Line:
    """Stands on the inquiry's own page in any case; by email it leaves as well, if the policy allows it then."""
    locked = lock(inquiry)
    if way == Way.EMAIL and (locked.contact is None or locked.contact.kind != Contact.Kind.EMAIL):
        raise NotNow("They left no email address. Answer on their page, or by phone or letter.")
    line = add_line(locked, words, way, now, by=by)
    if way == Way.EMAIL:
        messages.answer_later(locked, token_of(locked.nonce), words, now)
    return line


@transaction.atomic
def close(inquiry: Inquiry, outcome: Outcome, now: datetime) -> Inquiry:
    locked = lock(inquiry)
    if outcome is Outcome.ANSWERED and not locked.lines.filter(ours=True).exists():
        raise NotNow("Nothing was answered yet. Write down what you answered, however it went out.")
    finish(locked, outcome, now)
    return locked


def finish(inquiry: Inquiry, outcome: Outcome, now: datetime) -> None:
    """With the case, whatever was recorded of a call is over."""
    cases.close_case(inquiry.case, outcome, now)
    Recording.objects.filter(case=inquiry.case, started_at__isnull=False, stopped_at=None).update(stopped_at=now)


@transaction.atomic
def withdraw(inquiry: Inquiry, now: datetime) -> Inquiry:
    """Whoever sent it takes it back: the words are destroyed at once."""
    locked = lock(inquiry)
    finish(locked, Outcome.WITHDRAWN, now)
    destroy_words(locked)
    return locked


@transaction.atomic
def decide_kind(inquiry: Inquiry, kind: Case.Kind) -> Inquiry:
    """What a person read in it. The clock keeps running from the day that it reached us."""
    locked = lock(inquiry)
    locked.case.kind, locked.proposed = kind, ""
    locked.case.save(update_fields=["kind"])
    locked.save(update_fields=["proposed"])
    return locked


@transaction.atomic
def decide_site(inquiry: Inquiry, site: Inquiry.Site) -> Inquiry:
    locked = lock(inquiry)
    locked.site = site
    locked.save(update_fields=["site"])
    return locked


def lock(inquiry: Inquiry) -> Inquiry:
    """Open, and held to the end of the transaction."""
    held = Inquiry.objects.select_for_update(of=("self",), no_key=True).select_related("case", "contact")
    found = held.get(pk=inquiry.pk)
    if not found.is_open:
        raise NotNow("It was closed a moment before. What was answered then stands.")
    return found


# Forgetting


def forget_words(now: datetime) -> int:
    """What was said goes on its day, and with it how to reach them; the number, its kind and its dates stay."""
    old = Inquiry.objects.filter(submission__isnull=False, case__closed_at__lte=now - KEEP_WORDS)
    return sum(_forget(inquiry) for inquiry in old.select_related("case"))


@transaction.atomic
def _forget(inquiry: Inquiry) -> bool:
    inquiry.contact = None
    inquiry.save(update_fields=["contact"])
    Case.objects.filter(pk=inquiry.case_id).update(contact=None)
    destroy_words(inquiry)
    return True


@transaction.atomic
def forget_past(now: datetime) -> int:
    """The last of it: the case with its number and dates."""
    over = Q(case__closed_at__lte=now - KEEP_CASE)
    over |= Q(case__outcome=Outcome.WITHDRAWN, case__closed_at__lte=now - KEEP_TAKEN_BACK)
    old = list(Inquiry.objects.filter(over, submission=None))
    Inquiry.objects.filter(pk__in=[one.pk for one in old]).delete()
    Case.objects.filter(pk__in=[one.case_id for one in old]).delete()
    return len(old)


def destroy_words(inquiry: Inquiry) -> None:
    """The key first: whatever happens to the rows, nobody reads them any more."""
    subject_id, inquiry.submission = inquiry.submission_id, None
    inquiry.save(update_fields=["submission"])
    inquiry.lines.all().delete()
    if subject_id:
        subjects.erase(subject_id)
