"""To delete: the acknowledgement leaves first, since afterwards there is nobody left to write to; then everything goes."""

import uuid
from datetime import datetime

from django.db import transaction

from forecourt.adapters.queue import enqueue
from forecourt.cases.models import Case
from forecourt.messaging import handoff
from forecourt.messaging.models import Message
from forecourt.requests import actions
from forecourt.requests.archive.reach import PARTS, Person
from forecourt.requests.models import Request
from forecourt.rights.erasure import actions as erasure
from forecourt.rights.models import Erasure

ERASE = "forecourt.requests.jobs.erase"
REASON = "requested by the person"
# What somebody knows by these names; the tables behind them go with them.
NAMED = (
    "interactions.TestDrive",
    "builds.SavedBuild",
    "programs.Claim",
    "programs.CreditRequest",
    "messaging.Message",
    "messaging.Reply",
    "sharing.Membership",
    "accounts.Account",
    "people.Sealed",
)


@transaction.atomic
def ask(
    contact_id: uuid.UUID, received: datetime, now: datetime, *, came_by: Case.Channel = Case.Channel.WEB
) -> Request:
    request = actions.open_request(Request.Kind.DELETE, contact_id, received, now, came_by=came_by)
    enqueue(ERASE, "people", case_id=str(request.pk))
    return request


def carry_out(request: Request, now: datetime) -> bool:
    """Not inside a transaction: it waits for what is in a provider's hands. Whether it is answered now."""
    if not request.is_open:
        return False
    for message_id in Message.objects.filter(interaction=request.interaction, state="queued").values_list(
        "pk", flat=True
    ):
        handoff.deliver(message_id, now)
    if not begin(request, now):
        return False
    done = erasure.erase([request.contact], case=request.case.reference, reason=REASON, now=now)
    return done.done_at is not None and actions.answer(request, Request.Answer.DELETED, now)


@transaction.atomic
def begin(request: Request, now: datetime) -> bool:
    """Not where it was revoked a moment before; and from here on nothing revokes it."""
    if not Request.objects.select_for_update().filter(pk=request.pk, answer="").exists():
        return False
    erasure.ask([request.contact], case=request.case.reference, reason=REASON, now=now)
    return True


def has_begun(request: Request) -> bool:
    return Erasure.objects.filter(case=request.case.reference).exists()


def receipt(request: Request) -> Erasure | None:
    return Erasure.objects.filter(case=request.case.reference, done_at__isnull=False).first()


def what_goes(contact_id: uuid.UUID) -> list[tuple[str, int]]:
    """Before it goes, in the words of the file that one can ask for."""
    person = Person(contact_id)
    counts = [(part.title, part.of(person).count()) for part in PARTS if part.label in NAMED]
    return [(title, number) for title, number in counts if number]
