"""A child's data was reported: frozen in the same transaction, looked at by a person, then erased everywhere, or found to be no
child's by two people. Who gets a false report about somebody else in, has stopped that record for some days and no more: nothing is
erased before a person looked, and for a year after such a finding the next report of it freezes nothing by itself.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from forecourt.cases.models import Case
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.actions import Outcome, Said
from forecourt.inquiries.models import Inquiry
from forecourt.interactions.bindings import NOBODY, Caller
from forecourt.minors.models import Release, Report
from forecourt.people import contacts, erasing, freezing
from forecourt.people.addresses import Address
from forecourt.rights.erasure import actions as erasure
from forecourt.rights.models import Erasure

REASON = "a child's data"
TRUSTED = timedelta(days=365)


class NotNow(Exception):
    """The sentence says what stands in the way."""


@transaction.atomic
def take(said: Said, named: Collection[Address], told_by: str, now: datetime, caller: Caller = NOBODY) -> Inquiry:
    """A report by form: its case, and what it names frozen, or neither."""
    inquiry = inquiries.take(said, now, caller)
    freeze(inquiry.case, named, now, told_by=told_by)
    return inquiry


@transaction.atomic
def freeze(case: Case, named: Collection[Address], now: datetime, *, told_by: str = "", looked: bool = False) -> Report:
    """What we hold under these addresses is out of every use at once. `looked` where a person decided so."""
    held = {found.pk for address in named if (found := contacts.find(address))}
    spared = set() if looked else found_no_childs(held, now)
    report, _ = Report.objects.select_for_update().get_or_create(case=case, defaults={"told_by": told_by, "at": now})
    report.to_look_at = sorted({*report.to_look_at, *spared} - (held - spared))
    report.contacts = sorted({*report.contacts, *held - spared})
    report.save(update_fields=["contacts", "to_look_at"])
    freezing.freeze(erasing.everybody(report.contacts), now)
    if first := next(iter(report.contacts), None):
        # Whoever has the case can ask for a hold of what it is about.
        case.contact = first
        case.save(update_fields=["contact"])
    return report


def found_no_childs(contact_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of which two people found within a year that they are no child's."""
    lately = Release.objects.filter(agreed_at__gt=now - TRUSTED, report__contacts__overlap=list(contact_ids))
    return {one for release in lately.select_related("report") for one in release.report.contacts} & set(contact_ids)


def erase(inquiry: Inquiry, now: datetime) -> Erasure | None:
    """Everywhere, with receipts, and the case is closed with it. None where we hold nothing. A hold that two people agreed to makes
    it wait, frozen; the case stays open until it is done."""
    report = of(inquiry.case)
    if report is None or not report.contacts:
        return None
    asked = erasure.ask(report.contacts, case=inquiry.case.reference, reason=REASON, now=now)
    try:
        done = erasure.carry_out(asked, now)
    except erasure.StillInHand:
        return asked
    finish(done, now)
    return done


def finish(done: Erasure, now: datetime) -> bool:
    """Closes the case of an erasure that is done, whoever carried it out."""
    inquiry = inquiries.by_reference(done.case)
    if done.done_at is None or inquiry is None or not inquiry.is_open:
        return False
    inquiries.close(inquiry, Outcome.CHILD_ERASED, now)
    return True


def finish_all(now: datetime) -> int:
    """Those that the job of erasures, or the end of a hold, has carried out since."""
    open_cases = Report.objects.filter(case__closed_at=None).values("case__reference")
    return sum(finish(done, now) for done in Erasure.objects.filter(case__in=open_cases, done_at__isnull=False))


def of(case: Case) -> Report | None:
    return Report.objects.filter(case=case).first()


def erasure_of(case: Case) -> Erasure | None:
    return Erasure.objects.filter(case=case.reference, reason=REASON).order_by("-asked_at").first()


def stands_open(case: Case) -> bool:
    """Whether something is still frozen for it, so that it cannot be closed by an answer alone."""
    report = of(case)
    return report is not None and bool(report.contacts) and case.closed_at is None


# No child's


@transaction.atomic
def ask_release(case: Case, seen: str, *, by: User, now: datetime) -> Release:
    report = Report.objects.select_for_update().filter(case=case, case__closed_at=None).first()
    if report is None or not report.contacts:
        raise NotNow("Nothing is frozen for this case.")
    if erasure_of(case):
        raise NotNow("It is being erased, and that cannot be taken back.")
    release, _ = Release.objects.get_or_create(
        report=report, agreed_at=None, defaults={"seen": seen, "asked_by": by, "asked_at": now}
    )
    return release


@transaction.atomic
def agree(release_id: UUID, *, by: User, now: datetime) -> Release:
    """By somebody else than whoever asked. What another open report froze as well stays frozen."""
    release = Release.objects.select_for_update().select_related("report__case").get(pk=release_id)
    case = release.report.case
    if release.asked_by_id == by.pk:
        raise NotNow("Somebody else has to agree: you said yourself what was seen.")
    if release.agreed_at or case.closed_at or erasure_of(case):
        raise NotNow("It was decided a moment before.")
    release.agreed_by, release.agreed_at = by, now
    release.save(update_fields=["agreed_by", "agreed_at"])
    freezing.thaw(set(erasing.everybody(release.report.contacts)) - frozen_otherwise(release.report))
    if inquiry := inquiries.by_reference(case.reference):
        inquiries.close(inquiry, Outcome.NO_CHILD, now)
    return release


def frozen_otherwise(report: Report) -> set[UUID]:
    others = Report.objects.filter(case__closed_at=None).exclude(pk=report.pk)
    asked = Erasure.objects.filter(done_at=None)
    rows = (*others.values_list("contacts", flat=True), *asked.values_list("contacts", flat=True))
    return set(erasing.everybody({one for row in rows for one in row}))


def to_agree() -> QuerySet[Release]:
    return Release.objects.filter(agreed_at=None, report__case__closed_at=None).select_related(
        "report__case", "asked_by"
    )
