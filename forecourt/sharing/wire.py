"""From a decided lead to the bytes that the dealer's system takes. Nothing here decides."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from forecourt.adapters import crm
from forecourt.adapters.crm import adf
from forecourt.adapters.outcomes import Rejected
from forecourt.people import contacts, vault
from forecourt.people.models import Contact
from forecourt.sharing.fields import APPOINTMENT, INTEREST, NAME
from forecourt.sharing.models import Lead
from forecourt.web.brand import brand


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the recipient will read: values by data category."""

    fields: dict[str, str]


def categories(lead: Lead, contact: Contact) -> frozenset[str]:
    """The kinds of data that the lead would carry, known without opening any."""
    return frozenset({NAME, contacts.FIELDS[contact.kind], INTEREST, APPOINTMENT})


def open_prospect(lead: Lead, contact: Contact, now: datetime) -> Prospect:
    name = vault.open_fields(lead.submission_id, [NAME], purpose=lead.use, who="sharing", now=now)
    address = contacts.address_of(contact, purpose=lead.use, who="sharing", now=now)
    interest = f"{lead.model_year} {lead.model_name}"
    return Prospect({**name, contacts.FIELDS[contact.kind]: address.text, INTEREST: interest, APPOINTMENT: lead.wish})


def send(lead: Lead, prospect: Prospect, deadline: float) -> str:
    try:
        content = xml(lead, prospect)
    except (LookupError, ValueError) as problem:
        # Nothing left, and no later try would help.
        raise Rejected(type(problem).__name__) from problem
    return crm.current().send(lead.recipient.endpoint, content, deadline, str(lead.pk))


def xml(lead: Lead, prospect: Prospect) -> bytes:
    """The ADF 1.0 lead. It says nothing of texts: consent to ours is no consent to the dealer's."""
    return adf.build(
        adf.Prospect(
            reference=uuid.UUID(str(lead.pk)),
            requested_at=lead.requested_at,
            year=lead.model_year,
            make=brand().name,
            model=lead.model_name,
            name=prospect.fields[NAME],
            email=prospect.fields.get(contacts.FIELDS["email"], ""),
            phone=prospect.fields.get(contacts.FIELDS["phone"], ""),
            comments=lead.wish,
            vendor=lead.recipient.name,
            vendor_id=lead.recipient_id,
            provider=brand().name,
        )
    )
