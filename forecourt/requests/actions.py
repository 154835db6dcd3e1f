"""Taking in a request and answering it. A request is acknowledged in the moment in which it is opened."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy import request_clocks
from forecourt.requests import notices
from forecourt.requests.models import Request

Kind, Answer, Reason = Request.Kind, Request.Answer, Request.Reason


class MayNotExtend(Exception):
    """It was extended before, its first days are over, or it is answered."""


@transaction.atomic
def open_request(
    kind: Request.Kind,
    contact_id: uuid.UUID,
    received: datetime,
    now: datetime,
    *,
    came_by: Case.Channel = Case.Channel.WEB,
) -> Request:
    """One at a time of each kind: whoever asks again while it is open follows the one that is there. What an agent began is the
    person's own from the moment when they ask for it too."""
    contact = contacts.lock(contact_id)
    if there := Request.objects.select_related("case").filter(contact=contact_id, kind=kind, answer="").first():
        if there.case.came_by == Case.Channel.AGENT != came_by:
            there.case.came_by = came_by
            there.case.save(update_fields=["came_by"])
        return there
    clock = request_clocks.clock(received)
    case = cases.open_case(
        Case.Kind(kind.value), came_by=came_by, contact=contact_id, by=None, now=received, due=clock.ends_at
    )
    request = Request.objects.create(
        case=case,
        kind=kind,
        contact=contact_id,
        received_at=received,
        acknowledged_at=now,
        acknowledge_by=clock.acknowledge_by,
        answer_by=clock.answer_by,
    )
    notices.received(request, contact, now)
    return request


@transaction.atomic
def answer(request: Request, how: Request.Answer, now: datetime, **receipt: Any) -> bool:
    """Once. The reason stands on the case, and its sentence on the person's own page."""
    done = Request.objects.filter(pk=request.pk, answer="").update(
        answer=how, answered_at=now, receipt={**request.receipt, **receipt}
    )
    request.refresh_from_db()
    if done:
        cases.close_case(request.case, how.value, now)
        notices.answered(request, Contact.objects.filter(pk=request.contact, erased_at=None).first(), now)
    return bool(done)


@transaction.atomic
def extend(request: Request, reason: Request.Reason, now: datetime) -> Request:
    """Once, within the first days, and never without word of it and why."""
    request = Request.objects.select_for_update().select_related("case").get(pk=request.pk)
    clock = request_clocks.clock(request.received_at, extended=request.extended_at is not None)
    if not request.is_open or not clock.may_extend(now):
        raise MayNotExtend
    longer = request_clocks.clock(request.received_at, extended=True)
    request.extended_at, request.extension_reason, request.answer_by = now, reason, longer.answer_by
    request.save(update_fields=["extended_at", "extension_reason", "answer_by"])
    request.case.due_at = longer.ends_at
    request.case.save(update_fields=["due_at"])
    notices.extended(request, Contact.objects.filter(pk=request.contact, erased_at=None).first(), now)
    return request


def under_way(kind: Request.Kind, contact_id: uuid.UUID, now: datetime) -> Request | None:
    """One that is not answered yet, or whose file still lies here."""
    waiting = Q(answer="") | Q(archive__expires_at__gt=now)
    return Request.objects.select_related("case").filter(waiting, contact=contact_id, kind=kind).first()


def open_requests() -> QuerySet[Request]:
    return Request.objects.filter(answer="").select_related("case").order_by("answer_by", "received_at")


def overdue(now: datetime) -> list[Request]:
    return list(open_requests().filter(answer_by__lt=request_clocks.day_of(now)))


def forget_old(now: datetime) -> int:
    """The record of an answered request, and its case, after the months of the law."""
    today = request_clocks.day_of(now)
    answered = Request.objects.filter(answered_at__isnull=False).only("pk", "answered_at")
    old = [
        one.pk for one in answered.iterator() if one.answered_at and request_clocks.forget_on(one.answered_at) <= today
    ]
    return Case.objects.filter(pk__in=old).delete()[0] and len(old)


def of_contact(contact_id: uuid.UUID) -> list[Request]:
    return list(Request.objects.filter(contact=contact_id).select_related("case").order_by("-received_at"))
