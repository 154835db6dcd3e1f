"""What somebody should look at: outcomes that nobody knows, leads that wait, cases that are late, and how old things are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent import leases
from forecourt.consent.models import Evidence
from forecourt.messaging.models import Message
from forecourt.proof import surplus
from forecourt.sharing import optouts
from forecourt.sharing.models import Lead, Share

# Jobs and leases run by the database's own clock.
JOB_AGE = """
    SELECT clock_timestamp() - min(event.at) FROM procrastinate_jobs job
    JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= clock_timestamp())
"""
LEASE_AGE = """
    SELECT clock_timestamp() - (min(deadline) - make_interval(secs => %s)) FROM (
        SELECT deadline FROM messaging_message WHERE state = 'handing'
        UNION ALL SELECT deadline FROM sharing_lead WHERE state = 'handing'
        UNION ALL SELECT deadline FROM sharing_share WHERE state = 'handing'
    ) AS handing
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Ages are None where there is nothing to be old."""

    oldest_job: timedelta | None
    oldest_message: timedelta | None
    oldest_lease: timedelta | None
    probe: timedelta | None
    unknown: int
    waiting_leads: int
    waiting_shares: int
    untold_noes: int
    overdue_noes: int
    overdue_cases: int
    surplus_cookies: int


def read(now: datetime) -> Figures:
    due = Message.objects.filter(state=Message.State.QUEUED, due__lte=now).aggregate(oldest=Min("due"))["oldest"]
    untold = optouts.missing(now)
    # The demo's clock goes back too: what was checked "tomorrow" is no check that ran.
    probed = Evidence.objects.filter(at__lte=now).aggregate(newest=Max("at"))["newest"]
    return Figures(
        oldest_job=ask(JOB_AGE),
        oldest_message=due and now - due,
        oldest_lease=ask(LEASE_AGE, leases.SECONDS),
        probe=probed and now - probed,
        unknown=unknown_messages().count() + unknown_leads().count() + unknown_shares().count(),
        waiting_leads=waiting_leads().count(),
        waiting_shares=waiting_shares().count(),
        untold_noes=len(untold),
        overdue_noes=sum(one.is_overdue(now) for one in untold),
        overdue_cases=overdue_cases(now).count(),
        surplus_cookies=surplus.ringing(now).count(),
    )


def ask(question: str, *values: float) -> timedelta | None:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def unknown_messages() -> QuerySet[Message]:
    return Message.objects.filter(state=Message.State.UNKNOWN).defer("body")


def unknown_leads() -> QuerySet[Lead]:
    """Word of a no is none of them: it is said again by itself, and has a list of its own."""
    return Lead.objects.filter(state=Lead.State.UNKNOWN, says_no=False).select_related("recipient")


def unknown_shares() -> QuerySet[Share]:
    return Share.objects.filter(state=Share.State.UNKNOWN, kind__in=Share.NEEDS_YES).select_related("recipient")


def waiting_leads() -> QuerySet[Lead]:
    return Lead.objects.filter(state=Lead.State.WAITING).select_related("recipient")


def waiting_shares() -> QuerySet[Share]:
    return Share.objects.filter(state=Share.State.WAITING).select_related("recipient")


def overdue_cases(now: datetime) -> QuerySet[Case]:
    return Case.objects.filter(closed_at=None, due_at__lt=now).select_related("opened_by")


def free_cases() -> QuerySet[Case]:
    """Those that wait for a person, and that nobody has. What our machines answer is no work for anybody."""
    return cases.with_holder(Case.objects.filter(closed_at=None, request=None)).filter(Q(holder=None))
