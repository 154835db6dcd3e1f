"""A no travels: everybody who got somebody's data from us hears of it, and what each of them answered is kept.

Source: Cal. Civ. Code 1798.135, 11 CCR 7026(f)(2) and (3): third parties are told within 15 business days. Ours are told in
the minutes after, are reminded every day, and whoever has not acknowledged it by then stands on a list.
"""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from forecourt.adapters.queue import enqueue
from forecourt.consent import leases, policies, switches
from forecourt.people import browsers
from forecourt.policy import days, law
from forecourt.policy.policy import Need, Switch
from forecourt.policy.reasons import Reason
from forecourt.policy.sales import SIGNALLED
from forecourt.sharing import audiences, handoff, outbox
from forecourt.sharing.fields import OPT_OUT
from forecourt.sharing.models import Lead, Outgoing, Receipt, Share

State = Outgoing.State
# One of these off, and whoever has the data has to know.
TOLD_OF = SIGNALLED


@transaction.atomic
def tell(contact_ids: Collection[uuid.UUID], said: Collection[Switch], now: datetime) -> None:
    """Within the transaction that records the no. Everybody linked with them is meant as well."""
    if not TOLD_OF & set(said):
        return
    everybody = switches.lock(contact_ids)
    handoff.review(everybody, now)
    audiences.leave(everybody, now)
    for lead in Lead.objects.filter(contact__in=everybody, change=0).order_by("requested_at"):
        outbox.tell_dealer_of_no(lead.interaction, now)
    for contact_id, code in sorted(_networks_that_heard(everybody)):
        outbox.queue_share(notice_to(code, now), Share.Kind.NOTICE, contact_id, code, now)


def notice_to(code: str, now: datetime) -> str:
    """The use that lets this recipient be told of a no. Without one it is not told, and stands on the list until it is."""
    uses = policies.in_force(now).uses.values()
    theirs = (use.id for use in uses if use.needs is Need.OPT_OUT and use.to == code and OPT_OUT in use.data)
    return next(theirs, f"{code}-notice")


def _networks_that_heard(contact_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, str]]:
    """Who heard what about whom since it was last told of a no. Whoever counts them in an audience is told by the removal."""
    shares = Share.objects.filter(contact__in=contact_ids)
    heard = shares.filter(kind=Share.Kind.EVENT, state__in=outbox.MAY_HAVE_LEFT)
    told = _newest(shares.filter(kind=Share.Kind.NOTICE).exclude(MOOT))
    return {who for who, at in _newest(heard).items() if who not in told or at > told[who]}


def _newest(shares: QuerySet[Share]) -> dict[tuple[uuid.UUID, str], datetime]:
    rows = shares.order_by("requested_at").values_list("contact", "recipient", "requested_at")
    return {(contact_id, code): at for contact_id, code, at in rows}


def settled(contact_ids: Collection[uuid.UUID]) -> bool:
    """Wait until nothing about them or anybody linked is in a partner's hands. Call it after the no's commit."""
    everybody = {one for contact_id in contact_ids for one in browsers.linked(contact_id)}
    return all(leases.wait_out("sharing_share", one) for one in sorted(everybody))


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient that is to know. `acknowledged` is when it said that it does, `due` the last day that the law gives."""

    recipient: str
    asked: datetime
    due: date
    acknowledged: datetime | None
    row: Lead | Share

    def is_overdue(self, now: datetime) -> bool:
        return self.acknowledged is None and now.date() > self.due


# Whoever said yes again before anybody was told has nothing left to tell.
MOOT = Q(state=State.REFUSED, reason=Reason.NOT_REQUESTED)
KEPT_WAITING = ~Q(state=State.LEFT) & ~MOOT


def progress(contact_ids: Collection[uuid.UUID]) -> list[Told]:
    """Who was told of the noes of these contacts, newest first."""
    return sorted(_told(Q(contact__in=contact_ids) & ~MOOT), key=lambda one: one.asked, reverse=True)


def missing(now: datetime) -> list[Told]:
    """Whoever has not acknowledged a no that was said by now, the longest waiting first."""
    return sorted(_told(KEPT_WAITING & Q(requested_at__lte=now)), key=lambda one: one.asked)


def overdue(now: datetime) -> list[Told]:
    return [one for one in missing(now) if one.is_overdue(now)]


def _told(which: Q) -> Iterator[Told]:
    for row in _rows(which):
        receipt: Receipt | None = getattr(row, "receipt", None)
        yield Told(
            row.recipient.name, row.requested_at, due_day(row.requested_at), receipt.at if receipt else None, row
        )


def _rows(which: Q) -> Iterator[Lead | Share]:
    yield from Lead.objects.filter(which, says_no=True).select_related("recipient", "receipt")
    yield from Share.objects.filter(which, kind__in=Share.SAYS_NO).select_related("recipient", "receipt")


@transaction.atomic
def remind(now: datetime) -> int:
    """Say it again to whoever did not take it, or may not have: a no that is heard twice harms nobody."""
    again = [State.FAILED, State.UNKNOWN, State.REFUSED]
    rows = list(_rows(KEPT_WAITING & Q(state__in=again)))
    for row in rows:
        say_again(row, now)
    return len(rows)


@transaction.atomic
def say_again(row: Lead | Share, now: datetime) -> bool:
    """The row keeps the day on which it was first said. Whether it may leave is decided anew."""
    says_no = Q(says_no=True) if isinstance(row, Lead) else Q(kind__in=Share.SAYS_NO)
    waits = type(row).objects.filter(says_no, KEPT_WAITING, pk=row.pk).exclude(state=State.HANDING)
    if again := waits.update(state=State.QUEUED, due=now, attempts=0) == 1:
        task = outbox.DELIVER if isinstance(row, Lead) else outbox.DELIVER_SHARE
        enqueue(task, "sharing", **{f"{row.NAME}_id": str(row.pk)})
    return again


def due_day(asked: datetime) -> date:
    """The last business day that the law gives; Saturdays, Sundays, federal and Californian holidays do not count."""
    return days.business_days_after(asked.date(), law.value("opt_out_business_days", asked))
