"""A person's whole story on one screen. The address is opened for a case, and the opening is logged; names stay sealed."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from forecourt.cases import actions as cases
from forecourt.consent import policies, standing
from forecourt.consent.models import Entry, Wording
from forecourt.console import words
from forecourt.console.tables import Column, Table, table
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.models import Contact, Opening
from forecourt.policy.decide import Decision, Facts, decide
from forecourt.sharing.models import Lead, Share

READ = "staff-case-read"
MESSAGES = (
    Column("When", "queued_at"),
    Column("Channel", "channel"),
    Column("For", "use"),
    Column("State", "state"),
    Column("Why"),
    Column("Permit"),
)
LEADS = (
    Column("When", "requested_at"),
    Column("To", "recipient__name"),
    Column("State", "state"),
    Column("Why"),
    Column("Receipt"),
)
SHARES = (
    Column("When", "requested_at"),
    Column("To", "recipient__name"),
    Column("What", "kind"),
    Column("State", "state"),
    Column("Why"),
    Column("Receipt"),
)
DRIVES = (Column("When", "starts_at"), Column("Car", "car"), Column("Dealer", "dealer__name"), Column("State", "state"))
HISTORY = (
    Column("No.", "seq"),
    Column("When", "at"),
    Column("What was said"),
    Column("How", "method"),
    Column("By", "by"),
    Column("Words beside it"),
)
OPENINGS = (
    Column("When", "at"),
    Column("Who", "who"),
    Column("Why", "purpose"),
    Column("Case", "case"),
    Column("What"),
)


@dataclass(frozen=True, slots=True)
class MessageLine:
    message: Message
    purpose: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class LeadLine:
    lead: Lead | Share
    what: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    entry: Entry
    said: str
    wording: str


@dataclass(frozen=True, slots=True)
class Story:
    contact: Contact
    address: str
    standing: list[words.Standing]
    messages: Table
    leads: Table
    shares: Table
    drives: Table
    history: Table
    openings: Table


def may_read(contact: Contact, reference: str, who: str, now: datetime) -> Decision:
    """Staff may look while a case of theirs about this very contact is open, and no longer."""
    facts = Facts(
        case=reference if cases.is_open_for(reference, contact.pk, who) else "",
        frozen=contact.frozen_at is not None,
        data=frozenset({contacts.FIELDS[contact.kind], "user.privacy_preferences"}),
    )
    return decide(policies.in_force(now), READ, facts, now)


def has_looked(contact: Contact, case: str, who: str) -> bool:
    """Before now, for this very case: the same look again counts once."""
    return Opening.objects.filter(subject=contact.pk, who=who, case=case, purpose=READ).exists()


def tell(request: HttpRequest, contact: Contact, case: str, who: str, now: datetime) -> Story:
    address = contacts.address_of(contact, purpose=READ, who=who, case=case, now=now)
    messages = table(request, "messages", MESSAGES, Message.objects.filter(contact=contact).defer("body"), "-queued_at")
    leads = table(
        request,
        "leads",
        LEADS,
        Lead.objects.filter(contact=contact).select_related("recipient", "receipt"),
        "-requested_at",
    )
    shares = table(
        request,
        "shares",
        SHARES,
        Share.objects.filter(contact=contact).select_related("recipient", "receipt"),
        "-requested_at",
    )
    history = table(request, "history", HISTORY, Entry.objects.filter(contact=contact.pk), "-seq")
    return Story(
        contact=contact,
        address=address.text,
        standing=words.standings(standing.of(contact.pk), types_of(contact)),
        messages=Table(messages.id, messages.heads, [message_line(message, now) for message in messages.rows]),
        leads=Table(leads.id, leads.heads, [lead_line(lead) for lead in leads.rows]),
        shares=Table(shares.id, shares.heads, [lead_line(share) for share in shares.rows]),
        drives=table(
            request, "drives", DRIVES, TestDrive.objects.filter(contact=contact).select_related("dealer"), "-starts_at"
        ),
        history=Table(history.id, history.heads, entry_lines(list(history.rows))),
        openings=table(request, "openings", OPENINGS, Opening.objects.filter(subject=contact.pk), "-at"),
    )


def types_of(contact: Contact) -> dict[str, str]:
    """Each booking's type, by its code in the ledger."""
    told = Message.objects.filter(contact=contact).values_list("interaction", "interaction_type").distinct()
    return {
        **dict(told),
        **{drive.interaction: "test-drive" for drive in TestDrive.objects.filter(contact=contact).only("pk")},
    }


def message_line(message: Message, now: datetime) -> MessageLine:
    use = policies.find_use(message.use, now)
    purpose = use.purpose if use else message.use
    return MessageLine(message, purpose, words.MESSAGE_STATES[message.state], words.reason(message.reason))


def lead_line(lead: Lead | Share) -> LeadLine:
    return LeadLine(lead, words.shared(lead), words.LEAD_STATES[lead.state], words.reason(lead.reason))


def entry_lines(entries: list[Entry]) -> list[EntryLine]:
    texts = Wording.objects.in_bulk({entry.wording for entry in entries if entry.wording})
    return [
        EntryLine(
            entry,
            words.entry(entry.channel, entry.scope, entry.verb),
            texts[entry.wording].text if entry.wording in texts else "",
        )
        for entry in entries
    ]
