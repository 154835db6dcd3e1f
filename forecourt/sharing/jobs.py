"""What time does for leads. Jobs only hurry: a sweep finds whatever a lost job left behind."""

from datetime import timedelta
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.sharing import handoff
from forecourt.sharing.models import Lead

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
    """A lease that ran out without an outcome may have left: staff see it, and nothing sends it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sharing_lead SET state = 'unknown', reason = 'lease ran out' "
            "WHERE state = 'handing' AND deadline < clock_timestamp()"
        )
        return cursor.rowcount


def deliver_overdue() -> int:
    """Leads whose hour has come, those that wait for a contract or a closed use, and those whose job was lost."""
    now = clock.now()
    due = Lead.objects.filter(state__in=[Lead.State.QUEUED, Lead.State.WAITING], due__lte=now - PATIENCE)
    ids = list(due.order_by("due").values_list("pk", flat=True)[:1000])
    for lead_id in ids:
        handoff.deliver(lead_id, now)
    return len(ids)
