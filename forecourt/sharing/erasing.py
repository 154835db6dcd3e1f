"""What went about somebody to others. What never left goes; of what did, a row without words stays, since its receipt hangs on it
and whoever got it has to be told by its number."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from forecourt.consent import ledger, policies
from forecourt.consent.choices import scope
from forecourt.consent.models import Channel, Verb
from forecourt.people import erasing
from forecourt.people.erasing import Contacts
from forecourt.policy.sales import SIGNALLED
from forecourt.sharing import outbox
from forecourt.sharing.models import Figures, Lead, Membership, Share
from forecourt.sharing.outbox import MAY_HAVE_LEFT

COVERS = frozenset({"sharing.Lead", "sharing.Share", "sharing.Figures", "sharing.Membership"})


METHOD = "erased"


def register() -> None:
    erasing.add_part(erasing.Part("sharing", COVERS, remove, keys=keys, anchors=anchors))


def keys(contact_ids: Contacts) -> Iterable[UUID]:
    yield from Lead.objects.filter(contact__in=contact_ids).values_list("submission", flat=True)
    yield from Figures.objects.filter(lead__contact__in=contact_ids).values_list("pk", flat=True)


def anchors(contact_ids: Contacts) -> Iterable[UUID]:
    return Lead.objects.filter(contact__in=contact_ids).values_list("submission", flat=True)


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    leads, shares = Lead.objects.filter(contact__in=contact_ids), Share.objects.filter(contact__in=contact_ids)
    removed = erasing.delete(Figures.objects.filter(lead__in=leads))
    removed += erasing.delete(Membership.objects.filter(contact__in=contact_ids))
    removed += erasing.delete(_never_left(leads)) + erasing.delete(_never_left(shares))
    for contact_id in contact_ids:
        _tell(contact_id, now)
    leads.update(model_name="", model_year=0, wish="", detail="")
    shares.update(event="", detail="")
    return removed


def _tell(contact_id: UUID, now: datetime) -> None:
    """Being erased is a no to all further use, and stands in the ledger as one: what tells others of it rests on that."""
    if outbox.tell_of_erasure(contact_id, now):
        for switch in sorted(SIGNALLED):
            ledger.record(
                contact_id,
                Verb.WITHDREW,
                Channel.DATA,
                scope(switch),
                method=METHOD,
                now=now,
                policy_version=policies.in_force(now).version,
            )


def _never_left(rows: QuerySet) -> QuerySet:
    return rows.filter(receipt__isnull=True).exclude(state__in=MAY_HAVE_LEFT)
