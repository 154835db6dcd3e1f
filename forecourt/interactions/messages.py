"""What a test drive has us say, and where. Whether it may be said is asked at the hand-off, not here."""

from datetime import datetime
from zoneinfo import ZoneInfo

from forecourt.dealers.hours import NBSP, clock_time
from forecourt.interactions import limits, links
from forecourt.interactions.models import TestDrive
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.messaging.outbox import About
from forecourt.people import contacts
from forecourt.policy.reasons import Reason
from forecourt.web.brand import brand

TYPE = "test-drive"


def confirm_later(drive: TestDrive, now: datetime) -> Message:
    return _queue_some(f"test-drive-confirmation-{channel_of(drive)}", "test_drive_confirmed", drive, now)


def remind_later(drive: TestDrive, now: datetime) -> Message:
    return _queue(f"test-drive-reminder-{channel_of(drive)}", "test_drive_reminder", drive, now)


def tell_moved_later(drive: TestDrive, before: datetime, now: datetime) -> Message:
    return _queue_some(f"test-drive-change-{channel_of(drive)}", "test_drive_changed", drive, now, before=before)


def tell_cancelled_later(drive: TestDrive, now: datetime) -> Message:
    return _queue_some(f"test-drive-change-{channel_of(drive)}", "test_drive_cancelled", drive, now, over=True)


def channel_of(drive: TestDrive) -> str:
    return "text" if drive.contact.kind == "phone" else "email"


def when_words(moment: datetime, zone: str) -> str:
    """Saturday, December 5, 2026, 10:30 am EST."""
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here:%A, %B} {here.day}, {here.year}, {hour_words(here)} {here.tzname()}"


def when_short(moment: datetime, zone: str) -> str:
    """Sat Dec 5, 10:30 am."""
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here:%a %b} {here.day}, {hour_words(here)}"


def hour_words(here: datetime) -> str:
    return clock_time(here.time()).replace(NBSP, " ")


def was_held_back(drive: TestDrive) -> bool:
    """Whether the newest message about this drive stayed here because enough had gone to that address."""
    newest = Message.objects.filter(interaction=drive.interaction, use__startswith="test-drive-").order_by("-queued_at")
    return newest.values_list("reason", flat=True).first() == Reason.TOO_MANY


def _queue_some(use: str, template: str, drive: TestDrive, now: datetime, **more) -> Message:
    """What anybody can set off with a button, and therefore only so often. Call it under the contact's lock."""
    enough = limits.is_enough_for_a_day(drive.contact, now)
    message = _queue(use, template, drive, now, **more)
    return outbox.hold_back(message, Reason.TOO_MANY) if enough else message


def _queue(
    use: str, template: str, drive: TestDrive, now: datetime, *, before: datetime | None = None, over: bool = False
) -> Message:
    dealer = drive.dealer
    context = {
        "car": drive.car_name,
        "when": when_words(drive.starts_at, dealer.zone),
        "when_short": when_short(drive.starts_at, dealer.zone),
        "before": before and when_words(before, dealer.zone),
        "dealer": dealer,
        "manage": links.address_of(drive),
        "site": brand().site_url.rstrip("/"),
    }
    return outbox.queue(
        use,
        drive.contact,
        about=About(drive.interaction, TYPE, zones=(dealer.zone,), over=over),
        template=template,
        context=context,
        data=(contacts.FIELDS[drive.contact.kind], "vehicle.interest", "vehicle.appointment"),
        expires=max(drive.starts_at, before or drive.starts_at),
        now=now,
    )
