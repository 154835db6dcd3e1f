"""One search box: an address, a case's number, or the id of a message, a lead or a booking.

Addresses lie sealed, so they are found whole or not at all.
"""

import uuid
from dataclasses import dataclass

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.addresses import BadAddress
from forecourt.people.models import Contact
from forecourt.sharing.models import Lead, Share


class NothingRead(ValueError):
    """What was typed is none of the things that can be found; the sentence says which are."""


@dataclass(frozen=True, slots=True)
class Found:
    contact: Contact | None = None
    case: Case | None = None


def find(typed: str) -> Found:
    """Raises NothingRead where the text is no address, number or id; answers with nothing where it is one we do not hold."""
    typed = typed.strip()
    if case := cases.find(typed):
        return Found(case=case)
    if (number := as_uuid(typed)) is not None:
        return Found(contact=contact_behind(number))
    try:
        return Found(contact=contacts.find(contacts.read(typed)))
    except BadAddress as problem:
        raise NothingRead(
            f"{problem} A case’s number has eight letters and figures; the ids of messages, leads and bookings have 32."
        ) from None


def as_uuid(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed.rpartition(":")[2])
    except ValueError:
        return None


def contact_behind(number: uuid.UUID) -> Contact | None:
    for model in (Message, Lead, Share, TestDrive):
        if row := model.objects.select_related("contact").filter(pk=number).first():
            return None if row.contact.kind == Contact.Kind.BROWSER else row.contact
    return Contact.objects.filter(pk=number).exclude(kind=Contact.Kind.BROWSER).first()
