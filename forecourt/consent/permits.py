"""A permit is the stored yes for one thing that leaves. Only doors write one, inside their first transaction."""

import uuid
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from forecourt.people.models import Contact
from forecourt.policy.decide import Allowed, Facts

GRANT = """
INSERT INTO consent_permit
    (id, contact, use, recipient, interaction, interaction_type, policy_version, as_of, seqs, facts, decided_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def grant(contact: Contact, allowed: Allowed, facts: Facts, now: datetime) -> uuid.UUID:
    permit = uuid.uuid4()
    judged = {
        "zones": list(facts.zones),
        "contract": facts.contract.version if facts.contract else "",
        "data": sorted(facts.data),
        "quiet": [facts.quiet_before.isoformat(), facts.quiet_after.isoformat()],
    }
    row: tuple[Any, ...] = (
        permit, contact.pk, allowed.use, facts.recipient, facts.interaction, facts.interaction_type,
        allowed.policy_version, contact.seq, list(allowed.seqs), Jsonb(judged), now,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(GRANT, row)
    return permit
