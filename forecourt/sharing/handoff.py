"""Everything that is shared with somebody outside leaves through here: two short transactions with a lease between them.

A recipient without a complete, current contract gets nothing; what is for it waits, saying which term is missing, and
leaves once when the contract is renewed. The receipt lists the fields, the time, the permit and the acknowledgement.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.db import transaction

from forecourt.adapters import clock
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.consent import leases, permits, policies
from forecourt.people import contacts, vault
from forecourt.policy.decide import Refused, decide
from forecourt.sharing import wire
from forecourt.sharing.facts import gather
from forecourt.sharing.fields import categories
from forecourt.sharing.models import Lead, Outgoing, Receipt, Share

PAUSE = timedelta(minutes=5)  # until what waits for a contract or an opened use asks again
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))

State = Outgoing.State
UNSENT = (State.QUEUED, State.WAITING)
Row = TypeVar("Row", Lead, Share)


@dataclass(frozen=True, slots=True)
class Handing(Generic[Row]):
    row: Row
    parcel: wire.Parcel
    deadline: float


def deliver(lead_id: uuid.UUID, now: datetime | None = None) -> Lead:
    """Hand one lead to its recipient if the policy allows it now; returns the lead as it stands after."""
    return _deliver(Lead, lead_id, now or clock.now())


def deliver_share(share_id: uuid.UUID, now: datetime | None = None) -> Share:
    """The same for word to a partner."""
    return _deliver(Share, share_id, now or clock.now())


def _deliver(model: type[Row], row_id: uuid.UUID, now: datetime) -> Row:
    handing = hand(model, row_id, now)
    if not isinstance(handing, Handing):
        return handing
    leases.let_go()
    try:
        provider_id = wire.send(handing.row, handing.parcel, handing.deadline)
    except NotSent as failure:
        return try_again(handing.row, str(failure))
    except Rejected as failure:
        return settle(handing.row, State.FAILED, reason=f"rejected {failure}")
    except Unknown:
        return settle(handing.row, State.UNKNOWN, reason="no answer")
    return settle(handing.row, State.LEFT, receipt=(handing.parcel, provider_id))


@transaction.atomic
def hand(model: type[Row], row_id: uuid.UUID, now: datetime) -> Handing[Row] | Row:
    """The first transaction: lock, decide, and either refuse, wait, or take the lease."""
    contact = contacts.lock_by(**{model.NAME: row_id})
    row = model.objects.select_related("recipient").get(pk=row_id)
    if row.state not in UNSENT or row.due > now:
        return row
    if model.objects.filter(contact=contact, recipient=row.recipient, state=State.HANDING).exists():
        # What takes something back must not overtake it: one thing at a time about one contact to one recipient.
        model.objects.filter(pk=row_id).update(due=now + timedelta(seconds=leases.SECONDS))
        return model.objects.get(pk=row_id)
    facts = gather(row, contact, now)
    decision = decide(policies.in_force(now), row.use, facts, now)
    if isinstance(decision, Refused):
        return refuse(row, decision, now)
    try:
        parcel = wire.open_parcel(row, contact, now)
    except vault.NotForThis as no:
        row.state, row.reason = State.REFUSED, no.reason
        row.save(update_fields=["state", "reason"])
        return row
    except LookupError:
        # Erased while it waited: there is nobody to tell of.
        row.state, row.reason = State.FAILED, "no address"
        row.save(update_fields=["state", "reason"])
        return row
    row.state, row.permit = State.HANDING, permits.grant(contact, decision, facts, now)
    return Handing(row, parcel, leases.take(model.TABLE, row.pk, row.permit))


def refuse(row: Row, refused: Refused, now: datetime) -> Row:
    """What may change by itself waits for that until it expires; any other refusal is for good."""
    again = now + PAUSE
    waits = refused.retry and (row.expires is None or again < row.expires)
    row.state, row.due = (State.WAITING, again) if waits else (State.REFUSED, row.due)
    row.reason, row.detail = refused.reason, refused.detail[:200]
    row.save(update_fields=["state", "due", "reason", "detail"])
    return row


def review(contact_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Judge again what waits for them, so that a no works at once, also on what comes back unsent. Under their locks."""
    theirs = Share.objects.filter(contact__in=contact_ids).select_related("contact", "recipient")
    for share in theirs.filter(state__in=UNSENT):
        decision = decide(policies.in_force(now), share.use, gather(share, share.contact, now), now)
        if isinstance(decision, Refused) and not decision.retry:
            refuse(share, decision, now)
    theirs.filter(state=State.HANDING, kind__in=Share.NEEDS_YES).update(over=True)


@transaction.atomic
def settle(row: Row, state: State, *, reason: str = "", receipt: tuple[wire.Parcel, str] | None = None) -> Row:
    """The second transaction: what became of it, and the receipt of what left."""
    if note(row, state=state, reason=reason[:64]) and receipt and row.permit:
        parcel, provider_id = receipt
        Receipt.objects.create(
            **{row.NAME: row},
            recipient=row.recipient_id,
            fields=sorted(parcel.fields),
            permit=row.permit,
            provider_id=provider_id,
            at=clock.now(),
        )
    return row


def told(row: Row, left: bool) -> Row:
    """The recipient was asked what became of something whose outcome nobody knew. What did leave gets its receipt."""
    if not left:
        return settle(row, State.FAILED, reason="did not arrive")
    fields = dict.fromkeys(categories(row, row.contact), "")
    return settle(row, State.LEFT, receipt=(wire.Parcel(fields), "as the recipient says"))


def try_again(row: Row, reason: str) -> Row:
    """It certainly did not leave, so it may queue again; the next try is decided anew."""
    if row.attempts >= len(RETRY_AFTER):
        return settle(row, State.FAILED, reason=reason)
    due, attempts = clock.now() + RETRY_AFTER[row.attempts], row.attempts + 1
    note(row, state=State.QUEUED, reason=reason[:64], due=due, attempts=attempts)
    return row


def note(row: Row, **outcome: object) -> bool:
    """Write down how one attempt ended. A permit names the attempt, so that one that was given up cannot speak for the next;
    what we learn after its lease ran out is still better than unknown."""
    mine = type(row).objects.filter(pk=row.pk, permit=row.permit, state__in=[State.HANDING, State.UNKNOWN])
    noted = mine.update(detail="", deadline=None, **outcome) == 1
    row.refresh_from_db()
    return noted
