"""Claims: made by a form, looked at for an open case, answered once. With the answer, all that was shown is destroyed.

The keys go as the last act of the answer's transaction. Should that fail to commit, the claim is undecided and its document
unreadable, which is the harmless way round: it can be asked for again, and what was promised gone is gone.
"""

import base64
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent import policies, reading
from forecourt.interactions import bays, bindings
from forecourt.interactions.bindings import NOBODY, Caller
from forecourt.people import contacts, subjects, vault
from forecourt.people.addresses import Address
from forecourt.people.models import Subject
from forecourt.policy.policy import Age
from forecourt.programs.documents import Shown
from forecourt.programs.models import Claim, Document
from forecourt.programs.pack import Kind, Program, of_kind

NAME = "user.name"
# Which use asks, which one reads, what the answers are, and what the document is. Military and diplomatic claims share none.
ASKS = {
    Kind.MILITARY: "military-claim",
    Kind.DIPLOMATIC: "diplomatic-claim",
    Kind.MOBILITY: "mobility-claim",
    Kind.PROTECTION: "protection-question",
}
READS = {
    Kind.MILITARY: "military-claim-read",
    Kind.DIPLOMATIC: "diplomatic-claim-read",
    Kind.MOBILITY: "mobility-claim-read",
    Kind.PROTECTION: "protection-question-read",
}
CHOSEN = {
    Kind.MILITARY: "user.job_title",
    Kind.DIPLOMATIC: "user.workplace",
    Kind.MOBILITY: "user.health_and_medical",
    Kind.PROTECTION: "vehicle.interest",
}
AMOUNT = "user.payment"
STREET = "user.contact.address"
DOCUMENTS = {
    Kind.MILITARY: "user.government_id",
    Kind.DIPLOMATIC: "user.government_id",
    Kind.MOBILITY: "user.health_and_medical",
}
FILE = "program.document"
FORM = "program form"
MOST_OPEN = 3
# So that whoever decides sees the claim on the list of what is overdue while there is still time.
BEFORE = timedelta(days=4)
Answer = Claim.Answer


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody sent, read and checked. `answers` by the vault's fields; `nonce` is the form's own: one nonce, one claim."""

    program: Program
    address: Address
    answers: Mapping[str, str]
    shown: Shown | None
    nonce: uuid.UUID


class TooYoung(Exception):
    """The browser was told an age below 13."""


class TooMany(Exception):
    """Enough is open from that address. The sentence is for the page."""


class FormSpent(Exception):
    """This form sent another claim before."""


class AlreadyAnswered(Exception):
    """Somebody decided, time ran out, or it was taken back."""


def make(wish: Wish, now: datetime, caller: Caller = NOBODY) -> Claim:
    """The claim that this form made, however often it is sent."""
    if caller.choices.age is Age.CHILD:
        raise TooYoung
    try:
        return made_with(wish) or _make(wish, now, caller)
    except contacts.Erased:
        return make(wish, now, caller)
    except IntegrityError as error:
        # The same form, sent at once with two addresses: whoever came first has made it.
        if bays.breaks(error, "nonce"):
            return make(wish, now, caller)
        raise


def made_with(wish: Wish) -> Claim | None:
    claim = Claim.objects.select_related("case", "contact").filter(nonce=wish.nonce).first()
    if claim and (claim.program != wish.program.kind or contacts.find(wish.address) != claim.contact):
        raise FormSpent
    return claim


@transaction.atomic
def _make(wish: Wish, now: datetime, caller: Caller) -> Claim:
    version = policies.in_force(now).version
    contact_id, submission_id, document_id = subjects.new_ids(3)
    contact = contacts.find_or_add(wish.address, source=FORM, notice=version, now=now, new_id=contact_id)
    browser = bindings.lock(contact, caller)
    if claim := made_with(wish):  # the same form got in while this one waited
        return claim
    if Claim.objects.filter(contact=contact, answer="").count() >= MOST_OPEN:
        raise TooMany(
            f"{MOST_OPEN} claims from that address are waiting for an answer, which is as many as we take at once. Send this one "
            "when we have answered, or call us."
        )
    submission = subjects.add(Subject.Kind.SUBMISSION, now, subject_id=submission_id)
    for field, value in wish.answers.items():
        vault.seal(submission.pk, field, value, source=FORM, notice=version, now=now)
    discard_at = now + wish.program.terms.decide
    claim = Claim.objects.create(
        program=wish.program.kind,
        case=cases.open_case(
            Case.Kind.CLAIM,
            came_by=Case.Channel.WEB,
            contact=contact.pk,
            by=None,
            now=now,
            due=max(now, discard_at - BEFORE),
        ),
        contact=contact,
        submission=submission,
        nonce=wish.nonce,
        token_digest=digest(token_of(wish.nonce)),
        notice=version,
        made_at=now,
        discard_at=discard_at,
    )
    if wish.shown:
        keep_document(claim, wish.shown, document_id, now)
    bindings.bind(contact, browser, caller, f"interaction:{claim.pk}", now)
    return claim


def keep_document(claim: Claim, shown: Shown, document_id: uuid.UUID, now: datetime) -> Document:
    subject = subjects.add(Subject.Kind.DOCUMENT, now, subject_id=document_id)
    sealed = vault.seal_bytes(subject.pk, FILE, claim.pk, shown.content)
    return Document.objects.create(subject=subject, claim=claim, kind=shown.kind, sealed=sealed)


# The claim's own address follows from its form, so that pressing twice leads to the same page, and nothing readable is kept.


def token_of(nonce: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(vault.blind_index("claim", nonce.hex)[:18]).decode()


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def claim_by(token: str) -> Claim | None:
    return Claim.objects.select_related("case").filter(token_digest=digest(token)).first()


# Looking


def look(claim: Claim, now: datetime, *, who: str) -> dict[str, str]:
    """The address and what the form said, by the vault's fields, for whoever works on its open case; logged. MayNotRead else."""
    kind = Kind(claim.program)
    use, case = READS[kind], open_case(claim, who)
    fields = [NAME, CHOSEN[kind], *([AMOUNT, STREET] if kind is Kind.MOBILITY else [])]
    told = read(claim, use, fields, now, who=who)
    address = contacts.FIELDS[claim.contact.kind]
    return told | reading.open_fields(
        claim.contact, claim.contact_id, use, [address], now, who=who, interaction_type=kind, case=case
    )


