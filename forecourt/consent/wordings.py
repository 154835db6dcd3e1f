"""The exact words that stood beside a choice."""

import hashlib
from datetime import datetime

from django.db import connection


def keep(text: str, now: datetime) -> str:
    """Store the wording once and return its id, the first half of its SHA-256."""
    wording_id = hashlib.sha256(text.encode()).hexdigest()[:32]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent_wording (id, text, kept_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [wording_id, text, now],
        )
    return wording_id
