"""Opening and closing cases. All kinds share one numbering and one clock."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from forecourt.cases.models import Case, Handover

# Without 0/O, 1/I/L, 5/S, 8/B, 2/Z and vowels: it has to survive being read out on a bad line, and spell no words.
LETTERS = "3467CDFGHJKMNPQRTVWXY9"
DUE_AFTER = timedelta(days=10)


class InOtherHands(Exception):
    """Somebody has this case already; only they, or a manager, hand it on."""


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


def is_open_for(reference: str, contact: uuid.UUID | None, who: str) -> bool:
    """Whether a case with this number is open about this contact and in these hands: what anybody needs before they may look."""
    case = find(reference)
    if case is None or (case.reference, case.contact, case.closed_at) != (reference, contact, None):
        return False
    return bool(who) and holder(case) == who


# In whose hands a case is: whoever it was handed to last, else whoever opened it. One that came by web or letter has nobody yet.


def holder(case: Case) -> str:
    latest = Handover.objects.filter(case=case.pk).order_by("-id").first()
    if latest:
        return latest.to
    return case.opened_by.get_username() if case.opened_by else ""


def with_holder(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with its `holder`, in the same query; a list can order by it."""
    latest = Handover.objects.filter(case=OuterRef("pk")).order_by("-id").values("to")[:1]
    return cases.annotate(holder=Coalesce(Subquery(latest), "opened_by__username"))


def held_by(who: str) -> QuerySet[Case]:
    """The open cases in these hands."""
    return with_holder(Case.objects.filter(closed_at=None)).filter(Q(holder=who))


@transaction.atomic
def take(case: Case, who: str, now: datetime) -> Handover | None:
    """For a case that nobody has: whoever comes first has it. None where it is in these hands already."""
    locked = Case.objects.select_for_update(of=("self",), no_key=True).select_related("opened_by").get(pk=case.pk)
    has = holder(locked)
    if has and has != who:
        raise InOtherHands(f"{has} has this case.")
    return None if has else Handover.objects.create(case=case.pk, to=who, by=who, at=now)


@transaction.atomic
def hand_over(case: Case, to: str, *, by: str, now: datetime) -> Handover:
    """Whether `by` may is for whoever asks."""
    Case.objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)
    return Handover.objects.create(case=case.pk, to=to, by=by, at=now)


def find(reference: str) -> Case | None:
    """By the number as it is read out: any case, with or without its dash."""
    letters = "".join(letter for letter in reference.upper() if letter.isalnum())
    return Case.objects.filter(reference=f"{letters[:4]}-{letters[4:]}").first() if len(letters) == 8 else None
