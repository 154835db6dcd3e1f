"""What somebody booked with us."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from forecourt.interactions.models import TestDrive
from forecourt.people import erasing
from forecourt.people.erasing import Contacts

COVERS = frozenset({"interactions.TestDrive", "interactions.Hold", "interactions.Change", "interactions.Reminder"})


def register() -> None:
    erasing.add_part(erasing.Part("interactions", COVERS, remove, keys=keys, lock=lock))


def lock(contact_ids: Contacts) -> None:
    """The drive before its contact, as everywhere: whoever moves one just now is waited for."""
    list(TestDrive.objects.select_for_update(no_key=True).filter(contact__in=contact_ids).order_by("pk"))


def keys(contact_ids: Contacts) -> Iterable[UUID]:
    return TestDrive.objects.filter(contact__in=contact_ids).values_list("submission", flat=True)


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    """With a drive that is still to come its car is free again."""
    return erasing.delete(TestDrive.objects.filter(contact__in=contact_ids))
