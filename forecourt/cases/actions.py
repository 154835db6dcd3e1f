"""Opening and closing cases. All kinds share one numbering and one clock."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from forecourt.cases.models import Case

# Without 0/O, 1/I/L, 5/S, 8/B, 2/Z and vowels: it has to survive being read out on a bad line, and spell no words.
LETTERS = "3467CDFGHJKMNPQRTVWXY9"
DUE_AFTER = timedelta(days=10)


def new_reference() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def open_case(
    kind: Case.Kind, *, came_by: Case.Channel, contact: uuid.UUID | None, by, now: datetime, due: datetime | None = None
) -> Case:
    while True:
        try:
            with transaction.atomic():
                return Case.objects.create(
                    reference=new_reference(),
                    kind=kind,
                    came_by=came_by,
                    contact=contact,
                    opened_by=by,
                    opened_at=now,
                    due_at=due or now + DUE_AFTER,
                )
        except IntegrityError as error:
            if "reference" not in str(error):
                raise


def close_case(case: Case, outcome: str, now: datetime) -> Case:
    case.closed_at, case.outcome = now, outcome
    case.save(update_fields=["closed_at", "outcome"])
    return case


def is_open_for(reference: str, contact: uuid.UUID) -> bool:
    """Whether a case with this number is open about this contact: what staff need before they may look."""
    case = find(reference)
    return case is not None and (case.reference, case.contact, case.closed_at) == (reference, contact, None)


def find(reference: str) -> Case | None:
    """By the number as it is read out: any case, with or without its dash."""
    letters = "".join(letter for letter in reference.upper() if letter.isalnum())
    return Case.objects.filter(reference=f"{letters[:4]}-{letters[4:]}").first() if len(letters) == 8 else None
