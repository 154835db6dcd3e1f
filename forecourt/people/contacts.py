"""Addresses that people gave us, once each."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction

from forecourt.people import subjects, vault
from forecourt.people.addresses import Address, BadAddress, read, read_email, read_phone
from forecourt.people.models import Contact, Subject

__all__ = [
    "FIELDS",
    "BadAddress",
    "Erased",
    "address_of",
    "find",
    "find_or_add",
    "lock",
    "lock_by",
    "masked",
    "read",
    "read_email",
    "read_phone",
    "when_added",
]

FIELDS = {"email": "user.contact.email", "phone": "user.contact.phone_number"}


_when_added: list[Callable[[Contact, str, datetime], object]] = []


def when_added(action: Callable[[Contact, str, datetime], object]) -> None:
    """Called with each contact that is new, the policy version beside it, and the moment; in the transaction that adds it."""
    _when_added.append(action)


def find(address: Address) -> Contact | None:
    index = vault.blind_index(address.kind, address.comparable)
    return Contact.objects.filter(kind=address.kind, index=index).first()


def find_or_add(
    address: Address, *, source: str, notice: str, now: datetime, new_id: uuid.UUID | None = None
) -> Contact:
    """`new_id` is for an address that we do not hold yet; see subjects.new_ids."""
    if contact := find(address):
        return contact
    try:
        with transaction.atomic():
            subject = subjects.add(Subject.Kind.CONTACT, now, subject_id=new_id)
            contact = Contact.objects.create(
                subject=subject,
                kind=address.kind,
                index=vault.blind_index(address.kind, address.comparable),
                zones=list(address.zones),
            )
            vault.seal(subject.id, FIELDS[address.kind], address.text, source=source, notice=notice, now=now)
            for action in _when_added:
                action(contact, notice, now)
            return contact
    except IntegrityError:
        # Somebody else added the same address a moment ago.
        if contact := find(address):
            return contact
        raise


class Erased(LookupError):
    """Whoever this was is erased; the same address is somebody new to us."""


def lock(contact_id: uuid.UUID) -> Contact:
    """Hold the contact's row to the end of the transaction: doors decide and stops count under it. Erased where it was erased
    while we waited."""
    contact = lock_by(pk=contact_id)
    if contact.erased_at:
        raise Erased
    return contact


def lock_by(**what: uuid.UUID) -> Contact:
    """As lock, in one statement, by what belongs to the contact: lock_by(message=...), lock_by(lead=...)."""
    return Contact.objects.select_for_update(of=("self",), no_key=True).get(**what)


def address_of(contact: Contact, *, purpose: str, who: str, case: str = "", now: datetime) -> Address:
    field = FIELDS[contact.kind]
    opened = vault.open_fields(contact.pk, [field], purpose=purpose, who=who, case=case, now=now)
    if field not in opened:
        raise vault.NotHeld(f"contact {contact.pk} has no address")
    return Address(contact.kind, opened[field])


def masked(contact: Contact, *, purpose: str, who: str, now: datetime) -> str:
    return address_of(contact, purpose=purpose, who=who, now=now).masked
