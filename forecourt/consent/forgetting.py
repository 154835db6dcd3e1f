"""Who looked at somebody, and why, is kept for two years, so that they can ask. What somebody said is kept as long as it stands, and
two years more.

The application can delete neither: functions of the database do, which look at its own clock and at nothing that we tell them but
since when; so nobody brings what was said yesterday to an end.
"""

from datetime import datetime

from django.db import connection

from forecourt.consent import policies
from forecourt.people import retention

USE = "staff-case-read"
WORDS = "keep-choices"
AS_LONG_AS_IT_STANDS = "as long as the choice stands"
# So many people's at once: each is held still meanwhile.
MOST = 1000


def register() -> None:
    retention.add_rule("what was said", lambda use: use.keep.startswith(AS_LONG_AS_IT_STANDS), forget_words)
    retention.add_rule("who looked", lambda use: "who looked" in use.keep, forget)


def over(use: str, function: str, now: datetime) -> int:
    """Has a function of the database delete what this use has kept for its time. How much went."""
    before = policies.over_since(use, now)
    if before is None:
        return 0
    with connection.cursor() as cursor:
        cursor.callproc(function, [before])
        return cursor.fetchone()[0]


def forget(now: datetime) -> int:
    return over(USE, "people_forget_openings", now)


def forget_words(now: datetime) -> int:
    """What was said again, or taken back, longer ago; and all that was said by somebody who was erased longer ago."""
    before = policies.over_since(WORDS, now)
    if before is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT consent_forget_overtaken(%s, %s) + consent_forget_erased(%s)", [before, MOST, before])
        return cursor.fetchone()[0]