def read(claim: Claim, use: str, fields: list[str], now: datetime, *, who: str) -> dict[str, str]:
    """Whatever the form said, for a use that may read it. Every other use is refused, and that is kept."""
    reading.must(
        claim.contact, use, fields, now, who=who, interaction_type=claim.program, case=(case := open_case(claim, who))
    )
    if claim.submission_id is None:
        return {}
    return vault.open_fields(claim.submission_id, fields, purpose=use, who=who, case=case, now=now)


def look_at_document(claim: Claim, now: datetime, *, who: str) -> Shown | None:
    """None where there is none, or no more."""
    kind = Kind(claim.program)
    use, case, data = READS[kind], open_case(claim, who), [DOCUMENTS.get(kind, "user.content.private")]
    reading.must(claim.contact, use, data, now, who=who, interaction_type=kind, case=case)
    document = Document.objects.filter(claim=claim).first()
    if document is None or subjects.is_erased(document.pk):
        return None
    vault.log_opening(document.pk, [FILE], purpose=use, who=who, case=case, now=now)
    return Shown(document.kind, vault.open_bytes(document.pk, FILE, claim.pk, document.sealed))


def kind_of_document(claim: Claim) -> str:
    """What would be shown, without opening it; empty where there is none, or no more."""
    return Document.objects.filter(claim=claim).values_list("kind", flat=True).first() or ""


def open_case(claim: Claim, who: str) -> str:
    """Its case's number while it is open and in these hands."""
    return claim.case.reference if cases.is_open_for(claim.case.reference, claim.contact_id, who) else ""


# Answering


def answer(claim: Claim, yes: bool, now: datetime) -> Claim:
    """A member of staff decides, once. Where the brand has dropped the program since, nothing is left to hold."""
    program = of_kind(claim.program)
    keep = program.terms.keep if program else timedelta()
    return _settle(claim.pk, Answer.YES if yes else Answer.NO, now, now + keep)


def withdraw(claim: Claim, now: datetime) -> Claim:
    """Whoever made it takes it back."""
    return _settle(claim.pk, Answer.WITHDRAWN, now, now + timedelta(days=1))


def discard_overdue(now: datetime) -> int:
    """What nobody decided by its day is destroyed all the same."""
    late = list(Claim.objects.filter(answer="", discard_at__lte=now).values_list("pk", flat=True))
    return sum(_discard(claim_id, now) for claim_id in late)


def _discard(claim_id: uuid.UUID, now: datetime) -> bool:
    try:
        _settle(claim_id, Answer.LATE, now, now + timedelta(days=30))
    except AlreadyAnswered:
        return False
    return True


def forget_past(now: datetime) -> int:
    """Answers whose last day is over."""
    deleted, _ = Claim.objects.exclude(answer="").filter(holds_until__lte=now).delete()
    return deleted


@transaction.atomic
def _settle(claim_id: uuid.UUID, what: Answer, now: datetime, until: datetime) -> Claim:
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).select_related("case").get(pk=claim_id)
    if claim.answer:
        raise AlreadyAnswered
    sealed = [claim.submission_id, *Document.objects.filter(claim=claim).values_list("pk", flat=True)]
    claim.submission, claim.answer, claim.answered_at, claim.holds_until = None, what, now, until
    claim.save(update_fields=["submission", "answer", "answered_at", "holds_until"])
    cases.close_case(claim.case, what.label.lower(), now)
    destroy(sealed)
    return claim


def destroy(subject_ids: list[uuid.UUID | None]) -> None:
    """Keys first, then the rows that nobody can read any more."""
    for subject_id in filter(None, subject_ids):
        subjects.erase(subject_id)


def open_claims() -> QuerySet[Claim]:
    """The first to be destroyed first."""
    return Claim.objects.filter(answer="").select_related("case", "contact").order_by("discard_at")
