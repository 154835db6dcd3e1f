"""Mail to us becomes a case: read, sealed, numbered, and acknowledged once, unless a machine sent it."""

import re
import uuid
from datetime import datetime

from forecourt.adapters.mail import incoming
from forecourt.adapters.mail.incoming import Received
from forecourt.cases.actions import LETTERS
from forecourt.cases.models import Case
from forecourt.inquiries import actions
from forecourt.inquiries.actions import Said
from forecourt.inquiries.forms import plain
from forecourt.inquiries.models import Inquiry
from forecourt.people import contacts, vault
from forecourt.people.addresses import Address, BadAddress
from forecourt.web.brand import brand

REFERENCE = re.compile(rf"\b[{LETTERS}]{{4}}-[{LETTERS}]{{4}}\b")
# What is kept as it came. A longer email is taken all the same, without its attachments.
MOST_KEPT = 10_000_000
WORDLESS = "(no words; see the email as it came)"


def take(raw: bytes, now: datetime) -> Inquiry:
    """The inquiry that this email became or joined, however often it comes."""
    received = incoming.parse(raw)
    said = read(raw, received, now)
    if earlier := goes_on(received, said):
        return actions.go_on(earlier, said, now)
    try:
        return actions.take(said, now)
    except actions.FormSpent:
        # Another email under the same id: what tells them apart is all of it.
        return actions.take(read(raw, received, now, of=raw.hex()), now)


def read(raw: bytes, received: Received, now: datetime, *, of: str = "") -> Said:
    address = address_of(received)
    words = plain("\n\n".join(filter(None, (received.subject, received.words)))) or WORDLESS
    return Said(
        words=words,
        way=Case.Channel.EMAIL,
        nonce=uuid.UUID(bytes=vault.blind_index("email", f"{received.sender} {of or received.id}")[:16]),
        received_at=now,
        address=address,
        site=Inquiry.Site.NOT_SAID,
        original=raw if len(raw) <= MOST_KEPT else b"",
        acknowledge=address is not None and not received.is_automatic and not is_ours(address),
    )


def address_of(received: Received) -> Address | None:
    """Whoever cannot be written back to is read all the same."""
    try:
        return contacts.read_email(received.sender)
    except BadAddress:
        return None


def is_ours(address: Address) -> bool:
    """Writing to ourselves would never end."""
    return address.comparable in {one.lower() for one in (brand().privacy_email, *brand().email_from.values())}


def goes_on(received: Received, said: Said) -> Inquiry | None:
    """An open inquiry whose number stands in the subject, if the same address wrote it."""
    named = REFERENCE.search(received.subject)
    found = actions.by_reference(named[0]) if named and said.address else None
    if found is None or not found.is_open or found.submission_id is None or said.address is None:
        return None
    return found if contacts.find(said.address) == found.contact else None
