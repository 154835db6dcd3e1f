"""What a request for credit says, kept apart from everything else (S-20): the door opens it for its lender, and nobody for
anything else. Whoever tries is refused by decide(), and that is kept."""

import uuid
from datetime import datetime

from forecourt.consent import reading
from forecourt.people import subjects, vault
from forecourt.people.models import Subject
from forecourt.sharing.models import Figures, Lead, Outgoing

FIELD = "lead.figures"
DATA = "user.financial"
State = Outgoing.State
# Nothing more will come of these. What nobody knows of waits until the lender was asked.
OVER = (State.LEFT, State.REFUSED, State.FAILED)


def keep(lead: Lead, text: str, subject_id: uuid.UUID, now: datetime) -> Figures:
    """`subject_id` is one that subjects.new_ids made."""
    subject = subjects.add(Subject.Kind.SUBMISSION, now, subject_id=subject_id)
    return Figures.objects.create(
        subject=subject, lead=lead, sealed=vault.seal_text(subject.pk, FIELD, uuid.UUID(str(lead.pk)), text)
    )


def of(lead: Lead) -> Figures | None:
    return Figures.objects.filter(lead=lead).first()


def open_at_the_door(lead: Lead, now: datetime) -> str:
    """For the hand-off, which has just decided; empty where there are none. The opening is logged."""
    held = of(lead)
    if held is None:
        return ""
    vault.log_opening(held.pk, [FIELD], purpose=lead.use, who="sharing", now=now)
    return vault.open_text(held.pk, FIELD, uuid.UUID(str(lead.pk)), held.sealed)


def read(lead: Lead, use: str, now: datetime, *, who: str) -> str:
    """For anybody else, if the policy lets this use read figures; today no use may. MayNotRead, which is kept."""
    reading.must(lead.contact, use, [DATA], now, who=who, interaction_type=lead.interaction_type)
    held = of(lead)
    if held is None:
        return ""
    vault.log_opening(held.pk, [FIELD], purpose=use, who=who, now=now)
    return vault.open_text(held.pk, FIELD, uuid.UUID(str(lead.pk)), held.sealed)


def destroy(lead: Lead) -> None:
    if held := of(lead):
        subjects.erase(held.pk)


def destroy_settled() -> int:
    """Key and row of all that left or will not leave any more."""
    over = list(Figures.objects.filter(lead__state__in=OVER).values_list("pk", flat=True))
    for subject_id in over:
        subjects.erase(subject_id)
    return len(over)
