"""Everything that is shared with somebody outside leaves through here: two short transactions with a lease between them.

A recipient without a complete, current contract gets nothing; the lead waits, saying which term is missing, and leaves once
when the contract is renewed. The receipt lists the fields, the time and the permit.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from forecourt.adapters import clock
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.consent import closures, contracts, leases, permits, policies, standing
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.decide import Facts, Refused, decide
from forecourt.sharing import wire
from forecourt.sharing.models import Lead, Receipt

# How long a lead waits for a contract or an opened use before it asks again.
PAUSE = timedelta(minutes=5)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))

State = Lead.State


@dataclass(frozen=True, slots=True)
class Handing:
    lead: Lead
    prospect: wire.Prospect
    deadline: float


def deliver(lead_id: uuid.UUID, now: datetime | None = None) -> Lead:
    """Hand one lead to its recipient if the policy allows it now; returns the lead as it stands after."""
    handing = hand(lead_id, now or clock.now())
    if isinstance(handing, Lead):
        return handing
    leases.let_go()
    try:
        provider_id = wire.send(handing.lead, handing.prospect, handing.deadline)
    except NotSent as failure:
        return try_again(handing.lead, str(failure))
    except Rejected as failure:
        return settle(handing.lead, State.FAILED, reason=f"rejected {failure}")
    except Unknown:
        return settle(handing.lead, State.UNKNOWN, reason="no answer")
    return settle(handing.lead, State.LEFT, receipt=(handing.prospect, provider_id))


@transaction.atomic
def hand(lead_id: uuid.UUID, now: datetime) -> Handing | Lead:
    """The first transaction: lock, decide, and either refuse, wait, or take the lease."""
    contact = contacts.lock_by(lead=lead_id)
    lead = Lead.objects.select_related("recipient").get(pk=lead_id)
    if lead.state not in (State.QUEUED, State.WAITING) or lead.due > now:
        return lead
    facts = gather(lead, contact, now)
    decision = decide(policies.in_force(now), lead.use, facts, now)
    if isinstance(decision, Refused):
        return refuse(lead, decision, now)
    try:
        prospect = wire.open_prospect(lead, contact, now)
    except LookupError:
        # Erased while it waited: there is nobody to tell of.
        lead.state, lead.reason = State.FAILED, "no address"
        lead.save(update_fields=["state", "reason"])
        return lead
    lead.state, lead.permit = State.HANDING, permits.grant(contact, decision, facts, now)
    return Handing(lead, prospect, leases.take("sharing_lead", lead.pk, lead.permit))


def refuse(lead: Lead, refused: Refused, now: datetime) -> Lead:
    """What may change by itself waits for that until it expires; any other refusal is for good."""
    again = now + PAUSE
    waits = refused.retry and (lead.expires is None or again < lead.expires)
    lead.state, lead.due = (State.WAITING, again) if waits else (State.REFUSED, lead.due)
    lead.reason, lead.detail = refused.reason, refused.detail[:200]
    lead.save(update_fields=["state", "due", "reason", "detail"])
    return lead


def gather(lead: Lead, contact: Contact, now: datetime) -> Facts:
    return Facts(
        standing=standing.of(contact.pk),
        interaction=lead.interaction,
        interaction_type=lead.interaction_type,
        interaction_open=not lead.over,
        frozen=contact.frozen_at is not None,
        closed_promises=closures.open_closures(),
        expires=lead.expires,
        recipient=lead.recipient_id,
        chosen_recipient=lead.chosen,
        data=wire.categories(lead, contact),
        contract=contracts.current(lead.recipient_id, now),
    )


@transaction.atomic
def settle(lead: Lead, state: State, *, reason: str = "", receipt: tuple[wire.Prospect, str] | None = None) -> Lead:
    """The second transaction: what became of it, and the receipt of what left."""
    if note(lead, state=state, reason=reason[:64]) and receipt and lead.permit:
        prospect, provider_id = receipt
        Receipt.objects.create(
            lead=lead,
            recipient=lead.recipient_id,
            fields=sorted(prospect.fields),
            permit=lead.permit,
            provider_id=provider_id,
            at=clock.now(),
        )
    return lead


def told(lead: Lead, left: bool) -> Lead:
    """The recipient was asked what became of a lead whose outcome nobody knew. What did leave gets its receipt."""
    if not left:
        return settle(lead, State.FAILED, reason="did not arrive")
    fields = dict.fromkeys(wire.categories(lead, lead.contact), "")
    return settle(lead, State.LEFT, receipt=(wire.Prospect(fields), "as the recipient says"))


def try_again(lead: Lead, reason: str) -> Lead:
    """It certainly did not leave, so it may queue again; the next try is decided anew."""
    if lead.attempts >= len(RETRY_AFTER):
        return settle(lead, State.FAILED, reason=reason)
    due, attempts = clock.now() + RETRY_AFTER[lead.attempts], lead.attempts + 1
    note(lead, state=State.QUEUED, reason=reason[:64], due=due, attempts=attempts)
    return lead


def note(lead: Lead, **outcome: object) -> bool:
    """Write down how one attempt ended. A permit names the attempt, so that one that was given up cannot speak for the next;
    what we learn after its lease ran out is still better than unknown."""
    mine = Lead.objects.filter(pk=lead.pk, permit=lead.permit, state__in=[State.HANDING, State.UNKNOWN])
    noted = mine.update(detail="", deadline=None, **outcome) == 1
    lead.refresh_from_db()
    return noted
