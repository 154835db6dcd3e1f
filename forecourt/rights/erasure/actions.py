"""Erasing somebody, for good and everywhere: frozen first, then whatever is in a provider's hands is waited out, then keys and rows go.

Between any two steps a machine may die: what was asked for stands in a row, and whoever comes next goes on with it. Keys go before
rows, so that what is found half done can be read by nobody.
"""

import logging
import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from forecourt.consent import kept_noes, leases
from forecourt.people import erasing, freezing, subjects
from forecourt.rights.erasure import holds
from forecourt.rights.models import Erasure, ErasureHold
from forecourt.sharing import optouts
from forecourt.sharing.models import Share

log = logging.getLogger(__name__)

IN_HANDS: tuple[leases.Table, ...] = ("messaging_message", "sharing_lead", "sharing_share")


class StillInHand(Exception):
    """A provider has something of theirs for longer than any lease lasts; the job tries again."""


def erase(contact_ids: Collection[uuid.UUID], *, case: str, reason: str, now: datetime) -> Erasure:
    """Everything that we hold of these contacts, in every room, and of browsers that are theirs alone; the receipt.

    Whatever should still reach them by email or text has to have left before: what waits is not sent. Asking twice with the same
    case is asking once. A hold makes it wait: then `done_at` is empty, and a job goes on when the hold ends. Call it outside a
    transaction: it waits for providers, up to the ten seconds of a lease.
    """
    return carry_out(ask(contact_ids, case=case, reason=reason, now=now), now)


def ask(contact_ids: Collection[uuid.UUID], *, case: str, reason: str, now: datetime) -> Erasure:
    """Written down, so that it happens whatever becomes of this process; and nothing uses their data from here on."""
    wanted = {"case": case, "contacts": sorted(set(contact_ids))}
    with transaction.atomic():
        erasure, _ = Erasure.objects.get_or_create(**wanted, defaults={"reason": reason, "asked_at": now})
        if erasure.done_at is None:
            freezing.freeze(erasing.everybody(erasure.contacts), now)
    return erasure


def carry_out(erasure: Erasure, now: datetime) -> Erasure:
    theirs = erasing.everybody(erasure.contacts)
    if erasure.done_at or holds.in_force(theirs, now):
        return erasure
    if not all(leases.wait_out(table, one, 2 * leases.SECONDS) for table in IN_HANDS for one in theirs):
        raise StillInHand(f"erasure {erasure.pk}")
    return _remove(erasure.pk, now)


def go_on(now: datetime) -> int:
    """What was asked for and is not done, the oldest first; how many were finished."""
    done = 0
    for erasure in unfinished():
        try:
            done += carry_out(erasure, now).done_at is not None
        except Exception:
            # One that fails must not hold up those behind it.
            log.exception("erasure %s is not done", erasure.pk)
    return done


def waits_for(erasure: Erasure, now: datetime) -> ErasureHold | None:
    """What the person is told while it is not done: `sentence` and `until`."""
    return None if erasure.done_at else holds.in_force(erasing.everybody(erasure.contacts), now)


def told(erasure: Erasure) -> list[optouts.Told]:
    """Whoever had something of theirs and was asked to erase it, and when each said that it did."""
    asked = Share.objects.filter(contact__in=erasure.contacts, kind=Share.Kind.ERASURE)
    return [one for one in optouts.progress(erasure.contacts) if one.row in asked]


def unfinished() -> QuerySet[Erasure]:
    return Erasure.objects.filter(done_at=None).order_by("asked_at")


@transaction.atomic
def _remove(erasure_id: uuid.UUID, now: datetime) -> Erasure:
    erasure = Erasure.objects.select_for_update().get(pk=erasure_id)
    if erasure.done_at:
        return erasure
    theirs = erasing.everybody(erasure.contacts)
    erasing.hold_still(theirs)
    if holds.in_force(theirs, now):
        return erasure
    erasure.kept_noes = kept_noes.keep(theirs, now)
    keys = {*theirs, *erasing.keys_of(theirs)}
    subjects.destroy_keys(keys)
    removed = erasing.remove_all(theirs, now)
    erasure.done_at, erasure.removed, erasure.keys = now, dict(sorted(removed.items())), len(keys)
    erasure.save(update_fields=["done_at", "removed", "keys", "kept_noes"])
    return erasure
