"""A new address for somebody: once a code came back from it, it takes the old one's place, with everything that hangs on it.

A no goes along, of both: what the old address refused binds whoever has it next, and what the new one had refused binds its owner
here. A yes to texts was the old phone's, and ends. An ad network is told to forget the old address before we do.
"""

import uuid
from datetime import datetime

from django.db import transaction

from forecourt.adapters.queue import enqueue
from forecourt.consent import kept_noes, ledger, policies, wordings
from forecourt.consent.models import Channel, KeptNo, Verb
from forecourt.people import contacts, vault
from forecourt.people.addresses import Address
from forecourt.people.models import Contact, Sealed
from forecourt.requests import corrections
from forecourt.requests.archive.reach import PARTS, Person
from forecourt.requests.models import Correction, Request
from forecourt.rights.erasure import actions as erasure
from forecourt.sharing import audiences, handoff
from forecourt.sharing.models import Outgoing, Share

State = Outgoing.State
METHOD = "correction"
WORDS = "My phone number is another now: no texts to it before I say yes again."
# Whoever has one of these is somebody already, and two histories are not made one by a form.
HISTORY = ("interactions.TestDrive", "programs.Claim", "programs.CreditRequest", "sharing.Lead", "accounts.Account")


class HasHistory(Exception):
    """The new address has records of its own with us."""


class OtherKind(Exception):
    """A phone number cannot take an email address's place, nor the other way round."""


@transaction.atomic
def ask(request: Request, new: Contact, now: datetime) -> None:
    """Begun now, and finished by a job, which may have to wait for others."""
    begin(request, new, now)
    enqueue(corrections.CORRECT, "people", case_id=str(request.pk))


def begin(request: Request, new: Contact, now: datetime) -> Correction:
    """The new address was proven a moment ago."""
    old = contacts.lock(request.contact)
    if old.kind != new.kind:
        raise OtherKind
    person = Person(new.pk)
    if any(part.of(person).exists() for part in PARTS if part.label in HISTORY):
        raise HasHistory
    correction, _ = Correction.objects.get_or_create(
        request=request,
        field=contacts.FIELDS[old.kind],
        defaults={"contact": old.pk, "away": [bytes(old.index)], "moves_to": new.pk, "at": now},
    )
    audiences.leave([old.pk], now)
    return correction


def carry_on(request: Request, now: datetime) -> bool:
    """What of it was begun and is not done. Not inside a transaction."""
    waiting = list(request.corrections.filter(done_at=None, moves_to__isnull=False))
    return sum(finish(correction, now) for correction in waiting) == len(waiting)


def finish(correction: Correction, now: datetime) -> bool:
    """Whether it is done: not while a network has still to be told by the old name."""
    goodbyes = Share.objects.filter(contact=correction.contact, kind__in=Share.SAYS_NO)
    for share_id in goodbyes.filter(state__in=[State.QUEUED, State.WAITING]).values_list("pk", flat=True):
        handoff.deliver_share(share_id, now)
    if goodbyes.filter(state__in=[State.QUEUED, State.WAITING, State.HANDING]).exists():
        return False
    new = Contact.objects.filter(pk=correction.moves_to, erased_at=None).first()
    if new is not None:
        _remember(correction, contacts.address_of(new, purpose=corrections.PURPOSE, who="visitor", now=now), new, now)
        erasure.erase([new.pk], case=correction.request.case.reference, reason="took another's place", now=now)
    _move(correction, now)
    return True


@transaction.atomic
def _remember(correction: Correction, address: Address, new: Contact, now: datetime) -> None:
    """Under the old one's key, and its noes in the old one's ledger, before the new one's own row says nothing any more."""
    notice = policies.in_force(now).version
    contacts.lock(correction.contact)
    Sealed.objects.filter(subject=correction.contact, field=correction.field).delete()
    vault.seal(correction.contact, correction.field, address.text, source=METHOD, notice=notice, now=now)
    for no in kept_noes.of(new.pk):
        verb, channel, scope = no.split(" ", 2)
        ledger.record(
            correction.contact, Verb(verb), Channel(channel), scope, method=METHOD, now=now, policy_version=notice
        )


@transaction.atomic
def _move(correction: Correction, now: datetime) -> None:
    old = contacts.lock(correction.contact)
    if noes := kept_noes.of(old.pk):
        KeptNo.objects.get_or_create(kind=old.kind, index=bytes(old.index), defaults={"noes": noes, "at": now})
    address = contacts.address_of(old, purpose=corrections.PURPOSE, who="visitor", now=now)
    KeptNo.objects.filter(kind=old.kind, index=vault.blind_index(address.kind, address.comparable)).delete()
    old.index, old.zones = vault.blind_index(address.kind, address.comparable), list(address.zones)
    old.save(update_fields=["index", "zones"])
    if old.kind == Contact.Kind.PHONE:
        _no_texts(old.pk, now)
    leads = corrections.pass_on(old, correction.field, now)
    Correction.objects.filter(pk=correction.pk).update(done_at=now, leads=leads, at=now)


def _no_texts(contact_id: uuid.UUID, now: datetime) -> None:
    ledger.record(
        contact_id,
        Verb.WITHDREW,
        Channel.TEXT,
        "all",
        method=METHOD,
        wording=wordings.keep(WORDS, now),
        now=now,
        policy_version=policies.in_force(now).version,
    )
