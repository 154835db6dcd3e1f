"""A request that came by letter, call, email or message: its sender shows by a code that an address is theirs, and our machines answer.

Nobody at the desk decides who somebody is. A code goes to the address that we hold, and is typed on our own page; what it was sent
for is what may be started, and nothing else. From then on it is a request like any other, received on the day on which it reached us.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from forecourt.accounts import throttle
from forecourt.cases.models import Case
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.models import Inquiry
from forecourt.people.models import Contact
from forecourt.requests import corrections, deleting, know, notices, passes
from forecourt.requests.models import IdentityCheck, Pass, Request

Way = Case.Channel
# Whoever is on the phone types it now; a letter's answer takes days.
WHILE_ON_THE_PHONE, BY_POST = timedelta(minutes=15), timedelta(days=14)
# A mailbox may be somebody else's by the time that a forgotten case is opened again.
COUNTS_FOR = timedelta(days=14)
KINDS = {one.value: one for one in Request.Kind}


class NotNow(inquiries.NotNow):
    """The sentence says what stands in the way."""


def of(case: Case) -> IdentityCheck | None:
    return IdentityCheck.objects.select_related("request__case").filter(case=case).first()


@transaction.atomic
def send_code(inquiry: Inquiry, now: datetime, *, by: str) -> IdentityCheck:
    """To the address that they left, if it is one. A new code takes the place of one before. Raises throttle.TooMany."""
    held = inquiries.lock(inquiry)
    contact = held.contact
    kind = KINDS.get(held.case.kind)
    if kind is None:
        raise NotNow("Decide first what it asks for: to see, to correct or to delete what we have.")
    if contact is None or contact.erased_at:
        raise NotNow("They left no address to which a code could go. Print them the letter with the page for requests.")
    if contact.frozen_at:
        raise NotNow("This record is frozen: nothing may use it.")
    throttle.count((throttle.ASKED_ANYWHERE, str(contact.pk)), now=now)
    lasts = WHILE_ON_THE_PHONE if held.case.came_by == Way.PHONE else BY_POST
    sent = passes.ask_sender(Pass.Kind(kind.value), contact, held.case, now, lasts=lasts)
    check, _ = IdentityCheck.objects.update_or_create(
        case=held.case,
        defaults={
            "kind": kind,
            "contact": contact.pk,
            "sent": sent.pk,
            "sent_at": now,
            "sent_by": by,
            "good_until": sent.expires_at,
            "shown_at": None,
        },
    )
    return check


def note_shown(found: Pass, now: datetime) -> None:
    """The code came back, on our own page."""
    IdentityCheck.objects.filter(sent=found.pk, shown_at=None).update(shown_at=now)


def received(found: Pass) -> datetime:
    """The day on which it was first asked, by whatever way."""
    check = IdentityCheck.objects.select_related("case").filter(sent=found.pk).first()
    return check.case.opened_at if check else found.asked_at


def has_shown(check: IdentityCheck | None, inquiry: Inquiry, now: datetime) -> bool:
    """Lately, that this very address is theirs, for what the case asks for now."""
    if check is None or check.shown_at is None or inquiry.contact is None or check.shown_at <= now - COUNTS_FOR:
        return False
    return (check.kind, check.contact) == (inquiry.case.kind, inquiry.contact.pk)


@transaction.atomic
def start(inquiry: Inquiry, said: Mapping[str, str], now: datetime, *, by: str) -> Request:
    """Our machines take it from here. `said`, by the vault's fields, is what is to be corrected. The case closes with word of it."""
    held = inquiries.lock(inquiry)
    check = IdentityCheck.objects.select_for_update().filter(case=held.case).first()
    if not has_shown(check, held, now) or check is None or held.contact is None:
        raise NotNow("They have not shown yet that the address is theirs. Send them a code first.")
    if held.contact.frozen_at:
        raise NotNow("This record is frozen: nothing may use it.")
    request = by_themselves(check) or begin(held, held.contact, said, now)
    check.request, check.started_by = request, by
    check.save(update_fields=["request", "started_by"])
    inquiries.answer(held, words_of(request), way_out(held.case), now, by=by)
    inquiries.close(held, inquiries.Outcome.DONE, now)
    return request


def by_themselves(check: IdentityCheck) -> Request | None:
    """Whoever typed the code may have gone on by themselves, on the page that it opened."""
    theirs = Request.objects.filter(contact=check.contact, kind=check.kind, acknowledged_at__gte=check.shown_at)
    return theirs.select_related("case").order_by("acknowledged_at").first()


def begin(inquiry: Inquiry, contact: Contact, said: Mapping[str, str], now: datetime) -> Request:
    """The clock started when it reached us."""
    received, way = inquiry.case.opened_at, Way(inquiry.case.came_by)
    if inquiry.case.kind == Request.Kind.KNOW:
        return know.ask(contact.pk, received, now, came_by=way)
    if inquiry.case.kind == Request.Kind.DELETE:
        return deleting.ask(contact.pk, received, now, came_by=way)
    if not said:
        raise NotNow("Enter what is to be corrected, as they wrote it.")
    return corrections.ask(contact.pk, said, received, now, waits=False, came_by=way)


def way_out(case: Case) -> Case.Channel:
    """As it came. Word by email is the request's own, which leaves at once."""
    return Way(case.came_by) if case.came_by in (Way.PHONE, Way.LETTER) else Way.WEB


def words_of(request: Request) -> str:
    return (
        f"You showed that the address is yours, and what you asked for has begun, under the number {request.case.reference}. "
        f"It is answered by {notices.day(request.answer_by)} at the latest, and its own page says how it goes: "
        f"{notices.page_of(request)}"
    )
