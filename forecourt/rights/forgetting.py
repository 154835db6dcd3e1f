"""A permit is the proof that something was allowed to leave: it goes after its time, and never before what left by it.

It stands in this room because this one sees both doors.
"""

from datetime import datetime

from django.db import connection

from forecourt.consent import policies
from forecourt.people import retention

USE = "keep-permits"


def register() -> None:
    retention.add_rule("permits", (USE,), forget)


def forget(now: datetime) -> int:
    before = policies.over_since(USE, now)
    if before is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_forget_permits(%s)", [before])
        return cursor.fetchone()[0]
