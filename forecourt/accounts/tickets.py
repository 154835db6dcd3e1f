"""Codes by email. The request that asks for one does the same few things whoever is asked about: the typed address goes, sealed,
to the worker, which alone looks whether somebody has an account there. So no answer and no wait tells.

Digits can be read out and typed on another device; the ticket's token stays in the page that asked, so a code that is talked out
of somebody opens nothing elsewhere.
"""

import hashlib
import json
import secrets
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from forecourt.accounts.models import Account, Ticket
from forecourt.adapters import strongbox
from forecourt.adapters.queue import enqueue
from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.messaging import outbox
from forecourt.people import contacts, vault
from forecourt.people.addresses import Address
from forecourt.people.models import Contact

Kind = Ticket.Kind
LASTS = timedelta(minutes=15)
DIGITS = 8
MOST_TRIES = 5
PURPOSE = "account ticket"
SEND = "forecourt.accounts.jobs.send_code"
WORDS = {
    Kind.REGISTER: "Make an account with this email address, and send a code to it first.",
    Kind.CODE: "Send a code to this email address, to sign in.",
    Kind.RESET: "Send a code to this email address, to choose a new password.",
    Kind.CONFIRM: "Send a code to my email address, to show that it is me.",
}


@transaction.atomic
def ask(kind: Kind, address: Address, now: datetime) -> str:
    """The token of a new ticket. The code is on its way, or a note that there is nothing to send a code for."""
    return _add(kind, {"address": address.text}, now)


@transaction.atomic
def ask_again(account: Account, now: datetime) -> str:
    """For somebody who is signed in and has to show that they still are the one."""
    return _add(Kind.CONFIRM, {}, now, account=account, contact=account.contact)


def _add(kind: Kind, told: dict[str, str], now: datetime, **known: Account | Contact) -> str:
    token, ticket_id, digits = new_token(), uuid.uuid4(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    Ticket.objects.create(
        id=ticket_id,
        kind=kind,
        token_digest=digest(token),
        code_digest=code_digest(ticket_id, digits),
        sealed=strongbox.seal(PURPOSE, json.dumps({**told, "digits": digits})),
        notice=policies.in_force(now).version,
        asked_at=now,
        expires_at=now + LASTS,
        **known,
    )
    enqueue(SEND, "messages", ticket_id=str(ticket_id))
    return token


@transaction.atomic
def send(ticket_id: uuid.UUID, now: datetime) -> None:
    """The worker's half: whose address it is, and which of the two emails goes there."""
    ticket = Ticket.objects.select_for_update().get(pk=ticket_id)
    if not ticket.sealed or ticket.expires_at <= now:
        return
    told = json.loads(strongbox.open(PURPOSE, ticket.sealed))
    contact = ticket.contact or contacts.find_or_add(
        contacts.read_email(told["address"]), source="account", notice=ticket.notice, now=ticket.asked_at
    )
    contacts.lock(contact.pk)
    ledger.record(
        contact.pk,
        Verb.ASKED,
        Channel.EMAIL,
        ticket.interaction,
        method="account",
        interaction=ticket.interaction,
        wording=wordings.keep(WORDS[Kind(ticket.kind)], now),
        now=now,
        policy_version=policies.in_force(now).version,
    )
    has_account = Account.objects.filter(contact=contact).exists()
    opens = has_account or ticket.kind == Kind.REGISTER
    digits = told["digits"]
    outbox.queue(
        "account-code-email",
        contact,
        about=outbox.About(interaction=ticket.interaction),
        template="account_code" if opens else "account_none",
        context={
            "code": f"{digits[:4]} {digits[4:]}" if opens else "",
            "kind": ticket.kind,
            "has_account": has_account,
            "minutes": LASTS.seconds // 60,
        },
        data=(contacts.FIELDS[contact.kind],),
        now=now,
        expires=ticket.expires_at,
    )
    ticket.contact, ticket.sealed = contact, ""
    if not opens:
        ticket.expires_at = now
    ticket.save(update_fields=["contact", "sealed", "expires_at"])


def find(token: str, now: datetime) -> Ticket | None:
    found = Ticket.objects.select_related("contact", "account", "account__user", "account__contact")
    return found.filter(token_digest=digest(token), used_at=None, expires_at__gt=now).first()


def check(ticket: Ticket, typed: str, now: datetime) -> bool:
    """True once, for the right digits in time. Each try is counted before it is looked at."""
    open_tickets = Ticket.objects.filter(
        pk=ticket.pk, used_at=None, expires_at__gt=now, tries__lt=MOST_TRIES, contact__isnull=False
    )
    if not open_tickets.update(tries=F("tries") + 1):
        return False
    digits = "".join(filter(str.isdigit, typed))
    if not secrets.compare_digest(bytes(ticket.code_digest), code_digest(ticket.pk, digits)):
        return False
    return use(ticket, now)


def use(ticket: Ticket, now: datetime) -> bool:
    return bool(Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=now))


def between(account: Account, method: str, *, shared: bool, now: datetime) -> str:
    """A password or a code was right, and a second factor comes next: the token of the page that asks for it."""
    token, ticket_id = new_token(), uuid.uuid4()
    Ticket.objects.create(
        id=ticket_id,
        kind=Kind.SECOND,
        token_digest=digest(token),
        code_digest=secrets.token_bytes(32),
        notice=account.notice,
        contact=account.contact,
        account=account,
        method=method,
        shared=shared,
        asked_at=now,
        expires_at=now + LASTS,
    )
    return token


def new_token() -> str:
    return secrets.token_urlsafe(24)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def code_digest(ticket_id: uuid.UUID, digits: str) -> bytes:
    return vault.blind_index("account code", f"{ticket_id}:{digits}")
