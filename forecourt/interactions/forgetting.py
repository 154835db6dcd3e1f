"""A test drive goes so long after it took place as the policy says, with the name, the link and whatever was written about it."""

from datetime import datetime

from forecourt.consent import policies
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import retention, subjects

USE = "book-test-drive"
AS_LONG_AS_THE_DRIVE = "after the drive"


def register() -> None:
    retention.add_rule("test drives", lambda use: AS_LONG_AS_THE_DRIVE in use.keep, forget)


def forget(now: datetime) -> int:
    before = policies.over_since(USE, now)
    past = list(TestDrive.objects.filter(starts_at__lte=before)) if before else []
    Message.objects.filter(interaction__in=[drive.interaction for drive in past]).delete()
    for drive in past:
        subjects.silence(drive.submission_id)
        drive.delete()
    return len(past)
