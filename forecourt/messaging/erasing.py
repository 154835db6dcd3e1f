"""What we wrote to somebody, and what they texted back."""

from collections import Counter
from datetime import datetime

from forecourt.messaging.models import Message, Reply
from forecourt.people import erasing
from forecourt.people.erasing import Contacts

COVERS = frozenset({"messaging.Message", "messaging.Reply"})


def register() -> None:
    erasing.add_part(erasing.Part("messaging", COVERS, remove))


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    """What still waits is never sent."""
    theirs = (model._default_manager.filter(contact__in=contact_ids) for model in (Message, Reply))
    return sum(map(erasing.delete, theirs), Counter())
