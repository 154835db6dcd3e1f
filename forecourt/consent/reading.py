"""Reading what is sensitive or kept apart: asked of decide() each time, for the use that reads. A no is written down.

Whoever wants it for anything that the policy does not name gets nothing, and it can be seen that they tried.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from forecourt.consent import policies, standing, switches
from forecourt.consent.models import RefusedReading
from forecourt.people import supplies, vault
from forecourt.people.models import Contact
from forecourt.policy.decide import Decision, Facts, Refused, decide
from forecourt.policy.policy import Action
from forecourt.policy.reasons import Reason


class MayNotRead(Exception):
    """The policy refuses this use of these data. The reason's sentence may be shown."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason.sentence)
        self.refused = refused


def judge(
    contact: Contact, use: str, data: Collection[str], now: datetime, *, interaction_type: str = "", case: str = ""
) -> Decision:
    """A use that collects or sends reads nothing here. `case` is the reference of one that is open about this very contact; whoever asks has looked."""
    said = switches.of(contact.pk)
    facts = Facts(
        standing=standing.of(contact.pk),
        interaction_type=interaction_type,
        frozen=contact.frozen_at is not None,
        data=frozenset(data),
        case=case,
        said_yes=said.said_yes,
        said_no=said.said_no,
        suppliers=supplies.alone(contact.pk),
    )
    policy = policies.in_force(now)
    decision = decide(policy, use, facts, now)
    if decision.allowed and policy.uses[use].action is not Action.READ:
        return Refused(use, policy.version, Reason.FORBIDDEN, policy.uses[use].rests_on[0], detail="it does not read")
    return decision


def must(
    contact: Contact,
    use: str,
    data: Collection[str],
    now: datetime,
    *,
    who: str,
    interaction_type: str = "",
    case: str = "",
) -> None:
    """Passes where the policy allows it; else the refusal is kept, and MayNotRead says why. Not inside a transaction that
    the refusal would take back."""
    decision = judge(contact, use, data, now, interaction_type=interaction_type, case=case)
    if isinstance(decision, Refused):
        note(contact, decision, data, now, who=who, case=case)
        raise MayNotRead(decision)


def note(contact: Contact, refused: Refused, data: Collection[str], now: datetime, *, who: str, case: str) -> None:
    RefusedReading.objects.create(
        contact=contact.pk, use=refused.use, data=sorted(data), reason=refused.reason, who=who, case=case, at=now
    )


def open_fields(
    contact: Contact,
    subject_id: uuid.UUID,
    use: str,
    fields: Collection[str],
    now: datetime,
    *,
    who: str,
    interaction_type: str = "",
    case: str = "",
) -> dict[str, str]:
    """What the vault holds of these fields, if this use may read them; the opening is logged under the use's name."""
    must(contact, use, fields, now, who=who, interaction_type=interaction_type, case=case)
    return vault.open_fields(subject_id, fields, purpose=use, who=who, case=case, now=now)
