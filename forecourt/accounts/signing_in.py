"""Who somebody is: by a password, by a code that reached their mailbox, by a passkey. An account begins where a mailbox was proven."""

import secrets
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from forecourt.accounts import passwords, throttle, tickets
from forecourt.accounts.models import Account, Ticket
from forecourt.people import vault
from forecourt.people.addresses import Address
from forecourt.people.models import Contact

PASSWORD, CODE, PASSKEY = "password", "code", "passkey"
# A code that was asked for to choose a new password, since the old one is forgotten.
RESET = "reset"


def with_password(address: Address, typed: str, network: str, now: datetime) -> Account | None:
    """The account, or None: the same queries and one hash, whatever is wrong. Raises throttle.TooMany."""
    index = vault.blind_index(address.kind, address.comparable)
    here = f"{index.hex()} {network}"
    throttle.count(
        (throttle.PASSWORD_HERE, here),
        (throttle.PASSWORD_ANYWHERE, index.hex()),
        (throttle.PASSWORDS_HERE, network),
        now=now,
    )
    account = of_index(address.kind, index)
    if not passwords.fits(account, typed):
        return None
    throttle.forget(throttle.PASSWORD_HERE, here)
    return account


def ask_for_code(kind: Ticket.Kind, address: Address, network: str, now: datetime) -> str:
    """The token of the page where the code is typed; the same for everybody. Raises throttle.TooMany."""
    index = vault.blind_index(address.kind, address.comparable).hex()
    throttle.count(
        (throttle.ASKED_HERE, f"{index} {network}"),
        (throttle.ASKED_ANYWHERE, index),
        (throttle.ASKS_HERE, network),
        now=now,
    )
    return tickets.ask(kind, address, now)


def with_code(ticket: Ticket, typed: str, now: datetime) -> Account | None:
    """Whoever reads the mailbox is let in; where there is no account yet, it is made now."""
    if not tickets.check(ticket, typed, now) or ticket.contact is None:
        return None
    account = Account.objects.select_related("user", "contact").filter(contact=ticket.contact).first()
    if account is None:
        return open_account(ticket.contact, ticket.notice, now) if ticket.kind == Ticket.Kind.REGISTER else None
    account.verified_at = now
    account.save(update_fields=["verified_at"])
    return account


def of_index(kind: str, index: bytes) -> Account | None:
    found = Account.objects.select_related("user", "contact")
    return found.filter(contact__kind=kind, contact__index=index, user__is_active=True).first()


def open_account(contact: Contact, notice: str, now: datetime) -> Account:
    """Its mailbox was proven a moment ago."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(f"visitor-{secrets.token_hex(12)}")
            return Account.objects.create(user=user, contact=contact, opened_at=now, verified_at=now, notice=notice)
    except IntegrityError:
        # The same person, in another window, a moment ago.
        return Account.objects.select_related("user", "contact").get(contact=contact)
