"""What somebody wrote to us, when they are erased: the words go with their key, the number and its dates stay."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from forecourt.inquiries import actions
from forecourt.inquiries.models import Inquiry, Line
from forecourt.people import erasing
from forecourt.people.erasing import Contacts

COVERS = frozenset({"inquiries.Inquiry", "inquiries.Line", "inquiries.Recording"})


def register() -> None:
    erasing.add_part(erasing.Part("inquiries", COVERS, remove, keys=keys))


def keys(contact_ids: Contacts) -> Iterable[UUID]:
    theirs = Inquiry.objects.filter(contact__in=contact_ids, submission__isnull=False)
    yield from theirs.values_list("submission", flat=True)


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    """What waits for an answer is closed with the reason that its own page says."""
    theirs = Inquiry.objects.filter(contact__in=contact_ids)
    for inquiry in theirs.filter(case__closed_at=None).select_related("case"):
        actions.finish(inquiry, actions.Outcome.ERASED, now)
    gone = erasing.delete(Line.objects.filter(inquiry__in=theirs))
    if cut := theirs.update(contact=None, submission=None):
        gone["inquiries.Inquiry"] = cut
    return gone
