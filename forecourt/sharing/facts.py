"""What the hand-off judges: read under the contact's lock, in the order in which it was written down."""

from datetime import datetime

from forecourt.consent import closures, contracts, policies, standing, switches, under_sixteen
from forecourt.people import supplies
from forecourt.people.models import Contact
from forecourt.policy.decide import Decision, Facts, decide
from forecourt.policy.policy import Age
from forecourt.sharing.fields import categories
from forecourt.sharing.models import Lead, Share


def gather(row: Lead | Share, contact: Contact, now: datetime) -> Facts:
    """A no by anybody linked with this contact binds it; a yes is its own. The browser's signal came in as a no."""
    said = switches.of(contact.pk)
    return Facts(
        standing=standing.of(contact.pk),
        interaction=row.interaction,
        interaction_type=row.interaction_type,
        interaction_open=not row.over,
        frozen=contact.frozen_at is not None,
        closed_promises=closures.open_closures(),
        expires=row.expires,
        recipient=row.recipient_id,
        chosen_recipient=row.chosen,
        data=categories(row, contact),
        contract=contracts.current(row.recipient_id, now),
        said_yes=said.said_yes,
        said_no=said.said_no,
        suppliers=supplies.alone(contact.pk),
        age=under_sixteen.youngest(Age.UNKNOWN, contact.pk, now),
    )


def about(contact: Contact, use: str, recipient: str, now: datetime, age: Age = Age.UNKNOWN) -> Decision:
    """Whether something about this contact may be queued at all. The hand-off asks again, with the data at hand.

    `age` is what the browser that asks was told on our age screen; what its account or another browser was told counts as well.
    """
    said = switches.of(contact.pk)
    facts = Facts(
        standing=standing.of(contact.pk),
        frozen=contact.frozen_at is not None,
        recipient=recipient,
        contract=contracts.current(recipient, now),
        said_yes=said.said_yes,
        said_no=said.said_no,
        suppliers=supplies.alone(contact.pk),
        age=under_sixteen.youngest(age, contact.pk, now),
    )
    return decide(policies.in_force(now), use, facts, now)
