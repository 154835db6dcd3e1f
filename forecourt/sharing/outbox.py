"""What is to be shared waits here, from the transaction that wished for it until the hand-off takes it. No personal data."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from forecourt.adapters.queue import enqueue
from forecourt.people.models import Contact, Subject
from forecourt.policy.policy import Kind
from forecourt.sharing.models import Lead, Outgoing, Recipient, Share

# By name, since the job imports the hand-off. Enqueued in the caller's transaction.
DELIVER = "forecourt.sharing.jobs.deliver"
DELIVER_SHARE = "forecourt.sharing.jobs.deliver_share"


def queue_lead(
    use_id: str,
    contact: Contact,
    submission: Subject,
    *,
    recipient: str,
    chosen: str,
    interaction: str,
    interaction_type: str,
    model_year: int,
    model_name: str,
    wish: str,
    now: datetime,
    expires: datetime | None = None,
) -> Lead:
    lead = Lead.objects.create(
        id=uuid.uuid4(),
        contact=contact,
        submission=submission,
        interaction=interaction,
        interaction_type=interaction_type,
        use=use_id,
        recipient_id=recipient,
        chosen=chosen,
        model_year=model_year,
        model_name=model_name,
        wish=wish,
        requested_at=now,
        due=now,
        expires=expires,
    )
    enqueue(DELIVER, "sharing", lead_id=str(lead.pk))
    return lead


def queue_share(
    use_id: str,
    kind: Share.Kind,
    contact_id: uuid.UUID,
    recipient: str,
    now: datetime,
    *,
    event: str = "",
    interaction: str = "",
    chosen: str = "",
) -> Share:
    """Word to a partner about one contact; it says nothing that the hand-off does not judge again."""
    share = Share.objects.create(
        kind=kind,
        contact_id=contact_id,
        use=use_id,
        recipient_id=recipient,
        event=event,
        interaction=interaction,
        chosen=chosen,
        requested_at=now,
        due=now,
    )
    enqueue(DELIVER_SHARE, "sharing", share_id=str(share.pk))
    return share


UNSENT = (Outgoing.State.QUEUED, Outgoing.State.WAITING)
MAY_HAVE_LEFT = (Outgoing.State.HANDING, Outgoing.State.LEFT, Outgoing.State.UNKNOWN)


# These take leads, and word about leads, at one address; everybody else is a network.
TAKE_LEADS = (Kind.DEALER, Kind.LENDER)


def tell_of_erasure(contact_id: uuid.UUID, now: datetime) -> list[Share]:
    """To each who may have got anything of somebody. It names nobody: they are told the numbers of what they got."""
    asked = set(Share.objects.filter(contact=contact_id, kind=Share.Kind.ERASURE).values_list("recipient", flat=True))
    told = {row.recipient_id: row.recipient for row in _may_have_left(contact_id) if row.recipient_id not in asked}
    return [_ask_to_erase(contact_id, told[code], now) for code in sorted(told)]


def numbers(erasure: Share) -> list[str]:
    """What its recipient may have got about the same contact, by the numbers under which it left."""
    return [str(row.pk) for row in _may_have_left(erasure.contact_id) if row.recipient_id == erasure.recipient_id]


def _may_have_left(contact_id: uuid.UUID) -> list[Lead | Share]:
    leads = Lead.objects.filter(contact=contact_id, state__in=MAY_HAVE_LEFT).select_related("recipient")
    shares = Share.objects.filter(contact=contact_id, state__in=MAY_HAVE_LEFT).exclude(kind=Share.Kind.ERASURE)
    return sorted([*leads, *shares.select_related("recipient")], key=lambda row: row.requested_at)


def _ask_to_erase(contact_id: uuid.UUID, recipient: Recipient, now: datetime) -> Share:
    kind = Kind(recipient.kind)
    use = f"erasure-notice-{kind}" if kind in TAKE_LEADS else f"{recipient.code}-erasure"
    return queue_share(use, Share.Kind.ERASURE, contact_id, recipient.code, now, chosen=recipient.code)


def amend(interaction: str, wish: str, now: datetime, *, expires: datetime) -> None:
    """The wish changed: a lead that still waits says the new one; after it left, the dealer gets one more with the change."""
    leads = _wishes(interaction)
    if leads.filter(state__in=MAY_HAVE_LEFT).exists():
        leads.filter(state__in=UNSENT).update(over=True)
        _follow(interaction, f"Changed: {wish}", now, expires)
    else:
        leads.filter(state__in=UNSENT).update(wish=wish, expires=expires)


def end(interaction: str, wish: str, now: datetime, *, expires: datetime) -> None:
    """The booking was cancelled: a lead that did not leave yet will not, and a dealer that has one is told."""
    leads = _wishes(interaction)
    leads.filter(state__in=UNSENT).update(over=True)
    if leads.filter(state__in=MAY_HAVE_LEFT).exists():
        _follow(interaction, f"Cancelled: {wish}", now, expires)


def tell_dealer_of_no(interaction: str, now: datetime) -> Lead | None:
    """A dealer or lender who may have somebody's data hears once that they opted out. What they asked it for themselves goes on."""
    leads = Lead.objects.filter(interaction=interaction)
    if not leads.filter(state__in=MAY_HAVE_LEFT).exists() or leads.filter(says_no=True).exists():
        return None
    to_lender = leads.filter(recipient__kind=Kind.LENDER).exists()
    use = "opt-out-notice-lender" if to_lender else "opt-out-notice-dealer"
    return _follow(interaction, SAID_NO, now, None, use=use, says_no=True)


# What they read; a lead's own words hold no personal data either.
SAID_NO = (
    "Opted out of the sale and sharing of their data. Use it for what they asked for alone, pass it on to nobody, "
    "and confirm that you got this."
)


def _wishes(interaction: str) -> QuerySet[Lead]:
    """What the visitor wished for; a no that travels the same way is no wish, and no later wish may end it."""
    return Lead.objects.filter(interaction=interaction, says_no=False)


def _follow(
    interaction: str, wish: str, now: datetime, expires: datetime | None, *, use: str = "", says_no: bool = False
) -> Lead:
    """One more lead after the last about this booking."""
    last = Lead.objects.filter(interaction=interaction).latest("change")
    change = Lead.objects.create(
        contact_id=last.contact_id,
        submission_id=last.submission_id,
        interaction=interaction,
        change=last.change + 1,
        interaction_type=last.interaction_type,
        use=use or _wishes(interaction).earliest("change").use,
        recipient_id=last.recipient_id,
        chosen=last.chosen,
        model_year=last.model_year,
        model_name=last.model_name,
        wish=wish,
        says_no=says_no,
        requested_at=now,
        due=now,
        expires=expires,
    )
    enqueue(DELIVER, "sharing", lead_id=str(change.pk))
    return change
