"""Who looked at somebody, and why, is kept for two years, so that they can ask."""

from datetime import datetime

from django.db import connection

from forecourt.consent import policies
from forecourt.people import retention

USE = "staff-case-read"


def register() -> None:
    retention.add_rule("who looked", lambda use: "who looked" in use.keep, forget)


def forget(now: datetime) -> int:
    before = policies.over_since(USE, now)
    if before is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_forget_openings(%s)", [before])
        return cursor.fetchone()[0]
