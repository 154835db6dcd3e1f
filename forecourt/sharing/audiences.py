"""Whom an ad network counts among our visitors. A yes brings somebody in; a no, by anybody known to be the same, takes them out.

Nobody is a member because of a row here: whether a join leaves is decided again at the hand-off.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from forecourt.consent import policies
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.policy import Kind, Policy
from forecourt.sharing import outbox, recipients
from forecourt.sharing.facts import about
from forecourt.sharing.models import Membership, Outgoing, Share

State = Outgoing.State
# Neither the network nor anybody else will hear of it by itself.
CAME_TO_NOTHING = (State.REFUSED, State.FAILED)


def networks(policy: Policy) -> list[str]:
    """The ad networks that the policy names and lets keep an audience, and a co-op that it takes part in."""
    kinds = (Kind.AD_NETWORK, Kind.COOP)
    codes = (code for code, recipient in policy.recipients.items() if recipient.kind in kinds)
    return [code for code in codes if f"{code}-audience" in policy.uses]


@transaction.atomic
def join(contact_id: uuid.UUID, now: datetime) -> list[Membership]:
    """Into every audience that its own yes allows, once each; within the transaction that records the yes."""
    contact = contacts.lock(contact_id)
    allowed = [
        code for code in networks(policies.in_force(now)) if about(contact, f"{code}-audience", code, now).allowed
    ]
    return [_join(contact, code, now) for code in allowed if not _is_in(contact, code, now)]


def _is_in(contact: Contact, code: str, now: datetime) -> bool:
    """A membership whose join came to nothing is over, so that a new yes counts."""
    here = Membership.objects.filter(contact=contact, recipient=code, left_at=None)
    here.filter(join__state__in=CAME_TO_NOTHING).update(left_at=now)
    return here.exists()


def _join(contact: Contact, code: str, now: datetime) -> Membership:
    recipient = recipients.of_policy(code, now)
    share = outbox.queue_share(f"{code}-audience", Share.Kind.JOIN, contact.pk, code, now)
    return Membership.objects.create(contact=contact, recipient=recipient, join=share, joined_at=now)


def leave(contact_ids: Collection[uuid.UUID], now: datetime) -> list[Membership]:
    """Out of every audience, at once; where a join may have left, the network is told to forget. A removal that came to nothing,
    because a yes had come between or because it was not accepted, is sent anew.

    Call it under the locks of all these contacts, in the transaction that records the no.
    """
    open_or_untold = Q(left_at=None) | Q(removal__state__in=CAME_TO_NOTHING)
    theirs = Membership.objects.filter(open_or_untold, contact__in=contact_ids).select_related("join")
    for membership in (left := list(theirs)):
        membership.left_at = membership.left_at or now
        if membership.join.state in outbox.MAY_HAVE_LEFT:
            code = membership.recipient_id
            membership.removal = outbox.queue_share(
                f"{code}-removal", Share.Kind.REMOVAL, membership.contact_id, code, now
            )
        membership.save(update_fields=["left_at", "removal"])
    return left
