"""The cars that somebody saved, once an account took them over. What only a browser's cookie finds has no name on it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from forecourt.people import erasing
from forecourt.people.erasing import Contacts
from forecourt.vehicles.builds.models import Shelf

COVERS = frozenset({"builds.Shelf", "builds.SavedBuild"})


def register() -> None:
    erasing.add_part(erasing.Part("builds", COVERS, remove, keys=keys))


def keys(contact_ids: Contacts) -> Iterable[UUID]:
    return Shelf.objects.filter(person__in=contact_ids).values_list("pk", flat=True)


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    return erasing.delete(Shelf.objects.filter(person__in=contact_ids))
