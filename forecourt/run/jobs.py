"""Checks out of turn: when the worker starts with none of the last hour, and when the demo's clock was moved or a promise mended."""

from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from forecourt.adapters import clock
from forecourt.consent import closures
from forecourt.consent.models import Evidence
from forecourt.proof import runner


@app.task(queue="proof", queueing_lock="check everything again")
def check_everything() -> None:
    """What failed is looked at once more: by then only what left since the failure counts, and what was mended opens again."""
    runner.run()
    if closed := closures.open_closures():
        runner.run(closed)


def check_everything_later() -> None:
    """Once is enough: whoever asked before is waiting for the same."""
    try:
        with transaction.atomic():  # the refusal would spoil a transaction of whoever asks
            check_everything.defer()
    except AlreadyEnqueued:
        return


def check_what_was_not() -> None:
    """So that the public page has something to say soon after a first start, not at the next full hour."""
    now = clock.now()
    if not Evidence.objects.filter(at__gt=now - timedelta(hours=1), at__lte=now).exists():
        check_everything_later()
