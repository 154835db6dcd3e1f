"""Leads wait here from the booking's transaction until the hand-off takes them. They hold no personal data themselves."""

import uuid
from datetime import datetime

from forecourt.adapters.queue import enqueue
from forecourt.people.models import Contact, Subject
from forecourt.sharing.models import Lead

# By name, since the job imports the hand-off. Enqueued in the caller's transaction.
DELIVER = "forecourt.sharing.jobs.deliver"


def queue_lead(
    use_id: str,
    contact: Contact,
    submission: Subject,
    *,
    recipient: str,
    chosen: str,
    interaction: str,
    interaction_type: str,
    model_year: int,
    model_name: str,
    wish: str,
    now: datetime,
    expires: datetime | None = None,
) -> Lead:
    lead = Lead.objects.create(
        id=uuid.uuid4(),
        contact=contact,
        submission=submission,
        interaction=interaction,
        interaction_type=interaction_type,
        use=use_id,
        recipient_id=recipient,
        chosen=chosen,
        model_year=model_year,
        model_name=model_name,
        wish=wish,
        requested_at=now,
        due=now,
        expires=expires,
    )
    enqueue(DELIVER, "sharing", lead_id=str(lead.pk))
    return lead


UNSENT = (Lead.State.QUEUED, Lead.State.WAITING)
MAY_HAVE_LEFT = (Lead.State.HANDING, Lead.State.LEFT, Lead.State.UNKNOWN)


def amend(interaction: str, wish: str, now: datetime, *, expires: datetime) -> None:
    """The wish changed: a lead that still waits says the new one; after it left, the dealer gets one more with the change."""
    leads = Lead.objects.filter(interaction=interaction)
    if leads.filter(state__in=MAY_HAVE_LEFT).exists():
        leads.filter(state__in=UNSENT).update(over=True)
        _follow(leads.latest("change"), f"Changed: {wish}", now, expires)
    else:
        leads.filter(state__in=UNSENT).update(wish=wish, expires=expires)


def end(interaction: str, wish: str, now: datetime, *, expires: datetime) -> None:
    """The booking was cancelled: a lead that did not leave yet will not, and a dealer that has one is told."""
    leads = Lead.objects.filter(interaction=interaction)
    leads.filter(state__in=UNSENT).update(over=True)
    if leads.filter(state__in=MAY_HAVE_LEFT).exists():
        _follow(leads.latest("change"), f"Cancelled: {wish}", now, expires)


def _follow(last: Lead, wish: str, now: datetime, expires: datetime) -> None:
    change = Lead.objects.create(
        id=uuid.uuid4(),
        contact_id=last.contact_id,
        submission_id=last.submission_id,
        interaction=last.interaction,
        change=last.change + 1,
        interaction_type=last.interaction_type,
        use=last.use,
        recipient_id=last.recipient_id,
        chosen=last.chosen,
        model_year=last.model_year,
        model_name=last.model_name,
        wish=wish,
        requested_at=now,
        due=now,
        expires=expires,
    )
    enqueue(DELIVER, "sharing", lead_id=str(change.pk))
