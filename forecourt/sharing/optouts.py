"""A no travels: everybody who got somebody's data from us hears of it, and what each of them answered is kept.

Source: Cal. Civ. Code 1798.135, 11 CCR 7026(f)(2) and (3): third parties are told within 15 business days. Ours are told in
the minutes after, and whoever has not acknowledged it by then stands on a list.
"""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays
from django.db import transaction
from django.db.models import Q, QuerySet

from forecourt.consent import switches
from forecourt.policy import law
from forecourt.policy.policy import Switch
from forecourt.policy.sales import SIGNALLED
from forecourt.sharing import audiences, outbox
from forecourt.sharing.models import Lead, Outgoing, Receipt, Share

# One of these off, and whoever has the data has to know.
TOLD_OF = SIGNALLED


@transaction.atomic
def tell(contact_ids: Collection[uuid.UUID], said: Collection[Switch], now: datetime) -> None:
    """Within the transaction that records the no. Everybody linked with them is meant as well."""
    if not TOLD_OF & set(said):
        return
    everybody = switches.lock(contact_ids)
    audiences.leave(everybody, now)
    for lead in Lead.objects.filter(contact__in=everybody, change=0).order_by("requested_at"):
        outbox.tell_dealer_of_no(lead.interaction, now)
    for contact_id, code in sorted(_networks_that_got(everybody, now)):
        outbox.queue_share("opt-out-notice", Share.Kind.NOTICE, contact_id, code, now)


def _networks_that_got(contact_ids: Collection[uuid.UUID], now: datetime) -> set[tuple[uuid.UUID, str]]:
    """Who got something about whom since it was last told of a no; audiences are told by their removal."""
    told: dict[tuple[uuid.UUID, str], datetime] = {}
    notices = Share.objects.filter(contact__in=contact_ids, kind=Share.Kind.NOTICE)
    for contact_id, code, at in notices.values_list("contact", "recipient", "requested_at"):
        told[contact_id, code] = max(at, told.get((contact_id, code), at))
    got = Share.objects.filter(contact__in=contact_ids, kind__in=[Share.Kind.JOIN, Share.Kind.EVENT])
    return {
        (contact_id, code)
        for contact_id, code, at in got.filter(state__in=outbox.MAY_HAVE_LEFT).values_list(
            "contact", "recipient", "requested_at"
        )
        if (contact_id, code) not in told or at > told[contact_id, code]
    }


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient that is to know. `acknowledged` is when it said that it does, `due` the last day that the law gives."""

    recipient: str
    asked: datetime
    due: date
    acknowledged: datetime | None
    state: str
    row: Lead | Share

    def is_overdue(self, now: datetime) -> bool:
        return self.acknowledged is None and now.date() > self.due


def progress(contact_ids: Collection[uuid.UUID]) -> list[Told]:
    """Who was told of the noes of these contacts, newest first."""
    return sorted(_told(Q(contact__in=contact_ids)), key=lambda one: one.asked, reverse=True)


def missing(now: datetime) -> list[Told]:
    """Whoever has not acknowledged yet, the longest waiting first."""
    return sorted(
        (one for one in _told(~Q(state=Outgoing.State.LEFT)) if not one.acknowledged), key=lambda one: one.asked
    )


def overdue(now: datetime) -> list[Told]:
    return [one for one in missing(now) if one.is_overdue(now)]


def notices() -> tuple[QuerySet[Lead], QuerySet[Share]]:
    kinds = [Share.Kind.NOTICE, Share.Kind.REMOVAL]
    return Lead.objects.filter(says_no=True), Share.objects.filter(kind__in=kinds)


def _told(which: Q) -> Iterator[Told]:
    leads, shares = notices()
    for rows in (leads.filter(which), shares.filter(which)):
        for row in rows.select_related("recipient"):
            receipt = Receipt.objects.filter(**{row.NAME: row}).first()
            yield Told(
                row.recipient.name,
                row.requested_at,
                due_day(row.requested_at),
                receipt.at if receipt else None,
                row.state,
                row,
            )


def due_day(asked: datetime) -> date:
    """The last business day that the law gives; Saturdays, Sundays, federal and Californian holidays do not count."""
    days = law.value("opt_out_business_days", asked)
    calendar = holidays.country_holidays("US", subdiv="CA")
    day = asked.date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in calendar
    return day
