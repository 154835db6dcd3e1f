"""Messages go on the day that the policy names for their use. One with a code in it loses its words within minutes: that it was
sent stays as long as other proof does."""

from datetime import datetime, timedelta

from forecourt.consent import policies
from forecourt.messaging.models import Message
from forecourt.people import retention
from forecourt.policy import periods
from forecourt.policy.policy import Action, Use

MESSAGES = (Action.EMAIL, Action.TEXT)
WAITS = (Message.State.QUEUED, Message.State.HANDING)
A_DAY = timedelta(days=1)
# Word about a booking is kept for as long as the booking, so its room forgets both: see interactions.forgetting.
WITH_ITS_SUBJECT = "after the"


def register() -> None:
    retention.add_rule("messages", is_ours, forget)


def is_ours(use: Use) -> bool:
    return use.action in MESSAGES and WITH_ITS_SUBJECT not in use.keep


def forget(now: datetime) -> int:
    return sum(_forget(use, now) for use in policies.in_force(now).uses.values() if is_ours(use))


def _forget(use: Use, now: datetime) -> int:
    period = periods.first(use.keep)
    if period is None:
        return 0
    over = Message.objects.filter(use=use.id, queued_at__lte=period.before(now)).exclude(state__in=WAITS)
    if period.months or period.rest >= A_DAY:
        return over.delete()[0]
    proof = periods.Period(months=24).before(now)
    return over.exclude(body=b"").update(body=b"") + over.filter(queued_at__lte=proof).delete()[0]
