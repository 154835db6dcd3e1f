"""What belongs to somebody, room by room, so that erasing leaves none of it out.

A room that keeps rows about people says so when it starts, with a Part: which of its tables it answers for, under which keys its
values lie, and how its rows go. Rooms start from the top of the house down, and in that order their rows go: those that point
before those that are pointed at. A table of the inventory for which nobody answers is a finding of `forecourt policy check`.
"""

import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from forecourt.people.models import Contact, Link, Memory, Sealed, Subject, Supplied

Contacts = Collection[uuid.UUID]


def nothing(contacts: Contacts) -> Iterable[uuid.UUID]:
    return ()


@dataclass(frozen=True, slots=True)
class Part:
    """One room's share in an erasure.

    `covers` are labels of models. `keys` are the subjects that seal the room's values, besides the contacts themselves; `anchors`
    those whose row has to stay, since a receipt hangs on it. `lock` holds what the room locks before a contact. `remove` says how
    many rows of which table went. All are asked again after a crash, so each finds nothing where its work is done.
    """

    room: str
    covers: frozenset[str]
    remove: Callable[[Contacts, datetime], Counter[str]]
    keys: Callable[[Contacts], Iterable[uuid.UUID]] = nothing
    anchors: Callable[[Contacts], Iterable[uuid.UUID]] = nothing
    lock: Callable[[Contacts], object] = nothing


_parts: dict[str, Part] = {}


def add_part(part: Part) -> None:
    _parts[part.room] = part


def parts() -> tuple[Part, ...]:
    return tuple(_parts.values())


def covered() -> frozenset[str]:
    return frozenset().union(*(part.covers for part in parts()))


def delete(rows: QuerySet) -> Counter[str]:
    """Rows, and those that hang on them: how many of each table."""
    return Counter(rows.delete()[1])


def everybody(contact_ids: Contacts) -> list[uuid.UUID]:
    """These, and each browser that is known by nobody else's address; in the order in which they are locked.

    A browser that others used too is theirs as well: it stays, and what linked it with these goes.
    """
    ids = set(contact_ids)
    theirs = set(Link.objects.filter(contact__in=ids).values_list("browser", flat=True))
    shared = Link.objects.filter(browser__in=theirs).exclude(contact__in=ids).values_list("browser", flat=True)
    return sorted(ids | theirs - set(shared))


def hold_still(contact_ids: Contacts) -> None:
    """Hold all that changes with them to the end of the transaction. Rows that point to a contact wait too, those that are only
    being added among them."""
    for part in parts():
        part.lock(contact_ids)
    list(Contact.objects.select_for_update(of=("self",)).filter(pk__in=contact_ids).order_by("pk"))


def keys_of(contact_ids: Contacts) -> set[uuid.UUID]:
    return {uuid.UUID(str(key)) for part in parts() for key in part.keys(contact_ids)}


def remove_all(contact_ids: Contacts, now: datetime) -> Counter[str]:
    """Everything of theirs, in every room. Under the contacts' locks; the keys have gone before."""
    keys = keys_of(contact_ids) - set(contact_ids)
    removed: Counter[str] = Counter()
    for part in parts():
        removed += part.remove(contact_ids, now)
    anchored = {uuid.UUID(str(key)) for part in parts() for key in part.anchors(contact_ids)}
    removed += delete(Sealed.objects.filter(subject__in=keys | set(contact_ids)))
    return removed + delete(Subject.objects.filter(pk__in=keys - anchored))


# This room's own part


def register() -> None:
    covers = frozenset(
        {"people.Subject", "people.Contact", "people.Sealed", "people.Memory", "people.Link", "people.Supplied"}
    )
    add_part(Part("people", covers, remove=_remove, keys=_memories))


def _memories(contact_ids: Contacts) -> Iterable[uuid.UUID]:
    """What forms remember for an address, whoever's browser holds the token."""
    known = Contact.objects.filter(pk__in=contact_ids).values_list("index", flat=True)
    return Memory.objects.filter(about__in=list(known)).values_list("pk", flat=True)


def _remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    """The contact's row stays as the place in the ledger that proofs and receipts point to, and nothing finds it any more: its
    index is drawn at random."""
    removed: Counter[str] = Counter()
    for contact in Contact.objects.filter(pk__in=contact_ids, erased_at=None):
        contact.index, contact.zones = secrets.token_bytes(32), []
        contact.frozen_at, contact.erased_at = None, now
        contact.save(update_fields=["index", "zones", "frozen_at", "erased_at"])
        removed["people.Contact"] += 1
    removed += delete(Supplied.objects.filter(contact__in=contact_ids))
    if cut := _cut_links(contact_ids):
        removed["people.Link"] = cut
    return removed


def _cut_links(contact_ids: Contacts) -> int:
    """The application may not delete a link; the database's own function does, and only those of somebody erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_cut_links(%s::uuid[])", [list(contact_ids)])
        return cursor.fetchone()[0]
