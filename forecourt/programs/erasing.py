"""What somebody asked of programs and lenders, and what they sent as proof."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from forecourt.cases import actions as cases
from forecourt.people import erasing
from forecourt.people.erasing import Contacts
from forecourt.programs.models import Claim, CreditRequest, Document

COVERS = frozenset({"programs.Claim", "programs.CreditRequest", "programs.Document"})
OUTCOME = "erased"


def register() -> None:
    erasing.add_part(erasing.Part("programs", COVERS, remove, keys=keys))


def keys(contact_ids: Contacts) -> Iterable[UUID]:
    claims = Claim.objects.filter(contact__in=contact_ids)
    yield from claims.filter(submission__isnull=False).values_list("submission", flat=True)
    yield from Document.objects.filter(claim__in=claims).values_list("pk", flat=True)
    yield from CreditRequest.objects.filter(contact__in=contact_ids).values_list("submission", flat=True)


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    """A claim that nobody answered yet is no more work for anybody."""
    claims = Claim.objects.filter(contact__in=contact_ids).select_related("case")
    for claim in claims.filter(case__closed_at=None):
        cases.close_case(claim.case, OUTCOME, now)
    return erasing.delete(claims) + erasing.delete(CreditRequest.objects.filter(contact__in=contact_ids))
