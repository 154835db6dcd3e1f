"""What time does for messages. Jobs only hurry: a sweep finds whatever a lost job left behind."""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError
from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.consent import leases
from forecourt.messaging import handoff
from forecourt.messaging.models import Message

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=15)


@app.task(queue="messages")
def deliver(message_id: str) -> None:
    with suppress(Message.DoesNotExist):  # erased while it waited
        handoff.deliver(UUID(message_id))


@app.periodic(cron="* * * * *")
@app.task(queue="messages", queueing_lock="sweep messages", pass_context=False)
def sweep(timestamp: int) -> None:
    give_up_expired_leases()
    deliver_overdue()


def give_up_expired_leases() -> int:
    return leases.give_up("messaging_message")


def deliver_overdue() -> int:
    """Messages whose hour has come, and those whose job was lost."""
    now = clock.now()
    waiting = Message.objects.filter(state=Message.State.QUEUED, due__lte=now).exclude(
        queued_at__gt=now - PATIENCE, reason=""
    )
    ids = list(waiting.order_by("due").values_list("pk", flat=True)[:1000])
    for message_id in ids:
        try:
            handoff.deliver(message_id)  # each at its own moment: a sweep may take long
        except DatabaseError:
            raise
        except Exception:
            # One that cannot be handed over must not hold up those behind it.
            log.exception("message %s stays where it is", message_id)
    return len(ids)
