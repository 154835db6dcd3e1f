"""New subjects. The key is made first: a row whose key is missing could never be read, a key without row is swept."""

import uuid
from collections.abc import Collection
from datetime import datetime

from forecourt.adapters import keystore
from forecourt.people.models import Sealed, Subject


def add(kind: Subject.Kind, now: datetime, *, subject_id: uuid.UUID | None = None) -> Subject:
    """`subject_id` is one that `new_ids` made; else this makes one and its key."""
    if subject_id is None:
        [subject_id] = new_ids(1)
    return Subject.objects.create(id=subject_id, kind=kind, created_at=now)


def new_ids(number: int) -> list[uuid.UUID]:
    """With their keys. Where the wait must not tell whether somebody is new to us, make an id in any case."""
    made = [uuid.uuid4() for _ in range(number)]
    for subject_id in made:
        keystore.create(subject_id)
    return made


def erase(subject_id: uuid.UUID) -> None:
    """The key first: whatever happens to the rows, nobody reads them any more."""
    keystore.destroy(subject_id)
    Subject.objects.filter(pk=subject_id).delete()


def destroy_keys(subject_ids: Collection[uuid.UUID]) -> None:
    """Of many at once; their rows are for whoever calls."""
    keystore.destroy_many(subject_ids)


def silence(subject_id: uuid.UUID) -> None:
    """As erase, where receipts of what left still point to the row: it stays, and says nothing."""
    keystore.destroy(subject_id)
    Sealed.objects.filter(subject=subject_id).delete()


def is_erased(subject_id: uuid.UUID) -> bool:
    """Whether its key was destroyed, so that nothing sealed under it can ever be read."""
    try:
        keystore.get(subject_id)
    except keystore.KeyDestroyed:
        return True
    return False
