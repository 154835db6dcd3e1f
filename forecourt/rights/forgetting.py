"""A permit is the proof that something was allowed to leave: it goes after its time, and never before what left by it.

It stands in this room because this one sees both doors.
"""

from datetime import datetime

from forecourt.consent import forgetting
from forecourt.people import retention

USE = "keep-permits"


def register() -> None:
    retention.add_rule("permits", (USE,), forget)


def forget(now: datetime) -> int:
    return forgetting.over(USE, "rights_forget_permits", now)
