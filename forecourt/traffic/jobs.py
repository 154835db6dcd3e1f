"""What time does for figures: a view is deleted on its ninetieth day."""

from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.traffic.models import View

KEPT = timedelta(days=90)


@app.periodic(cron="17 * * * *")
@app.task(queue="traffic", queueing_lock="delete old views")
def delete_old_views(timestamp: int) -> int:
    return delete_expired(clock.now())


def delete_expired(now: datetime) -> int:
    """The hour in which it happened ended ninety days ago, so no view is ever older than that."""
    return View.objects.filter(at__lte=now - KEPT).delete()[0]
