"""The alarm about cookies that code of ours tried to set against the policy. They were dropped; somebody has to mend the code.

One row a day and name: a page that tries on every visit rings once.
"""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import QuerySet

from forecourt.proof.models import SurplusCookie

log = logging.getLogger(__name__)
# As long as the alarm stands after the last time.
RINGS = timedelta(days=1)


def saw(name: str, says: str, now: datetime) -> None:
    """The page that was asked for is answered whatever becomes of this: the log has it already."""
    row = SurplusCookie(day=now.date(), name=name[:64], says=says[:200], at=now)
    try:
        SurplusCookie.objects.bulk_create([row], ignore_conflicts=True)
    except DatabaseError as error:
        log.error("The alarm about a dropped cookie could not be kept: %s", type(error).__name__)


def ringing(now: datetime) -> QuerySet[SurplusCookie]:
    """Those of today and of the day before, newest first."""
    return SurplusCookie.objects.filter(day__gte=(now - RINGS).date()).order_by("-at")
