"""A view is deleted on its ninetieth day, or on whichever the policy names."""

from datetime import datetime

from forecourt.consent import policies
from forecourt.people import retention
from forecourt.traffic.models import View

USES = ("page-beacon", "email-beacon")


def register() -> None:
    retention.add_rule("views", USES, forget)


def forget(now: datetime) -> int:
    """The hour in which it happened had ended by then, so no view is ever older than the page says."""
    before = policies.over_since(USES[0], now)
    return View.objects.filter(at__lte=before).delete()[0] if before else 0
