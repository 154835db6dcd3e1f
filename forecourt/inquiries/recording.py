"""Whether a call may be recorded. First the notice, then their yes, then the flag; a no ends it, and nothing else of the call."""

from datetime import datetime

from django.db import IntegrityError, transaction

from forecourt.cases.models import Case
from forecourt.consent import wordings
from forecourt.inquiries.actions import NotNow
from forecourt.inquiries.models import Recording

NOTICE = (
    "We would like to record this call, so that we can look up what we told you. If you would rather not, now or at any moment, "
    "just say no: we go on without it, and help you just the same."
)


def of(case: Case) -> Recording | None:
    return Recording.objects.filter(case=case).first()


def tell(case: Case, now: datetime, *, by: str) -> Recording:
    """The notice was read out. Said once a call; who says it again is told so."""
    if case.came_by != Case.Channel.PHONE or case.closed_at is not None:
        raise NotNow("Only a call that is open can be recorded.")
    try:
        with transaction.atomic():
            return Recording.objects.create(case=case, wording=wordings.keep(NOTICE, now), told_by=by, told_at=now)
    except IntegrityError:
        raise NotNow("The notice was read out in this call already.") from None


@transaction.atomic
def start(case: Case, now: datetime) -> Recording:
    """They said yes."""
    held = lock(case)
    if held is None:
        raise NotNow("Read out the notice first, and say that you did.")
    if held.refused_at is not None:
        raise NotNow("They said no in this call. It is not asked again.")
    if held.started_at is None:
        held.agreed_at = held.started_at = now
        held.save(update_fields=["agreed_at", "started_at"])
    return held


@transaction.atomic
def refuse(case: Case, now: datetime) -> Recording:
    """They said no, at once or in the middle of the call: from this moment nothing is recorded."""
    held = lock(case)
    if held is None:
        raise NotNow("Nothing was asked yet, and nothing is recorded.")
    if held.refused_at is None:
        held.refused_at = now
        held.stopped_at = now if held.started_at else None
        held.save(update_fields=["refused_at", "stopped_at"])
    return held


def lock(case: Case) -> Recording | None:
    return Recording.objects.select_for_update(no_key=True).filter(case=case).first()
