"""Whoever takes the tour: the newest booking that is nobody's check, and what became of its messages."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.consent import policies
from forecourt.consent.models import Entry, Verb
from forecourt.interactions.models import Change, TestDrive
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.policy.reasons import Reason
from forecourt.run.tour.whose import is_of_a_check
from forecourt.sharing.models import Lead

PURPOSE = "manage-own-choices"
CHANNELS = {"email": "Email", "text": "Text"}
STATES = {
    "queued": "waits",
    "handing": "is leaving",
    "left": "left",
    "refused": "refused",
    "unknown": "may have left",
    "failed": "failed",
}
NOES = (Verb.STOPPED, Verb.WITHDREW, Verb.WRONG_NUMBER)


@dataclass(frozen=True, slots=True)
class Progress:
    """Which steps of the tour are done."""

    booked: bool
    left: bool
    stopped: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class Event:
    what: str
    outcome: str
    because: str
    refused: bool


def newest_drive(now: datetime) -> TestDrive | None:
    coming = TestDrive.objects.filter(state=TestDrive.State.BOOKED, starts_at__gt=now)
    newest = coming.select_related("dealer", "contact").order_by("-booked_at")[:10]
    return next((drive for drive in newest if not is_of_a_check(_address(drive, now))), None)


def reminder(drive: TestDrive | None, now: datetime) -> str:
    """One of "ahead", "done" and, for a drive that was arranged within a day of its start, "none"."""
    if drive is None:
        return ""
    if drive.remind_at > now:
        return "ahead"
    change = Change.objects.filter(drive=drive).order_by("-at").first()
    arranged_at = change.at if change else drive.booked_at
    return "done" if arranged_at <= drive.remind_at else "none"


def leads_that_wait(now: datetime) -> list[Lead]:
    waiting = Lead.objects.filter(state=Lead.State.WAITING).select_related("recipient", "contact")
    newest = waiting.order_by("-requested_at")[:30]
    return [lead for lead in newest if not is_of_a_check(_address(lead, now))][:10]


def progress(drive: TestDrive | None) -> Progress:
    if drive is None:
        return Progress(booked=False, left=False, stopped=False, refused=False)
    messages = Message.objects.filter(contact=drive.contact_id)
    return Progress(
        booked=True,
        left=messages.filter(state=Message.State.LEFT).exists(),
        stopped=Entry.objects.filter(contact=drive.contact_id, verb__in=NOES).exists(),
        refused=messages.filter(state=Message.State.REFUSED).exists(),
    )


def events(drive: TestDrive | None, now: datetime) -> list[Event]:
    """The newest messages to the booking's address, with the reason for every refusal."""
    if drive is None:
        return []
    return [
        _event(message, now) for message in Message.objects.filter(contact=drive.contact_id).order_by("-queued_at")[:8]
    ]


def _event(message: Message, now: datetime) -> Event:
    use = policies.find_use(message.use, now)
    reason = Reason(message.reason).sentence if message.reason in set(Reason) else message.reason
    usual = "The policy allows it." if message.state == Message.State.LEFT else ""
    return Event(
        what=f"{CHANNELS[message.channel]} to {use.purpose}" if use else CHANNELS[message.channel],
        outcome=STATES[message.state],
        because=reason or usual,
        refused=message.state == Message.State.REFUSED,
    )


def _address(row: TestDrive | Lead, now: datetime) -> str:
    return contacts.address_of(row.contact, purpose=PURPOSE, who="visitor", now=now).text
