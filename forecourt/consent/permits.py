"""A permit is the stored yes for one thing that leaves. Only doors write one, inside their first transaction."""

import uuid
from datetime import datetime

from forecourt.consent.models import Permit
from forecourt.people.models import Contact
from forecourt.policy.decide import Allowed, Facts


def grant(contact: Contact, allowed: Allowed, facts: Facts, now: datetime) -> uuid.UUID:
    permit = Permit.objects.create(
        contact=contact.pk,
        use=allowed.use,
        recipient=facts.recipient,
        interaction=facts.interaction,
        interaction_type=facts.interaction_type,
        policy_version=allowed.policy_version,
        as_of=contact.seq,
        seqs=list(allowed.seqs),
        facts={
            "zones": list(facts.zones),
            "contract": facts.contract.version if facts.contract else "",
            "data": sorted(facts.data),
            "quiet": [facts.quiet_before.isoformat(), facts.quiet_after.isoformat()],
        },
        decided_at=now,
    )
    return permit.pk
