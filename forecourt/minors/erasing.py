"""A parent who is asked, or said yes, when they are erased: the yes goes with them."""

from collections import Counter
from datetime import datetime

from forecourt.minors.models import Asking
from forecourt.people import erasing
from forecourt.people.erasing import Contacts


def register() -> None:
    erasing.add_part(erasing.Part("minors", frozenset({"minors.Asking"}), remove))


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    return erasing.delete(Asking.objects.filter(contact__in=contact_ids))
