"""The demo's phones: every number that was texted, its threads, and answering them as the carrier would report it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timesince import timesince

from forecourt.adapters import kept, texts
from forecourt.consent import policies
from forecourt.messaging import handoff, stops
from forecourt.messaging.models import Message, Reply
from forecourt.people import contacts
from forecourt.policy.reasons import Reason
from forecourt.run.tour.whose import is_of_a_check
from forecourt.web.brand import brand

KINDS = {"test-drive": "test drives", "service-visit": "service visits", "event": "events"}


@dataclass(frozen=True, slots=True)
class Bubble:
    mine: bool
    text: str
    when: str
    refused: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """What stands between one phone and one of our numbers, oldest first."""

    number: str
    sender: str
    kind: str
    bubbles: list[Bubble]


def numbers() -> list[str]:
    """Phones that were texted or texted us, the newest first; those of the checks' own visitors last."""
    seen = dict.fromkeys(_phone(item) for item in reversed(kept.all_kept(kept.Medium.TEXT)))
    return sorted(seen, key=is_of_a_check)


def threads(number: str, now: datetime) -> list[Thread]:
    """One thread a sender, with what was refused shown where it would have stood."""
    items = kept.kept_for(number, kept.Medium.TEXT)
    contact = contacts.find(contacts.read_phone(number))
    refused = Message.objects.filter(contact=contact, channel="text", state="refused") if contact else ()
    found: list[Thread] = []
    for kind, sender in brand().text_senders.items():
        bubbles = [
            Bubble(item.way == kept.Way.IN, item.content.decode(), _ago(item.at, now), False, item.at)
            for item in items
            if sender in (item.sender, item.recipient)
        ]
        bubbles += [
            Bubble(False, f"{_what(message)} {Reason(message.reason).sentence}", "not sent", True, message.queued_at)
            for message in refused
            if message.interaction_type == kind
        ]
        if bubbles or not found:
            found.append(Thread(number, sender, KINDS.get(kind, kind), sorted(bubbles, key=lambda bubble: bubble.at)))
    return [thread for thread in found if thread.bubbles] or found[:1]


def answer(number: str, sender: str, body: str, url: str, now: datetime) -> Reply:
    """Type `body` on the phone: signed as the carrier signs it, read as our webhook reads it, settled before we go on."""
    signed = texts.Fake().reply(number, sender, body, url)
    reply = stops.receive(texts.parse_incoming(signed.url, signed.form, signed.signature), now)
    stops.settled(reply.contact_id)
    for message in Message.objects.filter(contact=reply.contact_id, state="queued", due__lte=now):
        handoff.deliver(message.pk, now)
    return reply


def _phone(item: kept.Item) -> str:
    return item.sender if item.way == kept.Way.IN else item.recipient


def _what(message: Message) -> str:
    use = policies.find_use(message.use, message.queued_at)
    return f"A text to {use.purpose} was refused." if use else "A text was refused."


def _ago(at: datetime, now: datetime) -> str:
    return "just now" if now - at < timedelta(minutes=1) else f"{timesince(at, now)} ago"
