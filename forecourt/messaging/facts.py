"""What a message's decision looks at, gathered under the contact's lock."""

import uuid
from datetime import datetime

from django.db import connection

from forecourt.consent import closures, policies, standing
from forecourt.messaging.models import Message
from forecourt.people.models import Contact
from forecourt.policy import limits
from forecourt.policy.decide import Facts


def columns(model: type[Contact] | type[Message], alias: str) -> tuple[tuple[str, ...], str]:
    fields = model._meta.concrete_fields
    return tuple(field.attname for field in fields), ", ".join(f'{alias}."{field.column}"' for field in fields)


OF_CONTACT, CONTACT = columns(Contact, "contact")
OF_MESSAGE, MESSAGE = columns(Message, "message")
# One journey, two statements: the second sees what became of the message while the first waited for the lock, which one
# statement would not. What stands is read in a third, so a stop that held the lock has been heard.
LOCK_AND_READ = f"""
SELECT {CONTACT} FROM people_contact contact JOIN messaging_message message ON message.contact_id = contact.subject_id
WHERE message.id = %(id)s FOR NO KEY UPDATE OF contact;
SELECT {MESSAGE} FROM messaging_message message WHERE message.id = %(id)s
"""


def lock(message_id: uuid.UUID) -> tuple[Contact, Message]:
    """Hold the row of the message's contact to the end of the transaction; both as they stand then."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_AND_READ, {"id": message_id})
        contact = cursor.fetchone()
        cursor.nextset()
        message = cursor.fetchone()
    if contact is None or message is None:
        raise Message.DoesNotExist(f"no message {message_id}")
    using = connection.alias
    return Contact.from_db(using, OF_CONTACT, contact), Message.from_db(using, OF_MESSAGE, message)


def gather(message: Message, contact: Contact, now: datetime) -> Facts:
    opens, closes = limits.text_hours(policies.in_force(now), now)
    return Facts(
        standing=standing.of(contact.pk),
        interaction=message.interaction,
        interaction_type=message.interaction_type,
        interaction_open=not message.over,
        frozen=contact.frozen_at is not None,
        closed_promises=closures.open_closures(),
        zones=tuple(sorted({*contact.zones, *message.zones})),
        expires=message.expires,
        data=frozenset(message.data),
        quiet_before=opens,
        quiet_after=closes,
    )
