"""Requests without an account: a code goes to an address that we hold already, and nowhere else.

The page that asks does the same few things for every address: what was typed goes, sealed, to the worker, which alone looks whether
we hold it. Where we do not, nothing is sent and nothing is kept.
"""

import json
import secrets
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from forecourt.accounts import throttle
from forecourt.accounts.tickets import DIGITS, MOST_TRIES, code_digest, digest, new_token
from forecourt.adapters import strongbox
from forecourt.adapters.queue import enqueue
from forecourt.cases.models import Case
from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.messaging import outbox
from forecourt.people import contacts, vault
from forecourt.people.addresses import Address
from forecourt.people.models import Contact
from forecourt.requests.models import Pass, Request
from forecourt.web.brand import brand

LASTS = timedelta(minutes=15)
# Once confirmed: long enough to read what will be deleted, and to type what is right.
OPEN = timedelta(minutes=30)
PURPOSE = "request pass"
SEND = "forecourt.requests.jobs.send_code"
USES = {"email": "request-code-email", "phone": "request-code-text"}
CHANNELS = {"email": Channel.EMAIL, "phone": Channel.TEXT}
DID = {"letter": "wrote us a letter", "phone": "called us", "email": "wrote us an email"}
WORDS = "Send a code to this address, to show that it is mine and that I ask."


def ask(kind: Pass.Kind, address: Address, network: str, now: datetime, *, reference: str = "") -> str:
    """The token of the page where the code is typed; the same for everybody. Raises throttle.TooMany."""
    index = vault.blind_index(address.kind, address.comparable).hex()
    throttle.count(
        (throttle.ASKED_HERE, f"{index} {network}"),
        (throttle.ASKED_ANYWHERE, index),
        (throttle.ASKS_HERE, network),
        now=now,
    )
    return _add(kind, {"address": address.text, "reference": reference}, now)


def ask_owner(request: Request, network: str, now: datetime) -> str:
    """For a request that is there: a code to whoever made it. Raises throttle.TooMany."""
    throttle.count((throttle.ASKED_ANYWHERE, str(request.contact)), (throttle.ASKS_HERE, network), now=now)
    return _add(Pass.Kind.FIND, {}, now, contact=request.contact, case=request.pk)


def ask_new_address(request: Request, address: Address, network: str, now: datetime) -> str:
    """For the one that takes another's place: a code goes there whether we hold it or not. Raises throttle.TooMany."""
    throttle.count((throttle.ASKED_ANYWHERE, str(request.contact)), (throttle.ASKS_HERE, network), now=now)
    return _add(Pass.Kind.MOVE, {"address": address.text}, now, case=request.pk)


def ask_sender(kind: Pass.Kind, contact: Contact, case: Case, now: datetime, *, lasts: timedelta) -> Pass:
    """For whoever asked us by letter, call, email or message: the code brings the address of the page where it is typed."""
    token = new_token()
    told = {"page": reverse("requests:code", args=[token]), "number": case.reference, "way": case.came_by}
    _add(kind, told, now, token=token, lasts=lasts, contact=contact.pk)
    return Pass.objects.get(token_digest=digest(token))


