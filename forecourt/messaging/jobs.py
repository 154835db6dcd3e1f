"""What time does for messages. Jobs only hurry: a sweep finds whatever a lost job left behind."""

from datetime import timedelta
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.messaging import handoff
from forecourt.messaging.models import Message

PATIENCE = timedelta(seconds=15)


@app.task(queue="messages")
def deliver(message_id: str) -> None:
    handoff.deliver(UUID(message_id))


@app.periodic(cron="* * * * *")
@app.task(queue="messages", queueing_lock="sweep messages", pass_context=False)
def sweep(timestamp: int) -> None:
    give_up_expired_leases()
    deliver_overdue()


def give_up_expired_leases() -> int:
    """A lease that ran out without an outcome may have left: staff see it, and nothing sends it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_message SET state = 'unknown', reason = 'lease ran out' "
            "WHERE state = 'handing' AND deadline < clock_timestamp()"
        )
        return cursor.rowcount


def deliver_overdue() -> int:
    """Messages whose hour has come, and those whose job was lost."""
    now = clock.now()
    waiting = Message.objects.filter(state=Message.State.QUEUED, due__lte=now).exclude(
        queued_at__gt=now - PATIENCE, reason=""
    )
    ids = list(waiting.order_by("due").values_list("pk", flat=True)[:1000])
    for message_id in ids:
        handoff.deliver(message_id, now)
    return len(ids)
