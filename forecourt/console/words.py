"""Codes of the ledger and the doors in the words that staff read out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from forecourt.inquiries.actions import Outcome
from forecourt.policy.decide import Stand
from forecourt.policy.reasons import Reason
from forecourt.sharing.models import Lead, Share

CHANNELS = {
    "email": "Emails",
    "text": "Texts",
    "post": "Letters",
    "push": "App messages",
    "call": "Calls",
    "all": "Emails, texts, letters, app messages and calls",
    "data": "Their data",
}
VERBS = {
    "asked": "asked for it",
    "granted": "said yes",
    "withdrew": "said no",
    "stopped": "replied STOP",
    "started": "replied START",
    "wrong-number": "said that the number is not theirs",
}
TYPES = {
    "test-drive": "test drives",
    "service-visit": "service visits",
    "event": "events",
    "inquiry": "messages to us",
}
PURPOSES = {
    "sale": "sold or shared",
    "ads": "used for targeted ads",
    "sensitive": "that are sensitive, used for more than they asked",
    "analytics": "counted in our figures",
    "personal": "used to fit pages to them",
}
MESSAGE_STATES = {
    "queued": "waiting",
    "handing": "in the provider’s hands",
    "left": "left",
    "refused": "refused",
    "failed": "failed",
    "unknown": "unknown",
}
SHARED = {
    "join": "counts them among those who see our ads",
    "removal": "is to forget them",
    "event": "hears what they did here",
    "notice": "hears of their no",
    "erasure": "has to erase them",
}
LEAD_STATES = {**MESSAGE_STATES, "queued": "on its way", "waiting": "waiting for a contract"}


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of what stands: what it is about, what was said last, whether a no holds, and which other row says so."""

    channel: str
    scope: str
    said: str
    no: bool
    seq: int
    but: str = ""


def scope(code: str) -> str:
    kind, _, name = code.partition(":")
    if kind == "all":
        return "of every kind"
    if kind == "type":
        return f"about {TYPES.get(name, name)}"
    if kind == "purpose":
        return PURPOSES.get(name, name)
    return f"about booking {name[:8]}"


LASTING = ("stopped", "wrong-number")


def standings(stands: Iterable[Stand], types: Mapping[str, str]) -> list[Standing]:
    """Newest first. A yes for one booking says so where a wider no covers it; `types` tells of what type a booking is."""
    stands = list(stands)
    told = []
    for stand in stands:
        own = standing(stand)
        wider = (standing(other) for other in stands if covers(other, stand, types))
        over = next((no for no in wider if no.no and (no.seq > own.seq or no.said in map(VERBS.get, LASTING))), None)
        told.append(own if own.no or over is None else replace(own, no=True, but=f"but {over.said} (no. {over.seq})"))
    return sorted(told, key=lambda row: -row.seq)


def covers(wide: Stand, narrow: Stand, types: Mapping[str, str]) -> bool:
    if wide is narrow or wide.channel not in ("all", narrow.channel):
        return False
    return wide.scope in ("all", narrow.scope, f"type:{types.get(narrow.scope, '')}")


def standing(stand: Stand) -> Standing:
    """The latest thing said wins, except that STOP and a wrong number yield to START alone."""
    refused = max((stand.stopped, "stopped"), (stand.wrong_number, "wrong-number"))
    open_to = (
        (stand.asked, "asked"),
        (stand.granted, "granted"),
        (stand.withdrew, "withdrew"),
        (stand.started, "started"),
    )
    seq, verb = refused if refused[0] > stand.started else max(open_to)
    return Standing(
        CHANNELS.get(stand.channel, stand.channel),
        scope(stand.scope),
        VERBS[verb],
        verb in (*LASTING, "withdrew"),
        seq,
    )


def entry(channel: str, of: str, verb: str) -> str:
    return f"{CHANNELS.get(channel, channel)} {scope(of)}: {VERBS[verb]}"


def shared(row: Lead | Share) -> str:
    if isinstance(row, Share):
        return SHARED[row.kind]
    return SHARED["notice"] if row.says_no else row.wish


def reason(code: str) -> str:
    """A refusal's sentence; what a provider answered stands as it is."""
    try:
        return Reason(code).sentence
    except ValueError:
        return code


def outcome(code: str) -> str:
    """The sentence that the person reads; what has none is said as it stands."""
    return Outcome(code).label if code in set(Outcome) else code


SPELLED = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo "
        "Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu".split(),
        strict=True,
    )
)
NUMBERS = "zero one two three four five six seven eight nine".split()


def spelled(reference: str) -> list[str]:
    """A case's number as it is read out on a bad line."""
    return [SPELLED.get(letter) or NUMBERS[int(letter)] for letter in reference if letter.isalnum()]
