"""Promises that are closed because their check failed twice. A red closes uses, not doors."""

from datetime import datetime

from django.db import IntegrityError, transaction

from forecourt.consent.models import Closure


def open_closures() -> frozenset[str]:
    return frozenset(Closure.objects.filter(until=None).values_list("promise", flat=True))


def close(promise: str, finding: str, now: datetime) -> bool:
    """Shut the uses that rest on the promise; False when they were shut already."""
    try:
        with transaction.atomic():
            Closure.objects.create(promise=promise, finding=finding, since=now)
    except IntegrityError:
        return False
    return True


def reopen(promise: str, now: datetime) -> bool:
    return bool(Closure.objects.filter(promise=promise, until=None).update(until=now))
