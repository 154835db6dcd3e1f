"""Whoever asked to see or to delete in the demo: the newest request that is nobody's check, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.requests import deleting, paths
from forecourt.requests.models import Request
from forecourt.rights.erasure import actions as erasure
from forecourt.rights.models import Erasure
from forecourt.run.tour.newcomer import PURPOSE
from forecourt.run.tour.whose import is_of_a_check


@dataclass(frozen=True, slots=True)
class Asked:
    """`page` is the request's own, which whoever asked has as well."""

    request: Request
    page: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Told:
    name: str
    acknowledged: datetime | None


@dataclass(frozen=True, slots=True)
class Gone:
    keys: int
    records: int
    told: list[Told]


def newest(kind: Request.Kind, now: datetime) -> Asked | None:
    found = Request.objects.filter(kind=kind).select_related("case").order_by("-acknowledged_at")[:10]
    return next((asked(one) for one in found if not _is_a_check(one, now)), None)


def asked(request: Request) -> Asked:
    took = (request.answered_at or request.acknowledged_at) - request.acknowledged_at
    return Asked(request, paths.path_of(request), max(1, -(-int(took.total_seconds()) // 60)))


def gone(request: Request) -> Gone | None:
    """Once everything of them went."""
    done: Erasure | None = deleting.receipt(request)
    if done is None:
        return None
    told = [Told(one.recipient, one.acknowledged) for one in erasure.told(done)]
    return Gone(done.keys, sum(done.removed.values()), told)


def _is_a_check(request: Request, now: datetime) -> bool:
    """Of whoever is erased nothing tells any more who it was; no check of ours deletes anybody over this page and leaves it so."""
    contact = Contact.objects.filter(pk=request.contact, erased_at=None).first()
    if contact is None:
        return request.kind != Request.Kind.DELETE
    return is_of_a_check(contacts.address_of(contact, purpose=PURPOSE, who="visitor", now=now).text)
