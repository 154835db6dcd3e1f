"""What the pages of a test drive show, gathered for them. Nothing here decides or changes anything."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forecourt.consent import policies, standing
from forecourt.dealers import search
from forecourt.dealers.hours import today_words
from forecourt.dealers.network import network
from forecourt.dealers.pack import LONGEST_NAME
from forecourt.interactions import limits, links, messages, notices
from forecourt.interactions.models import TestDrive
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.decide import Facts, Refused, decide
from forecourt.policy.reasons import Reason
from forecourt.sharing.fields import WORDS
from forecourt.sharing.models import Lead
from forecourt.vehicles import catalogue
from forecourt.web.brand import brand

DRIVES = ("test-drive",)
PURPOSE = "manage-own-booking"


class Texts(StrEnum):
    """What stands for texts about one drive."""

    NO_PHONE = "no phone"
    ON = "on"
    OFF = "off"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that went to the dealer, or did not: the sentence, and when if it left."""

    sentence: str
    at: datetime | None = None


def dealers_near(typed: str, after: str, car: str, now: datetime) -> dict[str, object]:
    """The dealers that drive, nearest first, for a ZIP code, a city or a dealer's name."""
    typed = typed.strip()[:LONGEST_NAME]
    answer = search.answer(network(), typed, DRIVES, after) if typed else search.Answer()
    page = answer.page if answer.page and answer.page.total else None
    none_drives = "None of the dealers by that name has test drives. Try a ZIP code." if answer.page else ""
    return {
        "zip": typed,
        "longest": LONGEST_NAME,
        "page": page,
        "rows": [(found.dealer, found.miles, today_words(found.dealer.timetable, now)) for found in page.found]
        if page
        else [],
        "trouble": answer.trouble or ("" if page else none_drives),
        "meant": answer.choices,
        "place": answer.place.label if answer.place else "",
    }


def of(drive: TestDrive, now: datetime) -> dict[str, object]:
    """Everything on a booking's own page."""
    return {
        "drive": drive,
        "address": links.address_of(drive),
        "dealer": drive.dealer,
        "line": catalogue.line(drive.car),
        "masked": contacts.masked(drive.contact, purpose=PURPOSE, who="visitor", now=now),
        "by_email": drive.contact.kind == Contact.Kind.EMAIL,
        "is_on": drive.state == TestDrive.State.BOOKED and drive.starts_at > now,
        "is_cancelled": drive.state == TestDrive.State.CANCELLED,
        "texts": texts_of(drive, now),
        "texts_terms": notices.texts_cost(),
        "texts_number": brand().text_senders[messages.TYPE],
        "reminder": drive.remind_at if drive.remind_at > now else None,
        "held_back": messages.was_held_back(drive),
        "most_messages": limits.MOST_MESSAGES,
        "emails_stopped": emails_stopped(drive, now),
        "told": told(drive),
    }


def texts_of(drive: TestDrive, now: datetime) -> Texts:
    if drive.contact.kind != Contact.Kind.PHONE:
        return Texts.NO_PHONE
    match answer(drive, "test-drive-reminder-text", now):
        case Reason.STOPPED | Reason.WRONG_NUMBER:
            return Texts.STOPPED
        case Reason.NEVER_ASKED | Reason.WITHDRAWN:
            return Texts.OFF
        case _:
            return Texts.ON


def emails_stopped(drive: TestDrive, now: datetime) -> bool:
    return (
        drive.contact.kind == Contact.Kind.EMAIL and answer(drive, "test-drive-reminder-email", now) is Reason.WITHDRAWN
    )


def answer(drive: TestDrive, use: str, now: datetime) -> Reason | None:
    """Why such a message would be refused as things stand, or None."""
    facts = Facts(
        standing=standing.of(drive.contact_id),
        interaction=drive.interaction,
        interaction_type=messages.TYPE,
        zones=(drive.dealer.zone,),
    )
    decision = decide(policies.in_force(now), use, facts, now)
    return decision.reason if isinstance(decision, Refused) else None


def told(drive: TestDrive) -> list[Told]:
    leads = Lead.objects.filter(interaction=drive.interaction).select_related("receipt").order_by("change")
    return [_told(lead, drive.dealer.name) for lead in leads]


def _told(lead: Lead, dealer: str) -> Told:
    match lead.state:
        case Lead.State.LEFT:
            fields = [words for field, words in WORDS.items() if field in lead.receipt.fields]
            return Told(f"{lead.wish}. Sent with it: {', '.join(fields)}.", lead.receipt.at)
        case Lead.State.QUEUED | Lead.State.HANDING:
            return Told(f"{lead.wish}. On its way.")
        case Lead.State.WAITING if lead.reason == Reason.CLOSED:
            return Told(
                f"{lead.wish}. Not sent yet: a check of ours failed, and this waits until it passes again. Call {dealer} to be sure."
            )
        case Lead.State.WAITING:
            return Told(
                f"{lead.wish}. Not sent yet: {dealer} has to renew its contract with us first. Call it to be sure."
            )
        case Lead.State.UNKNOWN:
            return Told(
                f"{lead.wish}. We cannot tell whether {dealer} got it, and one of us is looking. Call it to be sure."
            )
        case _:
            yourself = f" Call {dealer} to say so yourself." if lead.change else ""
            return Told(f"{lead.wish}. Not sent: {refusal(lead)}{yourself}")


def refusal(lead: Lead) -> str:
    return (
        Reason(lead.reason).sentence
        if lead.reason in set(Reason)
        else "the dealer’s system would not take it. Call the dealer."
    )
