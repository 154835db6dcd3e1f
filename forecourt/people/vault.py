"""The only place that seals and opens what people gave us. Each opening has a purpose and a name, and is logged.

Associated data bind a value to its subject, field and row, so that a ciphertext copied elsewhere does not open.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from forecourt.adapters import cipher, keystore
from forecourt.people.models import Sealed

# One statement, so that nothing is read without its line in the log.
OPEN = """
WITH newest AS (
    SELECT DISTINCT ON (field) id, field, value FROM people_sealed
    WHERE subject_id = %(subject)s AND field = ANY(%(fields)s)
    AND NOT EXISTS (SELECT FROM people_subject WHERE id = %(subject)s AND frozen_at IS NOT NULL) ORDER BY field, at DESC, id DESC
), logged AS (
    INSERT INTO people_opening (subject, who, "case", purpose, fields, at)
    SELECT %(subject)s, %(who)s, %(case)s, %(purpose)s, array_agg(field), %(now)s FROM newest HAVING count(*) > 0
    ON CONFLICT DO NOTHING
)
SELECT id, field, value FROM newest
"""


class NotHeld(LookupError):
    """The subject has no such field."""


class NotForThis(Exception):
    """The policy does not let this purpose open these fields. The sentence may be shown; `reason` is its code."""

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who wants to open which fields, and for what."""

    subject: uuid.UUID
    fields: Collection[str]
    purpose: str
    who: str
    case: str
    now: datetime


# Who opens, where it is the person's own page that shows it.
THEMSELVES = "visitor"

Guard = Callable[[Wanted], None]
# The room that knows the policy stands above this one, and brings the guard when it starts. Without one nothing opens.
_guards: list[Guard] = []


def add_guard(guard: Guard) -> None:
    """Asked before each opening; raises NotForThis where the purpose may not open the fields."""
    _guards.append(guard)


def _ask(wanted: Wanted) -> None:
    if not wanted.purpose or not wanted.who:
        raise ValueError("Opening a field needs a purpose and who opens it.")
    if not _guards:
        raise RuntimeError("Nobody judges purposes, so nothing opens: the room consent has not started.")
    for guard in _guards:
        guard(wanted)


def seal(subject_id: uuid.UUID, field: str, text: str, *, source: str, notice: str, now: datetime) -> Sealed:
    row_id = uuid.uuid4()
    value = seal_text(subject_id, field, row_id, text)
    return Sealed.objects.create(
        id=row_id, subject_id=subject_id, field=field, value=value, source=source, notice=notice, at=now
    )


def seal_text(subject_id: uuid.UUID, field: str, row_id: uuid.UUID, text: str) -> bytes:
    """For rows of other rooms that keep a sealed column of their own: message bodies, typed replies."""
    return seal_bytes(subject_id, field, row_id, text.encode())


def open_text(subject_id: uuid.UUID, field: str, row_id: uuid.UUID, value: bytes | memoryview) -> str:
    return open_bytes(subject_id, field, row_id, value).decode()


def seal_bytes(subject_id: uuid.UUID, field: str, row_id: uuid.UUID, content: bytes) -> bytes:
    """The same for what is no text: a photograph, a file."""
    return cipher.seal(keystore.get(subject_id), content, _binding(subject_id, field, row_id))


def open_bytes(subject_id: uuid.UUID, field: str, row_id: uuid.UUID, value: bytes | memoryview) -> bytes:
    return cipher.open(keystore.get(subject_id), bytes(value), _binding(subject_id, field, row_id))


def open_fields(
    subject_id: uuid.UUID, fields: Collection[str], *, purpose: str, who: str, case: str = "", now: datetime
) -> dict[str, str]:
    """The newest value of each field; fields that the subject never gave are absent, and of somebody frozen all are."""
    _ask(Wanted(subject_id, fields, purpose, who, case, now))
    asked: dict[str, Any] = {
        "subject": subject_id,
        "fields": list(fields),
        "who": who,
        "case": case,
        "purpose": purpose,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(OPEN, asked)
        return {field: open_text(subject_id, field, row_id, value) for row_id, field, value in cursor.fetchall()}


def log_opening(
    subject_id: uuid.UUID, fields: Collection[str], *, purpose: str, who: str, case: str = "", now: datetime
) -> None:
    _ask(Wanted(subject_id, fields, purpose, who, case, now))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO people_opening (subject, who, "case", purpose, fields, at)
               VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING""",
            [subject_id, who, case, purpose, list(fields), now],
        )


def blind_index(kind: str, comparable: str) -> bytes:
    """A keyed digest to find an address by, worthless without the key."""
    return hmac.digest(keystore.index_key(), f"{kind}:{comparable}".encode(), hashlib.sha256)


def number_of(kind: str, key: str) -> str:
    """What a log calls an account: the same on every line, and worthless without the key."""
    return blind_index("security log", f"{kind}:{key}").hex()[:16]


def _binding(subject_id: uuid.UUID, field: str, row_id: uuid.UUID) -> bytes:
    return b"|".join((subject_id.bytes, field.encode(), row_id.bytes))
