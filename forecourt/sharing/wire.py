"""From what was decided to the bytes that the recipient's system takes. Nothing here decides."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from forecourt.adapters import adnetwork, crm
from forecourt.adapters.crm import adf
from forecourt.adapters.outcomes import Rejected
from forecourt.people import contacts, pseudonyms, vault
from forecourt.people.models import Contact
from forecourt.sharing import figures, outbox
from forecourt.sharing.fields import (
    APPOINTMENT,
    ERASURE,
    FINANCIAL,
    INTEREST,
    NAME,
    OPT_OUT,
    PSEUDONYM,
    categories,
    field_of,
)
from forecourt.sharing.models import Lead, Share
from forecourt.web.brand import brand


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the recipient will read: values by data category."""

    fields: dict[str, str]


def open_parcel(row: Lead | Share, contact: Contact, now: datetime) -> Parcel:
    if isinstance(row, Share) and row.kind == Share.Kind.ERASURE:
        return Parcel({PSEUDONYM: " ".join(outbox.numbers(row)), ERASURE: ""})
    fields = dict.fromkeys(categories(row, contact), "") | {field_of(contact): name_of(row, contact, now)}
    if isinstance(row, Lead):
        name = vault.open_fields(row.submission_id, [NAME], purpose=row.use, who="sharing", now=now)
        interest = f"{row.model_year} {row.model_name}"
        fields |= {**name, INTEREST: interest}
        fields |= {category: row.wish for category in (OPT_OUT, APPOINTMENT) if category in fields}
        fields |= {category: figures.open_at_the_door(row, now) for category in (FINANCIAL,) if category in fields}
    return Parcel(fields)


def name_of(row: Lead | Share, contact: Contact, now: datetime) -> str:
    """Who it is about: an address, or of a browser the name that this recipient alone knows it by."""
    if contact.kind == Contact.Kind.BROWSER:
        return pseudonyms.of_contact(contact, row.recipient_id, purpose=row.use, who="sharing", now=now)
    return contacts.address_of(contact, purpose=row.use, who="sharing", now=now).text


def send(row: Lead | Share, parcel: Parcel, deadline: float) -> str:
    if isinstance(row, Share) and row.kind == Share.Kind.ERASURE:
        return _ask_to_erase(row, parcel.fields[PSEUDONYM].split(), deadline)
    if isinstance(row, Share):
        told = adnetwork.Told(row.kind, row.contact.kind, parcel.fields[field_of(row.contact)], row.event)
        return adnetwork.current().send(row.recipient.endpoint, told, deadline, str(row.pk))
    try:
        content = xml(row, parcel)
    except (LookupError, ValueError) as problem:
        # Nothing left, and no later try would help.
        raise Rejected(type(problem).__name__) from problem
    return crm.current().send(row.recipient.endpoint, content, deadline, str(row.pk))


def _ask_to_erase(row: Share, about: list[str], deadline: float) -> str:
    endpoint, reference = row.recipient.endpoint, str(row.pk)
    if row.recipient.kind in outbox.TAKE_LEADS:
        return crm.current().erase(endpoint, about, deadline, reference)
    return adnetwork.current().send(endpoint, adnetwork.Told(row.kind, about=tuple(about)), deadline, reference)


def xml(lead: Lead, parcel: Parcel) -> bytes:
    """The ADF 1.0 lead. It says nothing of texts: consent to ours is no consent to the dealer's."""
    return adf.build(
        adf.Prospect(
            reference=uuid.UUID(str(lead.pk)),
            requested_at=lead.requested_at,
            year=lead.model_year,
            make=brand().name,
            model=lead.model_name,
            name=parcel.fields[NAME],
            email=parcel.fields.get(contacts.FIELDS["email"], ""),
            phone=parcel.fields.get(contacts.FIELDS["phone"], ""),
            comments=lead.wish,
            credit=adf.Credit(*parcel.fields[FINANCIAL].split("/")) if FINANCIAL in parcel.fields else None,
            vendor=lead.recipient.name,
            vendor_id=lead.recipient_id,
            provider=brand().name,
        )
    )
