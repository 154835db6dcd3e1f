"""How much one account may look at in an hour and in a day. Counted in the database, so that all processes count together; a try
beyond is refused, and stands where managers look."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Sum

from forecourt.console.models import Tally

HOUR = timedelta(hours=1)
KEPT = timedelta(days=90)
SHOWN = timedelta(days=2)


class What(StrEnum):
    SEARCH = "search"
    PERSON = "person"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Cap:
    noun: str
    an_hour: int
    a_day: int


# Well above what a busy desk needs, and far below what a copy of the data would take.
CAPS = {
    What.SEARCH: Cap("searches", 60, 300),
    What.PERSON: Cap("people looked at", 40, 200),
    What.DOCUMENT: Cap("documents opened", 30, 150),
}


class TooMany(Exception):
    """The account has had its share. The sentence is for its owner."""


def count(user: User, what: What, now: datetime) -> None:
    """One more, or TooMany. Whoever is refused is written down, so not inside a transaction that the refusal would take back."""
    cap = CAPS[what]
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one of an account's requests counts at a time
        tally, _ = Tally.objects.get_or_create(who=user.get_username(), what=what, hour=hour)
        today = Tally.objects.filter(who=tally.who, what=what, hour__gte=hour.replace(hour=0), hour__lte=hour)
        in_day = today.aggregate(all=Sum("count"))["all"]
        full = "this hour" if tally.count >= cap.an_hour else "today" if in_day >= cap.a_day else ""
        column = "refused" if full else "count"
        Tally.objects.filter(pk=tally.pk).update(**{column: F(column) + 1})
    if full:
        most = cap.an_hour if full == "this hour" else cap.a_day
        raise TooMany(
            f"{most} {cap.noun} is as much as one account has {full}, and a manager can see that you reached it. Go on "
            f"{'after the full hour' if full == 'this hour' else 'tomorrow (UTC)'}, or hand the case to somebody else."
        )


def reached(now: datetime):
    """Who was refused lately, the newest first."""
    return Tally.objects.filter(refused__gt=0, hour__gt=now - SHOWN, hour__lte=now).order_by("-hour", "who", "what")


def forget_old(now: datetime) -> int:
    deleted, _ = Tally.objects.filter(hour__lte=now - KEPT).delete()
    return deleted
