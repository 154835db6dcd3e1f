"""The day before: a text where this booking asked for texts, otherwise an email, otherwise nothing, and that is on record."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from forecourt.consent import standing
from forecourt.interactions import messages
from forecourt.interactions.models import Change, Reminder, TestDrive
from forecourt.people.models import Contact

log = logging.getLogger(__name__)
Outcome = Reminder.Outcome
# A worker that stood still finds what it missed this far back, and records it as too late.
LOOK_BACK = timedelta(days=7)


def due_reminders(now: datetime) -> Iterator[TestDrive]:
    """Drives whose reminder's hour has come, done or not. Whoever booked after that hour was told a moment ago, and is not reminded."""
    last_change = Change.objects.filter(drive=OuterRef("pk")).order_by("-at").values("at")[:1]
    drives = TestDrive.objects.exclude(state=TestDrive.State.CANCELLED).filter(remind_at__range=(now - LOOK_BACK, now))
    arranged = drives.annotate(arranged_at=Coalesce(Subquery(last_change), F("booked_at"))).filter(
        arranged_at__lte=F("remind_at")
    )
    reminded = Reminder.objects.filter(drive=OuterRef("pk"), starts_at=OuterRef("starts_at"))
    yield from arranged.exclude(Exists(reminded)).order_by("remind_at")


def remind_all(now: datetime) -> int:
    """One that cannot be written keeps no other from leaving; it is tried again the next minute."""
    count = 0
    for drive in due_reminders(now):
        try:
            count += remind(drive, now) is not None
        except Exception:
            log.exception("The reminder of test drive %s could not be written.", drive.pk)
    return count


@transaction.atomic
def remind(drive: TestDrive, now: datetime) -> Reminder | None:
    """Queue the reminder of this drive at its present time, once; None when that was done or the drive is off."""
    drive = (
        TestDrive.objects.select_for_update(of=["self"], no_key=True)
        .select_related("dealer", "contact")
        .get(pk=drive.pk)
    )
    done = Reminder.objects.filter(drive=drive, starts_at=drive.starts_at).exists()
    if done or drive.state == TestDrive.State.CANCELLED or drive.remind_at > now:
        return None
    outcome = Outcome.TOO_LATE if drive.starts_at <= now else channel_for(drive)
    message = messages.remind_later(drive, now) if outcome in (Outcome.TEXT, Outcome.EMAIL) else None
    return Reminder.objects.create(
        drive=drive, starts_at=drive.starts_at, outcome=outcome, message=message.pk if message else None, at=now
    )


def channel_for(drive: TestDrive) -> Outcome:
    """Where texts were asked for once, the hand-off is asked even if they were stopped since: its refusal says why."""
    if drive.contact.kind == Contact.Kind.EMAIL:
        return Outcome.EMAIL
    asked_for_texts = any(
        stand.granted
        for stand in standing.of(drive.contact_id)
        if (stand.channel, stand.scope) == ("text", drive.interaction)
    )
    return Outcome.TEXT if asked_for_texts else Outcome.NO_CHANNEL
