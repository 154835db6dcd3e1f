"""What time does for what is shared. Jobs only hurry: a sweep finds whatever a lost job left behind."""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.consent import leases, policies
from forecourt.sharing import figures, handoff, optouts, outside_pages
from forecourt.sharing.models import Lead, Outgoing, Share

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=15)


@app.task(queue="sharing")
def deliver(lead_id: str) -> None:
    with suppress(ObjectDoesNotExist):  # erased while it waited
        handoff.deliver(UUID(lead_id))


@app.task(queue="sharing")
def deliver_share(share_id: str) -> None:
    with suppress(ObjectDoesNotExist):
        handoff.deliver_share(UUID(share_id))


@app.periodic(cron="* * * * *")
@app.task(queue="sharing", queueing_lock="sweep leads")
def sweep(timestamp: int) -> None:
    give_up_expired_leases()
    deliver_overdue()
    figures.destroy_settled()


@app.periodic(cron="20 9 * * *")
@app.task(queue="sharing", queueing_lock="remind of noes")
def remind(timestamp: int) -> None:
    log.info("%s reminded of a no", optouts.remind(clock.now()))


@app.periodic(cron="40 4 * * 1")
@app.task(queue="sharing", queueing_lock="look at pages of others")
def look_at_pages(timestamp: int) -> None:
    now = clock.now()
    log.info("pages where people choose: %s", outside_pages.check_all(policies.in_force(now), now))


def give_up_expired_leases() -> int:
    return leases.give_up("sharing_lead") + leases.give_up("sharing_share")


def deliver_overdue() -> int:
    """What is due, what waits for a contract or a closed use, and that whose job was lost."""
    now = clock.now()
    due = {"state__in": [Outgoing.State.QUEUED, Outgoing.State.WAITING], "due__lte": now - PATIENCE}
    handed = 0
    for model, hand_over in ((Share, handoff.deliver_share), (Lead, handoff.deliver)):
        for row_id in list(model.objects.filter(**due).order_by("due").values_list("pk", flat=True)[:1000]):
            handed += 1
            try:
                hand_over(row_id)  # each at its own moment: a sweep may take long
            except DatabaseError:
                raise
            except Exception:
                # One that cannot be handed over must not hold up those behind it.
                log.exception("%s %s stays where it is", model.NAME, row_id)
    return handed
