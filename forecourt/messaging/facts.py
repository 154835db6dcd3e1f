"""What a message's decision looks at, gathered under the contact's lock."""

from datetime import datetime

from forecourt.consent import closures, policies, standing
from forecourt.messaging.models import Message
from forecourt.people.models import Contact
from forecourt.policy import limits
from forecourt.policy.decide import Facts


def gather(message: Message, contact: Contact, now: datetime) -> Facts:
    opens, closes = limits.text_hours(policies.in_force(now), now)
    return Facts(
        standing=standing.of(contact.pk),
        interaction=message.interaction,
        interaction_type=message.interaction_type,
        interaction_open=not message.over,
        frozen=contact.frozen_at is not None,
        closed_promises=closures.open_closures(),
        zones=tuple(sorted({*contact.zones, *message.zones})),
        expires=message.expires,
        data=frozenset(message.data),
        quiet_before=opens,
        quiet_after=closes,
    )
