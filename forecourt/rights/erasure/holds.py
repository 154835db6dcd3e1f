"""Why an erasure may have to wait: the law, an order that is not finished, somebody's safety. Nothing else counts, nobody decides
alone, and every hold ends on a day that is known from the start. Meanwhile nothing uses the data: it is frozen."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from forecourt.people import contacts
from forecourt.rights.models import ErasureHold

LONGEST = timedelta(days=366)


class NotAllowed(ValueError):
    """The sentence says why, and is for whoever asked."""


def ask(
    contact_id: uuid.UUID, *, case: str, ground: ErasureHold.Ground, until: datetime, by: User, now: datetime
) -> ErasureHold:
    """It holds nothing yet: somebody else has to agree."""
    if not now < until <= now + LONGEST:
        raise NotAllowed(
            "Choose a day after today, and at most a year away. A hold that is still needed then is asked for anew."
        )
    return ErasureHold.objects.create(
        contact=contact_id, case=case, ground=ground, asked_by=by, asked_at=now, until=until
    )


@transaction.atomic
def approve(hold_id: uuid.UUID, *, by: User, now: datetime) -> ErasureHold:
    """Under the contact's lock, so that an erasure that is under way either sees it or was there first."""
    hold = ErasureHold.objects.select_for_update().get(pk=hold_id)
    if hold.asked_by_id == by.pk:
        raise NotAllowed("Somebody else has to agree: you asked for this hold yourself.")
    if hold.approved_at or hold.ended_at or hold.until <= now:
        raise NotAllowed("This hold was decided on, or its day has passed.")
    try:
        contacts.lock(hold.contact)
    except contacts.Erased:
        raise NotAllowed("It is too late: the data is erased.") from None
    hold.approved_by, hold.approved_at = by, now
    hold.save(update_fields=["approved_by", "approved_at"])
    return hold


def end(hold_id: uuid.UUID, *, by: User, now: datetime) -> None:
    """Before its day, by anybody; what waited for it is erased within minutes. One that nobody agreed to is dropped so."""
    ErasureHold.objects.filter(pk=hold_id, ended_at=None).update(ended_at=now, ended_by=by)


def in_force(contact_ids: Collection[uuid.UUID], now: datetime) -> ErasureHold | None:
    """The one that lasts longest."""
    theirs = ErasureHold.objects.filter(in_force_at(now), contact__in=contact_ids)
    return theirs.order_by("-until").first()


def in_force_at(now: datetime) -> Q:
    return Q(approved_at__isnull=False, ended_at=None, until__gt=now)


def to_show(now: datetime) -> QuerySet[ErasureHold]:
    """Those that hold and those that wait for somebody to agree."""
    return ErasureHold.objects.filter(ended_at=None, until__gt=now).select_related("asked_by", "approved_by")
