"""Frozen: nothing reads, sends or shares what is somebody's, from the end of this transaction on. It lies there until it is erased, or
until somebody finds that it may be used again.

The contact's mark is what the doors ask for; that of each key's subject is what the vault asks for itself.
"""

from datetime import datetime

from forecourt.people import erasing
from forecourt.people.erasing import Contacts
from forecourt.people.models import Contact, Subject


def freeze(contact_ids: Contacts, now: datetime) -> None:
    """Inside the caller's transaction; under their locks, so that no door decides about them after this."""
    erasing.hold_still(contact_ids)
    Contact.objects.filter(pk__in=contact_ids, frozen_at=None, erased_at=None).update(frozen_at=now)
    theirs = {*contact_ids, *erasing.keys_of(contact_ids)}
    Subject.objects.filter(pk__in=theirs, frozen_at=None).update(frozen_at=now)


def thaw(contact_ids: Contacts) -> None:
    """The other way round. Whoever calls has looked whether anything else keeps it frozen."""
    erasing.hold_still(contact_ids)
    Contact.objects.filter(pk__in=contact_ids, erased_at=None).update(frozen_at=None)
    Subject.objects.filter(pk__in={*contact_ids, *erasing.keys_of(contact_ids)}).update(frozen_at=None)
