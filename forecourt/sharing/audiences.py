"""Whom an ad network counts among our visitors. A yes brings somebody in; a no, by anybody known to be the same, takes them out.

Nobody is a member because of a row here: whether a join leaves is decided again at the hand-off.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from forecourt.consent import policies
from forecourt.people.models import Contact
from forecourt.policy.policy import Kind, Policy
from forecourt.sharing import outbox, recipients
from forecourt.sharing.facts import about
from forecourt.sharing.models import Membership, Share


def networks(policy: Policy) -> list[str]:
    """The ad networks that the policy names and lets keep an audience."""
    codes = (code for code, recipient in policy.recipients.items() if recipient.kind is Kind.AD_NETWORK)
    return [code for code in codes if f"{code}-audience" in policy.uses]


@transaction.atomic
def join(contact: Contact, now: datetime) -> list[Membership]:
    """Into every audience that its own yes allows, once each. Call it under the contact's lock, after the yes."""
    allowed = (
        code for code in networks(policies.in_force(now)) if about(contact, f"{code}-audience", code, now).allowed
    )
    return [membership for code in allowed if (membership := _join(contact, code, now))]


def _join(contact: Contact, code: str, now: datetime) -> Membership | None:
    recipients.of_policy(code, now)
    if Membership.objects.filter(contact=contact, recipient=code, left_at=None).exists():
        return None
    try:
        with transaction.atomic():
            share = outbox.queue_share(f"{code}-audience", Share.Kind.JOIN, contact, code, now)
            return Membership.objects.create(contact=contact, recipient_id=code, join=share, joined_at=now)
    except IntegrityError:  # another request of the same browser was first
        return None


def leave(contact_ids: Collection[uuid.UUID], now: datetime) -> list[Membership]:
    """Out of every audience, at once. What was not sent never is; where a join may have left, the network is told to forget.

    Call it under the locks of all these contacts, in the transaction that records the no.
    """
    queued = Share.objects.filter(contact__in=contact_ids, kind__in=[Share.Kind.JOIN, Share.Kind.EVENT])
    queued.filter(state__in=outbox.UNSENT).update(over=True)
    left = []
    for membership in Membership.objects.filter(contact__in=contact_ids, left_at=None).select_related("join"):
        membership.left_at = now
        if membership.join.state in outbox.MAY_HAVE_LEFT:
            code = membership.recipient_id
            membership.removal = outbox.queue_share(
                f"{code}-removal", Share.Kind.REMOVAL, membership.contact_id, code, now
            )
        membership.save(update_fields=["left_at", "removal"])
        left.append(membership)
    return left
