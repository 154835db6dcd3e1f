"""What one address can set going here. Whoever types an address need not own it, so no form of ours may pester somebody with
messages, a dealer with leads, or keep every car from everybody else. What is refused says so, in the same words for all."""

from datetime import datetime, timedelta

from django.db.models import Q

from forecourt.dealers.models import Dealer
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people.models import Contact

DAY = timedelta(days=1)
MOST_DRIVES = 4
MOST_MOVES = 6
MOST_MESSAGES = 6


class TooMany(Exception):
    """The sentence is for the page. It says what the limit is, never what is known of the address."""


def check_booking(contact: Contact, dealer: Dealer, now: datetime) -> None:
    """Drives to come count, and those of the last day even if they were cancelled. Call it under the contact's lock."""
    to_come = Q(state=TestDrive.State.BOOKED, starts_at__gt=now)
    if TestDrive.objects.filter(to_come | Q(booked_at__gt=now - DAY), contact=contact).count() >= MOST_DRIVES:
        raise TooMany(
            f"So that there are cars for everybody, one email address or phone number can have {MOST_DRIVES} test drives to "
            f"come, and book {MOST_DRIVES} a day. For more of them, call {dealer.name} at {dealer.phone}."
        )


def check_move(drive: TestDrive) -> None:
    if drive.changes.count() >= MOST_MOVES:
        raise TooMany(
            f"A drive can be moved {MOST_MOVES} times here. Call {drive.dealer.name} at {drive.dealer.phone} to move it again."
        )


def is_enough_for_a_day(contact: Contact, now: datetime) -> bool:
    """Whether no more of our messages about bookings should go there for now; what was refused never got there."""
    sent = Message.objects.filter(contact=contact, use__startswith="test-drive-", queued_at__gt=now - DAY)
    return sent.exclude(state=Message.State.REFUSED).count() >= MOST_MESSAGES
