"""People for the benches: each with a tick or a wish in the ledger, and one message waiting. None of them exists."""

import uuid
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from forecourt.adapters import keystore
from forecourt.consent.models import Entry, Standing, Verb
from forecourt.messaging import bodies, outbox
from forecourt.messaging.models import Message
from forecourt.people import contacts, vault
from forecourt.people.models import Contact, Sealed, Subject

AT_ONCE = 2000


@dataclass(frozen=True)
class Kind:
    """One sort of message, and what somebody said that lets it leave."""

    contact: str
    channel: str
    use: str
    verb: Verb

    def address(self, place: int) -> str:
        """Whoever receives for the bench is ours too, so an address need only be nobody else's of the crowd."""
        return f"+1202{7_000_000 + place}" if self.contact == "phone" else f"visitor-{place}@crowd.invalid"

    def body(self, place: int) -> bodies.Body:
        if self.channel == "text":
            return bodies.Body("", f"Wren: see you tomorrow at 10:30. Number {place}. Reply STOP to stop.", "", "")
        text = f"See you tomorrow at 10:30, visitor {place}.\n" + "Bring your licence and a warm coat.\n" * 20
        html = "<!doctype html><title>Tomorrow</title>" + "<p>Bring your licence and a warm coat.</p>\n" * 40
        return bodies.Body("Your test drive tomorrow", text, html, f"https://wren.example/m/{place}/")


TEXT = Kind("phone", "text", "test-drive-reminder-text", Verb.GRANTED)
EMAIL = Kind("email", "email", "test-drive-reminder-email", Verb.ASKED)


def gather(people: int, kind: Kind) -> dict[uuid.UUID, str]:
    """So many people, committed; their addresses by contact id, in the order in which their messages wait."""
    now = timezone.now()
    crowd = {uuid.uuid4(): kind.address(place) for place in range(people)}
    keystore.create_many(list(crowd))
    field = contacts.FIELDS[kind.contact]
    zone = daytime_zone()
    add(Subject(id=contact, kind=Subject.Kind.CONTACT, created_at=now) for contact in crowd)
    add(
        Contact(
            subject_id=contact, kind=kind.contact, index=vault.blind_index(kind.contact, address), seq=1, zones=[zone]
        )
        for contact, address in crowd.items()
    )
    add(sealed(contact, field, address, now) for contact, address in crowd.items())
    add(message(contact, place, kind, zone, now) for place, contact in enumerate(crowd))
    add(
        Entry(
            contact=contact, seq=1, at=now, verb=kind.verb, channel=kind.channel, scope=f"interaction:{contact}",
            method="bench", by="person", policy_version="bench",
        )
        for contact in crowd
    )  # fmt: skip
    add(
        Standing(contact=contact, channel=kind.channel, scope=f"interaction:{contact}", **{kind.verb.column: 1})
        for contact in crowd
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_contact, messaging_message, consent_standing")
    return crowd


def add(rows) -> None:
    rows = list(rows)
    type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)


def sealed(contact: uuid.UUID, field: str, address: str, now) -> Sealed:
    row = uuid.uuid4()
    value = vault.seal_text(contact, field, row, address)
    return Sealed(id=row, subject_id=contact, field=field, value=value, source="bench", notice="bench", at=now)


def message(contact: uuid.UUID, place: int, kind: Kind, zone: str, now) -> Message:
    row = uuid.uuid4()
    return Message(
        id=row, contact_id=contact, channel=kind.channel, use=kind.use, interaction=f"interaction:{contact}",
        interaction_type="test-drive", zones=[zone], data=[contacts.FIELDS[kind.contact]],
        body=vault.seal_text(contact, outbox.BODY, row, kind.body(place).dumps()), link_digest=outbox.digest(str(row)),
        queued_at=now, due=now,
    )  # fmt: skip


def daytime_zone() -> str:
    """Quiet hours are not what is measured: a zone where it is noon or a little later, whenever this runs."""
    return f"Etc/GMT{timezone.now().hour - 12:+d}"
