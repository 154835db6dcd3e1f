"""Everything that anyone told us enters here, under the lock of the contact that said it.

The statement below is one round trip: it takes the contact's row lock, counts its seq, adds the entry and moves the standing.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from forecourt.consent.models import Channel, Verb
from forecourt.people.models import Contact

RECORD = """
WITH contact AS (
    UPDATE people_contact SET seq = seq + 1 WHERE subject_id = %(contact)s RETURNING subject_id, seq
), entry AS (
    INSERT INTO consent_entry
        (contact, seq, at, verb, channel, scope, interaction, method, by, wording, policy_version, digest)
    SELECT subject_id, seq, %(at)s, %(verb)s, %(channel)s, %(scope)s, %(interaction)s, %(method)s, %(by)s, %(wording)s,
           %(policy_version)s, %(digest)s
    FROM contact RETURNING contact, seq
)
INSERT INTO consent_standing (contact, channel, scope, asked, granted, withdrew, stopped, started, wrong_number)
SELECT contact, %(channel)s, %(scope)s,
       CASE WHEN %(verb)s = 'asked' THEN seq ELSE 0 END,
       CASE WHEN %(verb)s = 'granted' THEN seq ELSE 0 END,
       CASE WHEN %(verb)s = 'withdrew' THEN seq ELSE 0 END,
       CASE WHEN %(verb)s = 'stopped' THEN seq ELSE 0 END,
       CASE WHEN %(verb)s = 'started' THEN seq ELSE 0 END,
       CASE WHEN %(verb)s = 'wrong-number' THEN seq ELSE 0 END
FROM entry
ON CONFLICT (contact, channel, scope) DO UPDATE SET
    asked = greatest(consent_standing.asked, excluded.asked),
    granted = greatest(consent_standing.granted, excluded.granted),
    withdrew = greatest(consent_standing.withdrew, excluded.withdrew),
    stopped = greatest(consent_standing.stopped, excluded.stopped),
    started = greatest(consent_standing.started, excluded.started),
    wrong_number = greatest(consent_standing.wrong_number, excluded.wrong_number)
RETURNING greatest(asked, granted, withdrew, stopped, started, wrong_number)
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the ledger gave back: the entry's place in the contact's order."""

    contact: uuid.UUID
    seq: int


def record(
    contact_id: uuid.UUID,
    verb: Verb,
    channel: Channel,
    scope: str,
    *,
    method: str,
    now: datetime,
    policy_version: str,
    by: str = "person",
    wording: str = "",
    interaction: str = "",
    digest: str = "",
) -> Recorded:
    values: dict[str, Any] = {
        "contact": contact_id,
        "at": now,
        "verb": Verb(verb).value,
        "channel": Channel(channel).value,
        "scope": scope,
        "interaction": interaction,
        "method": method,
        "by": by,
        "wording": wording,
        "policy_version": policy_version,
        "digest": digest,
    }
    with connection.cursor() as cursor:
        cursor.execute(RECORD, values)
        row = cursor.fetchone()
    if row is None:
        raise Contact.DoesNotExist(f"no contact {contact_id}")
    return Recorded(contact_id, row[0])
