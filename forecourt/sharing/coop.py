"""The switch of a matching co-op, in which companies tell each other which devices are one person's. It is off.

It is on for a co-op that the policy in force names with its page of choices and with a use, and for no other. What it gets is
sale and sharing by its role, so it takes a yes of one's own, a no takes everybody linked out, and all of it leaves through the
one door.
"""

from contextlib import suppress
from datetime import datetime

from forecourt.consent import policies
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.policy import Kind, Policy, Recipient
from forecourt.sharing import audiences
from forecourt.sharing.models import Membership


class Off(Exception):
    """No version in force names this co-op. The sentence says what would have to stand there."""


def named(policy: Policy) -> dict[str, Recipient]:
    """The co-ops that a policy lets us take part in."""
    coops = {code: one for code, one in policy.recipients.items() if one.kind is Kind.COOP}
    return {code: one for code, one in coops.items() if one.preferences and f"{code}-audience" in policy.uses}


def export_devices(code: str, now: datetime) -> list[Membership]:
    """Tell the co-op of every browser and address whose own yes allows it; each is decided again as it leaves."""
    policy = policies.in_force(now)
    if code not in named(policy):
        raise Off(
            f"The policy of {policy.version} names no matching co-op {code} with a page of choices and a use: "
            "no list of devices is made for it."
        )
    known = Contact.objects.filter(frozen_at=None, erased_at=None).order_by("pk").values_list("pk", flat=True)
    told: list[Membership] = []
    for contact_id in known.iterator():
        with suppress(contacts.Erased):  # since the list was begun
            told += audiences.join(contact_id, now)
    return told
