"""A link can be forwarded; a code that was sent this minute shows that the address is still in the asker's hands."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.people import contacts, vault
from forecourt.rights.models import Code

LASTS = timedelta(minutes=15)
MOST_TRIES = 5
MOST_AN_HOUR = 4
MOST_A_DAY = 8
USES = {"email": "contact-code-email", "text": "contact-code-text"}
WORDS = "Send a code to this address, to show that it is mine."


class TooMany(Exception):
    """Enough codes went to this address for now."""


@transaction.atomic
def send(message: Message, now: datetime) -> Code:
    """A fresh code to the contact that the link's message went to, by the same channel."""
    contact = contacts.lock(message.contact_id)
    sent = Code.objects.filter(contact=contact)
    for hours, most in ((1, MOST_AN_HOUR), (24, MOST_A_DAY)):
        if sent.filter(sent_at__gt=now - timedelta(hours=hours)).count() >= most:
            raise TooMany
    code_id, digits = uuid.uuid4(), f"{secrets.randbelow(10**6):06}"
    code = Code.objects.create(
        id=code_id, contact=contact, digest=_digest(code_id, digits), sent_at=now, expires_at=now + LASTS
    )
    ledger.record(
        contact.pk,
        Verb.GRANTED if message.channel == Channel.TEXT else Verb.ASKED,
        Channel(message.channel),
        code.interaction,
        method="link",
        interaction=code.interaction,
        wording=wordings.keep(WORDS, now),
        now=now,
        policy_version=policies.in_force(now).version,
    )
    outbox.queue(
        USES[message.channel],
        contact,
        about=outbox.About(interaction=code.interaction, type=message.interaction_type),
        template="contact_code",
        context={"code": digits, "minutes": LASTS.seconds // 60},
        data=(contacts.FIELDS[contact.kind],),
        now=now,
        expires=code.expires_at,
    )
    return code


def check(message: Message, code_id: uuid.UUID, typed: str, now: datetime) -> bool:
    """True once, for the right digits in time. Each try is counted before it is looked at, so that a race wins nothing."""
    open_codes = Code.objects.filter(
        pk=code_id, contact=message.contact_id, used_at=None, expires_at__gt=now, tries__lt=MOST_TRIES
    )
    if not open_codes.update(tries=F("tries") + 1):
        return False
    digits = "".join(filter(str.isdigit, typed))
    if not secrets.compare_digest(bytes(Code.objects.get(pk=code_id).digest), _digest(code_id, digits)):
        return False
    return bool(Code.objects.filter(pk=code_id, used_at=None).update(used_at=now))


def _digest(code_id: uuid.UUID, digits: str) -> bytes:
    return vault.blind_index("code", f"{code_id}:{digits}")
