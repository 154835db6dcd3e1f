"""To correct: the new words take the place of the old ones everywhere with us, and go to everybody who got the old ones from us.

What it said before is kept as a keyed digest alone, so that an old list cannot bring it back. A new address counts once a code came
back from it; see moves.py.
"""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from forecourt.adapters.queue import enqueue
from forecourt.cases.models import Case
from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.people import contacts, vault
from forecourt.people.models import Contact, Sealed
from forecourt.policy.policy import Kind
from forecourt.requests import actions
from forecourt.requests.archive.reach import Person
from forecourt.requests.models import Correction, Pass, Request
from forecourt.sharing import outbox
from forecourt.sharing.models import Lead, Outgoing, Receipt

NAME, POSTAL = "user.name", "user.contact.address.postal_code"
FIELDS = (NAME, POSTAL)
SOURCE = "correction"
PURPOSE = "answer-request"
WORDS = "Give whoever got the old words from you the new ones."
CORRECT = "forecourt.requests.jobs.correct"
USES = {Kind.DEALER: "correction-dealer", Kind.LENDER: "correction-lender"}
AGAIN = timedelta(days=1)
State = Outgoing.State


def held(contact_id: uuid.UUID, now: datetime) -> dict[str, str]:
    """What we have of these fields, the newest of each, whichever form it came with."""
    newest = Sealed.objects.filter(subject__in=Person(contact_id).subjects, field__in=FIELDS).order_by("field", "-at")
    found: dict[str, str] = {}
    for row in newest.distinct("field"):
        found |= vault.open_fields(row.subject_id, [row.field], purpose=PURPOSE, who="visitor", now=now)
    return found


def fields_of(contact_id: uuid.UUID) -> set[str]:
    """Which of these fields we have, without opening any."""
    kept = Sealed.objects.filter(subject__in=Person(contact_id).subjects, field__in=FIELDS)
    return set(kept.values_list("field", flat=True))


@transaction.atomic
def ask(
    contact_id: uuid.UUID,
    said: Mapping[str, str],
    received: datetime,
    now: datetime,
    *,
    waits: bool,
    came_by: Case.Channel = Case.Channel.WEB,
) -> Request:
    """`waits` where a new address has still to show that it is theirs."""
    request = change(contact_id, said, received, now, came_by=came_by)
    if not waits:
        enqueue(CORRECT, "people", case_id=str(request.pk))
    return request


@transaction.atomic
def change(
    contact_id: uuid.UUID,
    said: Mapping[str, str],
    received: datetime,
    now: datetime,
    *,
    came_by: Case.Channel = Case.Channel.WEB,
) -> Request:
    """`said` by the vault's fields. What says the same already changes nothing."""
    request = actions.open_request(Request.Kind.CORRECT, contact_id, received, now, came_by=came_by)
    contact = contacts.lock(contact_id)
    for field, text in said.items():
        if away := replace(contact_id, field, text, now):
            leads = pass_on(contact, field, now)
            Correction.objects.create(
                request=request, contact=contact_id, field=field, away=away, leads=leads, at=now, done_at=now
            )
    return request


def replace(contact_id: uuid.UUID, field: str, text: str, now: datetime) -> list[bytes]:
    """In every form that it came with. The digests of what it said before; the old words themselves go."""
    away, notice = set(), policies.in_force(now).version
    rows = Sealed.objects.filter(subject__in=Person(contact_id).subjects, field=field)
    for subject_id in set(rows.values_list("subject", flat=True)):
        old = {vault.open_text(subject_id, field, row.pk, row.value): row.pk for row in rows.filter(subject=subject_id)}
        if set(old) == {text}:
            continue
        away |= {digest(field, words) for words in old if words != text}
        vault.seal(subject_id, field, text, source=SOURCE, notice=notice, now=now)
        rows.filter(pk__in=old.values()).delete()
    return sorted(away)


def digest(field: str, text: str) -> bytes:
    """Of two spellings that differ in case and spaces alone it is the same."""
    return vault.blind_index("corrected", f"{field}:{' '.join(text.split()).casefold()}")


def pass_on(contact: Contact, field: str, now: datetime) -> list[uuid.UUID]:
    """To each dealer and lender who got this field: the same kind of lead, whose words are opened as it leaves, and so are new."""
    got = Receipt.objects.filter(lead__contact=contact.pk, fields__contains=[field]).select_related("lead__recipient")
    newest: dict[str, Lead] = {}
    for receipt in got.order_by("at"):
        if receipt.lead is not None:
            newest[receipt.recipient] = receipt.lead
    return [tell(contact, lead, now).pk for _, lead in sorted(newest.items())]


def tell(contact: Contact, got: Lead, now: datetime) -> Lead:
    """Asked for by the person this minute, so that nothing they refused before stands in its way."""
    interaction = f"interaction:{uuid.uuid4()}"
    ledger.record(
        contact.pk,
        Verb.ASKED,
        Channel.ALL,
        interaction,
        method="request",
        interaction=interaction,
        wording=wordings.keep(WORDS, now),
        now=now,
        policy_version=policies.in_force(now).version,
    )
    return outbox.queue_lead(
        USES[Kind(got.recipient.kind)],
        contact,
        got.submission,
        recipient=got.recipient_id,
        chosen=got.recipient_id,
        interaction=interaction,
        interaction_type="",
        model_year=got.model_year,
        model_name=got.model_name,
        wish=f"Corrected by the person. Takes the place of what {got.pk} said.",
        now=now,
    )


def told(request: Request) -> list[Lead]:
    """Everybody who is to have the new words, with receipts where they have them."""
    ids = [one for correction in request.corrections.all() for one in correction.leads]
    return list(Lead.objects.filter(pk__in=ids).select_related("recipient", "receipt").order_by("recipient__name"))


def carry_on(request: Request, now: datetime) -> bool:
    """Answered once everybody has acknowledged it; who did not is told again each day."""
    proving = Pass.objects.filter(case=request.pk, kind=Pass.Kind.MOVE, expires_at__gt=now).exists()
    if not request.is_open or proving or request.corrections.filter(done_at=None).exists():
        return False
    if not request.corrections.exists():
        return actions.answer(request, Request.Answer.UNPROVEN, now)
    missing = [lead for lead in told(request) if lead.state != State.LEFT]
    for lead in missing:
        say_again(lead, now)
    return not missing and actions.answer(request, Request.Answer.CORRECTED, now)


def say_again(lead: Lead, now: datetime) -> None:
    over = Lead.objects.filter(pk=lead.pk, state__in=[State.FAILED, State.UNKNOWN, State.REFUSED], due__lte=now - AGAIN)
    if over.update(state=State.QUEUED, due=now, attempts=0):
        enqueue(outbox.DELIVER, "sharing", lead_id=str(lead.pk))


def undoes(contact_id: uuid.UUID, said: Mapping[str, str], dated: datetime) -> bool:
    """Whether a list would bring back what was corrected: it is older than the correction, or says what was corrected away."""
    since = Correction.objects.filter(contact=contact_id, field__in=said).filter(at__gte=dated)
    return since.exists() or any(was_away(contact_id, field, text) for field, text in said.items())


def was_away(contact_id: uuid.UUID, field: str, text: str) -> bool:
    return Correction.objects.filter(contact=contact_id, field=field, away__contains=[digest(field, text)]).exists()


def address_was_away(indexes: Collection[bytes]) -> bool:
    """Whether somebody had this address corrected away: no list brings it back under any name."""
    return Correction.objects.filter(Q(field__in=contacts.FIELDS.values()), away__overlap=list(indexes)).exists()
