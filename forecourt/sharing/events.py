"""What somebody did here, told to an ad network by our own machines: with a yes, and never without one."""

from datetime import datetime

from forecourt.consent import policies
from forecourt.people.models import Contact
from forecourt.policy.policy import Age
from forecourt.sharing import audiences, outbox, recipients
from forecourt.sharing.facts import about
from forecourt.sharing.models import Share


def queue(contact: Contact, event: str, interaction: str, now: datetime, age: Age = Age.UNKNOWN) -> list[Share]:
    """To each network that this contact's own yes allows; decided here, so that a no leaves no row, and at the hand-off again."""
    policy = policies.in_force(now)
    return [
        outbox.queue_share(
            f"{code}-event",
            Share.Kind.EVENT,
            contact.pk,
            recipients.of_policy(code, now).pk,
            now,
            event=event,
            interaction=interaction,
        )
        for code in audiences.networks(policy)
        if f"{code}-event" in policy.uses and about(contact, f"{code}-event", code, now, age).allowed
    ]
