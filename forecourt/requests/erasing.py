"""What goes of somebody's requests when they are erased. The record of a request stays for the months of the law: when it came in and
how it was answered, under a random number that leads nowhere any more."""

from collections import Counter
from datetime import datetime

from forecourt.people import erasing
from forecourt.people.erasing import Contacts
from forecourt.requests.models import Archive, Correction, Pass

COVERS = frozenset({"requests.Pass", "requests.Archive", "requests.Correction"})


def register() -> None:
    erasing.add_part(erasing.Part("requests", COVERS, remove))


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    rows = (
        Pass.objects.filter(contact__in=contact_ids),
        Archive.objects.filter(request__contact__in=contact_ids),
        Correction.objects.filter(contact__in=contact_ids),
    )
    return sum(map(erasing.delete, rows), Counter())
