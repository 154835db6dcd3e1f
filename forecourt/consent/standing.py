"""What stands now: read from the projection, which can be rebuilt from the ledger and compared with it."""

import uuid

from django.db import connection, transaction

from forecourt.consent.models import Verb
from forecourt.policy.decide import Stand

COLUMNS = tuple(verb.column for verb in Verb)
LAST_SEQS = ", ".join(f"coalesce(max(seq) FILTER (WHERE verb = '{verb.value}'), 0) AS {verb.column}" for verb in Verb)
OF_ONE = f"SELECT channel, scope, {', '.join(COLUMNS)} FROM consent_standing WHERE contact = %s ORDER BY channel, scope"
FROM_LEDGER = f"SELECT contact, channel, scope, {LAST_SEQS} FROM consent_entry GROUP BY contact, channel, scope"


def of(contact_id: uuid.UUID) -> tuple[Stand, ...]:
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE, [contact_id])
        return tuple(Stand(*row) for row in cursor.fetchall())


def differences() -> list[tuple[uuid.UUID, str, str]]:
    """Where the projection and the ledger disagree: contact, channel, scope. Empty when all is well."""
    columns = ", ".join(("contact", "channel", "scope", *COLUMNS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH ledger AS ({FROM_LEDGER}), standing AS (SELECT {columns} FROM consent_standing)
                (SELECT contact, channel, scope FROM (TABLE ledger EXCEPT TABLE standing) AS missing)
                UNION (SELECT contact, channel, scope FROM (TABLE standing EXCEPT TABLE ledger) AS surplus)
                ORDER BY 1, 2, 3"""
        )
        return cursor.fetchall()


@transaction.atomic
def rebuild() -> int:
    """Make the projection anew from the ledger, with all contacts held still meanwhile; returns the rows made."""
    columns = ", ".join(("contact", "channel", "scope", *COLUMNS))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM people_contact ORDER BY subject_id FOR NO KEY UPDATE")
        cursor.execute("DELETE FROM consent_standing")
        cursor.execute(f"INSERT INTO consent_standing ({columns}) {FROM_LEDGER}")
        return cursor.rowcount
