"""What was shared is forgotten with its receipt. What never left has none, and goes after the same time."""

from datetime import datetime

from django.db import connection

from forecourt.consent import policies
from forecourt.people import retention
from forecourt.sharing.models import Lead, Membership, Share

USE = "test-drive-lead"
KEPT_AS_PROOF = ("the receipt for", "the answer for")


def register() -> None:
    retention.add_rule("what was shared, and its receipts", lambda use: use.keep.startswith(KEPT_AS_PROOF), forget)


def forget(now: datetime) -> int:
    before = policies.over_since(USE, now)
    if before is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_forget_receipts(%s)", [before])
        gone = cursor.fetchone()[0]
    Membership.objects.filter(left_at__lte=before, join__receipt__isnull=True).delete()
    over = {"requested_at__lte": before, "receipt__isnull": True}
    leads = Lead.objects.filter(**over, creditrequest__isnull=True)
    shares = Share.objects.filter(**over, joins__isnull=True, removes__isnull=True)
    return gone + leads.delete()[0] + shares.delete()[0]
