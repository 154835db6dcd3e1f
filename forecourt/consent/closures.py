"""Promises that are closed because their check failed twice. A red closes uses, not doors."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction

from forecourt.consent.models import Closure


def open_closures() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT promise FROM consent_closure WHERE until IS NULL")
        return frozenset(promise for (promise,) in cursor.fetchall())


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
