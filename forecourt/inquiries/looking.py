"""Reading what somebody wrote to us: for the use that answers it, in its own open case, and for the person themselves. Whoever
wants it for anything else is refused, and that is kept."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.cases import actions as cases
from forecourt.consent import reading
from forecourt.inquiries.actions import ORIGINAL, TYPE, WORDS, open_line
from forecourt.inquiries.models import Inquiry, Line
from forecourt.people import contacts, vault
from forecourt.people.models import Contact

STAFF, OWN = "read-inquiry", "show-own-inquiry"


@dataclass(frozen=True, slots=True)
class Shown:
    line: Line
    words: str


def for_staff(inquiry: Inquiry, now: datetime, *, who: str) -> list[Shown]:
    """MayNotRead where no case of theirs is open about it."""
    return read(inquiry, STAFF, now, who=who, case=open_case(inquiry, who))


def for_the_person(inquiry: Inquiry, now: datetime) -> list[Shown]:
    return read(inquiry, OWN, now, who="visitor")


def read(inquiry: Inquiry, use: str, now: datetime, *, who: str, case: str = "") -> list[Shown]:
    """Everything that was said, oldest first; nothing once the words were destroyed."""
    must(inquiry, use, [WORDS], now, who=who, case=case)
    if inquiry.submission_id is None:
        return []
    vault.log_opening(inquiry.submission_id, [WORDS], purpose=use, who=who, case=case, now=now)
    return [Shown(line, open_line(inquiry, line)) for line in inquiry.lines.order_by("at", "pk")]


def original(inquiry: Inquiry, line: Line, now: datetime, *, who: str) -> bytes:
    """An email as it came, with whatever was attached."""
    case = open_case(inquiry, who)
    must(inquiry, STAFF, [WORDS], now, who=who, case=case)
    if inquiry.submission_id is None or line.original is None:
        return b""
    vault.log_opening(inquiry.submission_id, [ORIGINAL], purpose=STAFF, who=who, case=case, now=now)
    return vault.open_bytes(inquiry.submission_id, ORIGINAL, line.pk, line.original)


def address(inquiry: Inquiry, now: datetime, *, who: str) -> str:
    """How to get back to them, for whoever answers; empty where they left nothing."""
    if inquiry.contact is None:
        return ""
    field = contacts.FIELDS[inquiry.contact.kind]
    told = reading.open_fields(
        inquiry.contact,
        inquiry.contact.pk,
        STAFF,
        [field],
        now,
        who=who,
        interaction_type=TYPE,
        case=open_case(inquiry, who),
    )
    return told.get(field, "")


def must(inquiry: Inquiry, use: str, data: list[str], now: datetime, *, who: str, case: str) -> None:
    reading.must(whose(inquiry), use, data, now, who=who, interaction_type=TYPE, case=case)


def whose(inquiry: Inquiry) -> Contact:
    """Whoever left no address said nothing to us but this: nothing stands for them, and a refusal names the words' own key."""
    return inquiry.contact or Contact(pk=inquiry.submission_id or inquiry.pk)


def open_case(inquiry: Inquiry, who: str) -> str:
    """Its case's number while it is open and in these hands."""
    return inquiry.case.reference if cases.is_open_for(inquiry.case.reference, inquiry.case.contact, who) else ""
