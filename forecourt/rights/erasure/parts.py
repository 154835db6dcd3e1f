"""This room's own part: codes that were sent to somebody."""

from collections import Counter
from datetime import datetime

from forecourt.people import erasing
from forecourt.people.erasing import Contacts
from forecourt.rights.models import Code


def register() -> None:
    erasing.add_part(erasing.Part("rights", frozenset({"rights.Code"}), remove))


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    return erasing.delete(Code.objects.filter(contact__in=contact_ids))
