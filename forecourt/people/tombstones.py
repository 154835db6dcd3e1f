"""Who was erased, as the store of keys knows it: outside the database and its backups, so that no restore forgets it."""

import uuid

from forecourt.adapters import keystore
from forecourt.people.models import Contact, Subject


def write_beside(subject_id: uuid.UUID, words: str) -> None:
    """What outlives them: codes alone."""
    keystore.write_beside(subject_id, words)


def beside() -> dict[uuid.UUID, str]:
    return keystore.beside_tombstones()


def risen_contacts() -> list[uuid.UUID]:
    """Contacts of this database, and browsers, whose key was destroyed and whose row does not know it: it came from a backup."""
    return _with_tombstone(Contact.objects.filter(erased_at=None).values_list("pk", flat=True).iterator())


def risen_subjects() -> list[uuid.UUID]:
    """The same of submissions, memories and documents that still have a sealed field."""
    others = Subject.objects.exclude(kind=Subject.Kind.CONTACT).filter(sealed__isnull=False)
    memories = Subject.objects.filter(kind=Subject.Kind.MEMORY)
    return _with_tombstone([*others.values_list("pk", flat=True).distinct(), *memories.values_list("pk", flat=True)])


def _with_tombstone(subject_ids) -> list[uuid.UUID]:
    destroyed = keystore.tombstones()
    return sorted({one for one in subject_ids if one in destroyed}) if destroyed else []
