"""Leads wait here from the booking's transaction until the hand-off takes them. They hold no personal data themselves."""

import uuid
from datetime import datetime

from procrastinate.contrib.django import app

from forecourt.people.models import Contact, Subject
from forecourt.sharing.models import Lead

# By name, since the job imports the hand-off. Enqueued in the caller's transaction.
DELIVER = app.configure_task("forecourt.sharing.jobs.deliver", queue="sharing")


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
    DELIVER.defer(lead_id=str(lead.pk))
    return lead


def end(interaction: str) -> int:
    """The booking was cancelled: a lead that did not leave yet will not."""
    unsent = (Lead.State.QUEUED, Lead.State.WAITING)
    return Lead.objects.filter(interaction=interaction, state__in=unsent).update(over=True)
