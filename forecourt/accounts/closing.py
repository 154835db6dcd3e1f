"""The end of an account, of what is left of a sign-in, and of whatever counted tries."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from forecourt.accounts import sessions, throttle
from forecourt.accounts.models import Account, Challenge, Session, Ticket, Tried
from forecourt.vehicles.builds import shelves


@transaction.atomic
def close(account: Account, now: datetime) -> None:
    """Signed out everywhere, and every row by which anybody could sign in is gone: handle, password, passkeys, codes; so are the
    cars that it saved.

    Bookings, choices and receipts belong to the contact and stay with it; erasing a person is more than closing an account.
    """
    sessions.end_all(account)
    Ticket.objects.filter(contact=account.contact_id).delete()
    for build in shelves.of_person(account.contact_id):
        shelves.delete(build)
    User.objects.filter(pk=account.user_id).delete()


def forget_expired(now: datetime) -> int:
    """Old tickets and sessions, challenges that nobody answered, counts whose time is over."""
    gone = [
        Ticket.objects.filter(expires_at__lte=now),
        Session.objects.filter(ends_at__lte=now),
        Challenge.objects.filter(expires_at__lte=now),
        Tried.objects.filter(since__lte=now - throttle.LONGEST),
    ]
    return sum(rows.delete()[0] for rows in gone)
