"""A parent's yes, before a child may keep a car with us (16 CFR 312.5), in one of the ways that methods.py knows and the brand picked.

What was given to ask, which is the parent's address and nothing of the child, is gone by its day unless the yes was confirmed; a no,
or a yes that is taken back, makes it go at once.
"""

import base64
import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.urls import reverse

from forecourt.cases.actions import new_reference
from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Entry, Verb
from forecourt.messaging import outbox
from forecourt.minors import methods
from forecourt.minors.methods import Word
from forecourt.minors.models import Asking
from forecourt.people import contacts, vault
from forecourt.people.addresses import Address
from forecourt.policy import law
from forecourt.rights.erasure import actions as erasure
from forecourt.web.brand import brand

COLLECTS, FIRST, SECOND = "ask-parent", "parent-consent-email", "parent-confirm-email"
SOURCE, REASON, TYPE = "asking a parent", "no parent's yes", "parent"
ASKED = "Somebody under 13 asks us to ask you."
MOST_OPEN = 1
SALT = "forecourt.minors.consents"
# What a child may do after it: nothing that tells us who they are, and nothing that goes to anybody else.
LETS = frozenset({"builds:save", "builds:name"})


class NotNow(Exception):
    """The sentence says what stands in the way."""


def days(now: datetime) -> int:
    return law.value("parent_consent_days", now)


def ask(address: Address, nonce: uuid.UUID, now: datetime) -> None:
    """Asks once; whoever is asked already, or said yes, is not written to again, and nobody learns which it was."""
    if not Asking.objects.filter(nonce=nonce).exists():
        _ask(address, nonce, now)


@transaction.atomic
def _ask(address: Address, nonce: uuid.UUID, now: datetime) -> None:
    version = policies.in_force(now).version
    contact = contacts.find_or_add(address, source=SOURCE, notice=version, now=now)
    contacts.lock(contact.pk)
    if contact.frozen_at or Asking.objects.filter(contact=contact).count() >= MOST_OPEN:
        return
    asking = Asking.objects.create(
        contact=contact, nonce=nonce, token_digest=digest(token_of(nonce)), number=new_reference(), asked_at=now
    )
    ledger.record(
        contact.pk,
        Verb.ASKED,
        Channel.EMAIL,
        asking.interaction,
        method="form",
        interaction=asking.interaction,
        wording=wordings.keep(ASKED, now),
        now=now,
        policy_version=version,
    )
    mail(FIRST, asking, now)


def mail(use: str, asking: Asking, now: datetime) -> None:
    page = f"{brand().site_url}{reverse('minors:consent', args=[token_of(asking.nonce)])}"
    outbox.queue(
        use,
        asking.contact,
        about=outbox.About(interaction=asking.interaction, type=TYPE),
        template=use.removesuffix("-email").replace("-", "_"),
        context={"page": page, "days": days(now)},
        data=(contacts.FIELDS[asking.contact.kind],),
        now=now,
    )


def say_yes(asking: Asking, now: datetime) -> Asking:
    """A press on the page. With email plus the first counts for nothing yet; after the second email it does."""
    with transaction.atomic():
        held = Asking.objects.select_for_update().get(pk=asking.pk)
        return held if held.confirmed_at else _hear(held, Word(), now)


def _hear(held: Asking, word: Word, now: datetime) -> Asking:
    method = methods.that_takes(word)
    if method is None:
        raise NotNow("This brand does not take a parent's yes in this way.")
    if method.hear(held, word, now):
        held.confirmed_at, held.way = now, method.way
    held.save(update_fields=["said_yes_at", "confirmed_at", "way", "read_by"])
    return held


def ask_again(now: datetime) -> int:
    """The second email, where a method wants one."""
    return sum(send_second(one.pk, now) for method in methods.of_brand() for one in method.due(now))


@transaction.atomic
def send_second(asking_id: uuid.UUID, now: datetime) -> bool:
    held = (
        Asking.objects.select_for_update().select_related("contact").filter(pk=asking_id, asked_again_at=None).first()
    )
    if held is None:
        return False
    held.asked_again_at = now
    held.save(update_fields=["asked_again_at"])
    mail(SECOND, held, now)
    return True


@transaction.atomic
def read_form(number: str, *, by: User, now: datetime) -> Asking:
    """A signed form lies before a member of staff, who read it."""
    held = Asking.objects.select_for_update().filter(number=number, confirmed_at=None).first()
    if held is None or is_over(held, now):
        raise NotNow(
            "No question to a parent has this number, or its days are over: then it is gone, and has to be asked anew."
        )
    return _hear(held, Word(read_by=by), now)


# Going


def forget(asking: Asking, now: datetime) -> None:
    """At once, and with the address, unless the same person came to us for something else as well."""
    contact = asking.contact_id
    Asking.objects.filter(pk=asking.pk).delete()
    asked = Entry.objects.filter(contact=contact, verb__in=(Verb.ASKED, Verb.GRANTED))
    others = asked.exclude(interaction=asking.interaction)
    if not others.exists() and not Asking.objects.filter(contact=contact).exists():
        erasure.erase([contact], case="", reason=REASON, now=now)


def is_over(asking: Asking, now: datetime) -> bool:
    """Its days went by without a yes that was confirmed."""
    return asking.confirmed_at is None and asking.asked_at <= now - timedelta(days=days(now))


def forget_over(askings: Iterable[Asking], now: datetime) -> int:
    over = [asking for asking in askings if is_over(asking, now)]
    for asking in over:
        forget(asking, now)
    return len(over)


def forget_unanswered(now: datetime) -> int:
    return forget_over(Asking.objects.filter(confirmed_at=None), now)


# Its page, and the child's browser


def token_of(nonce: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(vault.blind_index("parent", nonce.hex)[:18]).decode()


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def by_token(token: str, now: datetime) -> Asking | None:
    found = Asking.objects.select_related("contact").filter(token_digest=digest(token)).first()
    return None if found is None or is_over(found, now) else found


def mark(asking: Asking) -> str:
    """What the child's browser keeps beside the answer about age, for the visit."""
    return signing.dumps(str(asking.pk), salt=SALT)


def lets(kept: str, name: str) -> bool:
    """Whether a parent's yes that stands lets this be sent. Asked anew each time, so that taking it back counts at once."""
    if not kept or name not in LETS:
        return False
    try:
        asking = signing.loads(kept, salt=SALT)
    except signing.BadSignature:
        return False
    return Asking.objects.filter(pk=asking, confirmed_at__isnull=False, contact__frozen_at=None).exists()
