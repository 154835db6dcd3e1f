"""What time does for leads. Jobs only hurry: a sweep finds whatever a lost job left behind."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError
from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.consent import leases
from forecourt.sharing import handoff
from forecourt.sharing.models import Lead

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=15)


@app.task(queue="sharing")
def deliver(lead_id: str) -> None:
    handoff.deliver(UUID(lead_id))


@app.periodic(cron="* * * * *")
@app.task(queue="sharing", queueing_lock="sweep leads")
def sweep(timestamp: int) -> None:
    give_up_expired_leases()
    deliver_overdue()


def give_up_expired_leases() -> int:
    return leases.give_up("sharing_lead")


def deliver_overdue() -> int:
    """Leads whose hour has come, those that wait for a contract or a closed use, and those whose job was lost."""
    now = clock.now()
    due = Lead.objects.filter(state__in=[Lead.State.QUEUED, Lead.State.WAITING], due__lte=now - PATIENCE)
    ids = list(due.order_by("due").values_list("pk", flat=True)[:1000])
    for lead_id in ids:
        try:
            handoff.deliver(lead_id)  # each at its own moment: a sweep may take long
        except DatabaseError:
            raise
        except Exception:
            # One that cannot be handed over must not hold up those behind it.
            log.exception("lead %s stays where it is", lead_id)
    return len(ids)
