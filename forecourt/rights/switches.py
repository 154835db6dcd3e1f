"""What the link in a message can stop, and what stands. Whoever holds the link sees one message's switches, no history."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forecourt.consent import standing
from forecourt.consent.models import Channel, Entry, Verb
from forecourt.interactions import notices
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.policy.needs import Stand
from forecourt.web.brand import brand

CHANNELS = {"email": "emails", "text": "texts"}
TYPES = {
    "test-drive": ("this test drive", "test drives"),
    "service-visit": ("this service visit", "service visits"),
    "event": ("this event", "events"),
    "parent": ("this question to a parent", "questions to parents"),
    "inquiry": ("this message to us", "messages to us"),
}


class Reach(StrEnum):
    """How far a stop goes, as the page's buttons send it."""

    THIS = "this"
    KIND = "kind"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Switch:
    """`words` completes "Stop ...". `since` is when the no that stands was said, or None while these may come."""

    reach: Reach
    channel: Channel
    scope: str
    words: str
    since: datetime | None


def of(message: Message) -> tuple[Switch, ...]:
    stands = standing.of(message.contact_id)
    yes = last_yes(message, stands)
    return tuple(
        Switch(reach, channel, scope, words, since(message, channel, scope, yes, stands))
        for reach, channel, scope, words in reaches(message)
    )


def reaches(message: Message) -> list[tuple[Reach, Channel, str, str]]:
    channel, many = Channel(message.channel), CHANNELS[message.channel]
    found = []
    if message.interaction_type in TYPES:
        one, kind = TYPES[message.interaction_type]
        found.append((Reach.THIS, channel, message.interaction, f"{many} about {one}"))
        found.append((Reach.KIND, channel, f"type:{message.interaction_type}", f"all {many} about {kind}"))
    found.append((Reach.EVERYTHING, Channel.ALL, "all", f"everything from {brand().name}"))
    return found


def switch_for(message: Message, reach: str) -> Switch | None:
    return next((switch for switch in of(message) if switch.reach == reach), None)


def one_click(message: Message) -> Switch:
    """What a mailbox's own unsubscribe button means: the kind that the message is of (RFC 8058 leaves it to the sender)."""
    return switch_for(message, Reach.KIND) or of(message)[-1]


def last_yes(message: Message, stands: tuple[Stand, ...]) -> int:
    """The newest word that asked for these messages: a yes to texts, or the request itself."""
    here = [
        stand for stand in stands if stand.scope == message.interaction and stand.channel in (message.channel, "all")
    ]
    verb = "granted" if message.channel == Channel.TEXT else "asked"
    return max((getattr(stand, verb) for stand in here), default=0)


def since(message: Message, channel: Channel, scope: str, yes: int, stands: tuple[Stand, ...]) -> datetime | None:
    seq = next((stand.withdrew for stand in stands if (stand.channel, stand.scope) == (channel, scope)), 0)
    if seq <= yes:
        return None
    said = Entry.objects.filter(contact=message.contact_id, seq=seq, verb=Verb.WITHDREW)
    return said.values_list("at", flat=True).first()


def stopped_by_phone(message: Message) -> bool:
    """A STOP from the phone itself, which carriers honour until that phone texts START."""
    scopes = ("all", f"type:{message.interaction_type}")
    here = [stand for stand in standing.of(message.contact_id) if stand.channel == "text" and stand.scope in scopes]
    last = max((max(stand.stopped, stand.wrong_number) for stand in here), default=0)
    return message.channel == Channel.TEXT and last > max((stand.started for stand in here), default=0)


def may_resume(message: Message, now: datetime) -> bool:
    """Only what is still to come can be asked for again."""
    drive_id = message.interaction.removeprefix("interaction:")
    return message.interaction_type == "test-drive" and (
        TestDrive.objects.filter(pk=drive_id, state=TestDrive.State.BOOKED, starts_at__gt=now).exists()
    )


def resume_words(message: Message) -> str:
    """The sentence beside the second yes; kept word for word."""
    if message.channel == Channel.TEXT:
        return f"{notices.texts_label()} again. {notices.texts_cost()}"
    return f"Email me about this test drive again: a reminder and word of any change, from {brand().name}."