@transaction.atomic
def _add(
    kind: Pass.Kind,
    told: dict[str, str],
    now: datetime,
    *,
    token: str = "",
    lasts: timedelta = LASTS,
    **known: uuid.UUID,
) -> str:
    token = token or new_token()
    pass_id, digits = uuid.uuid4(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    Pass.objects.create(
        id=pass_id,
        kind=kind,
        token_digest=digest(token),
        code_digest=code_digest(pass_id, digits),
        sealed=strongbox.seal(PURPOSE, json.dumps({**told, "digits": digits})),
        asked_at=now,
        expires_at=now + lasts,
        **known,
    )
    enqueue(SEND, "messages", pass_id=str(pass_id))
    return token


@transaction.atomic
def send(pass_id: uuid.UUID, now: datetime) -> bool:
    """The worker's half: whether we hold the address, and only then a code. Whether one was queued."""
    found = Pass.objects.select_for_update().get(pk=pass_id)
    if not found.sealed or found.expires_at <= now:
        return False
    told = json.loads(strongbox.open(PURPOSE, found.sealed))
    contact = _contact(found, told, now)
    found.sealed = ""
    if contact is None:
        found.save(update_fields=["sealed"])
        return False
    found.contact = contact.pk
    if reference := told.get("reference"):
        asked = Request.objects.filter(case__reference=reference, contact=contact.pk).first()
        found.case = asked.pk if asked else None
    found.save(update_fields=["sealed", "contact", "case"])
    _queue(found, contacts.lock(contact.pk), told, now)
    return True


def _contact(found: Pass, told: dict[str, str], now: datetime) -> Contact | None:
    if found.kind == Pass.Kind.MOVE:
        notice = policies.in_force(now).version
        return contacts.find_or_add(contacts.read(told["address"]), source="correction", notice=notice, now=now)
    if found.contact:
        return Contact.objects.filter(pk=found.contact, erased_at=None).first()
    return contacts.find(contacts.read(told["address"]))


def _queue(found: Pass, contact: Contact, told: dict[str, str], now: datetime) -> None:
    digits = told["digits"]
    lasts = found.expires_at - found.asked_at
    more: dict[str, str | int] = {"minutes": LASTS.seconds // 60}
    if "page" in told:
        more = {
            "page": f"{brand().site_url}{told['page']}",
            "number": told["number"],
            "did": DID.get(told["way"], "wrote to us"),
            "good_for": f"{lasts.days} days" if lasts.days else f"{lasts.seconds // 60} minutes",
        }
    permit(contact, found.interaction, WORDS, now)
    outbox.queue(
        USES[contact.kind],
        contact,
        about=outbox.About(interaction=found.interaction, type=type_of_text(contact)),
        template="request_code",
        context={"code": f"{digits[:4]} {digits[4:]}", "kind": found.kind, **more},
        data=(contacts.FIELDS[contact.kind],),
        now=now,
        expires=found.expires_at,
    )


def permit(contact: Contact, interaction: str, words: str, now: datetime) -> None:
    """Whoever asks something wants to hear the answer, on the way on which we hold them."""
    channel = CHANNELS[contact.kind]
    ledger.record(
        contact.pk,
        Verb.GRANTED if channel is Channel.TEXT else Verb.ASKED,
        channel,
        interaction,
        method="request",
        interaction=interaction,
        wording=wordings.keep(words, now),
        now=now,
        policy_version=policies.in_force(now).version,
    )


def type_of_text(contact: Contact) -> str:
    """Texts leave from the number of some kind of occasion; one about a request leaves from that of test drives."""
    return "test-drive" if contact.kind == Contact.Kind.PHONE else ""


def find(token: str, now: datetime) -> Pass | None:
    """One that still waits for its digits."""
    return Pass.objects.filter(token_digest=digest(token), confirmed_at=None, expires_at__gt=now).first()


def check(found: Pass, typed: str, now: datetime) -> bool:
    """True once, for the right digits in time. Each try is counted before it is looked at."""
    waiting = Pass.objects.filter(
        pk=found.pk, confirmed_at=None, expires_at__gt=now, tries__lt=MOST_TRIES, contact__isnull=False
    )
    if not waiting.update(tries=F("tries") + 1):
        return False
    digits = "".join(filter(str.isdigit, typed))
    if not secrets.compare_digest(bytes(found.code_digest), code_digest(found.pk, digits)):
        return False
    return bool(Pass.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=now, expires_at=now + OPEN))


def confirmed(token: str, now: datetime) -> Pass | None:
    """One whose code came back, for the half hour in which it opens something."""
    return Pass.objects.filter(token_digest=digest(token), confirmed_at__isnull=False, expires_at__gt=now).first()


def forget_expired(now: datetime) -> int:
    return Pass.objects.filter(expires_at__lte=now).delete()[0]
