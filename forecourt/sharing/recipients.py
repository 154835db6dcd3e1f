"""Who may get data, and under which contract."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from forecourt.consent import contracts
from forecourt.sharing.models import Lead, Recipient


def register(code: str, kind: str, name: str, endpoint: str) -> Recipient:
    recipient, _ = Recipient.objects.update_or_create(
        code=code, defaults={"kind": kind, "name": name, "endpoint": endpoint, "active": True}
    )
    return recipient


@transaction.atomic
def sign(code: str, version: str, terms: Collection[str], starts: datetime, ends: datetime, now: datetime) -> bool:
    """Record a signed contract and let the leads that waited for one try again."""
    added = contracts.register(code, version, terms, starts, ends, now)
    if added:
        Lead.objects.filter(recipient_id=code, state=Lead.State.WAITING).update(state=Lead.State.QUEUED, due=now)
    return added
