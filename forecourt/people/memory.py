"""What somebody asked us to fill in for them next time, under a key of its own. Only the token in their browser finds it.

Until the browser has shown that it kept the token, the memory lasts an hour: nothing stays that nobody can reach.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from forecourt.people import contacts, subjects, vault
from forecourt.people.models import Memory, Subject

UNCONFIRMED = timedelta(hours=1)
TOKEN = "form-memory"  # noqa: S105 (what the index is of)
FIELDS = ("user.name", "user.contact.email", "user.contact.phone_number")


def remember(values: Mapping[str, str], *, lasts: timedelta, notice: str, now: datetime) -> str:
    """The token that finds it again. `values` by the vault's fields; `notice` is the policy version that stood beside them."""
    token = new_token()
    [subject_id] = subjects.new_ids(1)
    with transaction.atomic():
        subject = subjects.add(Subject.Kind.MEMORY, now, subject_id=subject_id)
        Memory.objects.create(
            subject=subject,
            index=index(token),
            about=_about(values),
            kept_at=now,
            expires_at=now + UNCONFIRMED,
            lasts_until=now + lasts,
        )
        for field, value in values.items():
            vault.seal(subject_id, field, value, source="form-memory", notice=notice, now=now)
    return token


def confirm(token: str, now: datetime) -> None:
    """The browser sent it back, so it stays for as long as it was asked to."""
    found = Memory.objects.filter(index=index(token), expires_at__gt=now)
    found.exclude(expires_at=F("lasts_until")).update(expires_at=F("lasts_until"))


def recall(token: str, *, purpose: str, now: datetime) -> dict[str, str]:
    """The values by field; none where the token is unknown, forgotten or too old."""
    found = about(token, now)
    if found is None:
        return {}
    return vault.open_fields(found.pk, FIELDS, purpose=purpose, who="visitor", now=now)


def about(token: str, now: datetime) -> Memory | None:
    """Since when and until when, without opening anything."""
    return Memory.objects.filter(index=index(token), expires_at__gt=now).first()


def forget(token: str) -> bool:
    """Key and rows, for good. Whether there was anything."""
    found = Memory.objects.filter(index=index(token)).first()
    if found is None:
        return False
    subjects.erase(found.pk)
    return True


def forget_expired(now: datetime) -> int:
    expired = list(Memory.objects.filter(expires_at__lte=now).values_list("pk", flat=True))
    for subject_id in expired:
        subjects.erase(subject_id)
    return len(expired)


def _about(values: Mapping[str, str]) -> bytes | None:
    typed = next((values[field] for field in contacts.FIELDS.values() if field in values), "")
    if not typed:
        return None
    address = contacts.read(typed)
    return vault.blind_index(address.kind, address.comparable)


def new_token() -> str:
    return secrets.token_urlsafe(16)


def index(token: str) -> bytes:
    return vault.blind_index(TOKEN, token)
