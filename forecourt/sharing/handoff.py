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
    contact = contacts.lock(Lead.objects.values_list("contact_id", flat=True).get(pk=lead_id))
    lead = Lead.objects.select_related("recipient").get(pk=lead_id)
    if lead.state not in (State.QUEUED, State.WAITING) or lead.due > now:
        return lead
    facts = gather(lead, contact, now)
    decision = decide(policies.in_force(now), lead.use, facts, now)
    if isinstance(decision, Refused):
        lead.state = State.WAITING if decision.retry else State.REFUSED
        lead.reason, lead.detail = decision.reason, decision.detail
        lead.save(update_fields=["state", "reason", "detail"])
        return lead
    prospect = wire.open_prospect(lead, contact, now)
    lead.permit = permits.grant(contact, decision, facts, now)
    lead.state, lead.reason, lead.detail = State.HANDING, "", ""
    lease = leases.take()
    lead.deadline = lease.ends
    lead.save(update_fields=["permit", "state", "reason", "detail", "deadline"])
    return Handing(lead, prospect, lease.deadline)


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
    Lead.objects.filter(pk=lead.pk, state__in=[State.HANDING, State.UNKNOWN]).update(
        state=state, reason=reason[:64], deadline=None
    )
    if receipt:
        prospect, provider_id = receipt
        Receipt.objects.create(
            lead=lead,
            recipient=lead.recipient_id,
            fields=sorted(prospect.fields),
            permit=lead.permit,
            provider_id=provider_id,
            at=clock.now(),
        )
    lead.refresh_from_db()
    return lead


def try_again(lead: Lead, reason: str) -> Lead:
    """It certainly did not leave, so it may queue again; the next try is decided anew."""
    if lead.attempts >= len(RETRY_AFTER):
        return settle(lead, State.FAILED, reason=reason)
    due = clock.now() + RETRY_AFTER[lead.attempts]
    Lead.objects.filter(pk=lead.pk, state=State.HANDING).update(
        state=State.QUEUED, reason=reason[:64], due=due, attempts=lead.attempts + 1, deadline=None
    )
    lead.refresh_from_db()
    return lead
