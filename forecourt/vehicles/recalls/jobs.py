"""The brand pack's own list is as of the day on which it is read, so it is read again; what somebody loaded stays."""

from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.vehicles.recalls import actions


@app.periodic(cron="41 * * * *")
@app.task(queue="recalls", queueing_lock="read the pack's recalls again")
def read_the_packs_list(timestamp: int) -> str:
    return actions.read_again(Path(settings.BRAND), clock.now())
