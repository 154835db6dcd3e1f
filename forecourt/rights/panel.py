"""The five switches as a page shows them: what each is, what stands, since which word, and what a press just did."""

from dataclasses import dataclass
from enum import StrEnum

from forecourt.consent.choices import Answer, Choices
from forecourt.policy.policy import Switch
from forecourt.rights.asking import ADDRESS, ALL, Hold, Told, holds

# Not "you": several may use one computer, and who it was is nobody else's business.
ELSEWHERE = "Off: a no was said for an address or a browser that belongs with this one."
UNSAID = "You have said nothing, so it stays off."


@dataclass(frozen=True, slots=True)
class Words:
    """`effect` says what a yes would let happen; `off` and `on` say what is so after a no and after a yes."""

    title: str
    effect: str
    off: str
    on: str


WORDS = {
    Switch.SALE: Words(
        "Selling or sharing your data",
        "With a yes we may hand what we know about you to companies that pay for it or trade for it.",
        "we do not sell or share your data",
        "we may sell or share your data",
    ),
    Switch.ADS: Words(
        "Targeted advertising",
        "With a yes ad networks may learn what you look at here, and show you our cars on other sites.",
        "no ad network learns what you do here",
        "ad networks may learn what you look at here",
    ),
    Switch.SENSITIVE: Words(
        "Using sensitive data",
        "With a yes we may use data such as an exact location for more than what you asked us to do.",
        "we use sensitive data only for what you ask of us",
        "we may use sensitive data for more than what you asked",
    ),
    Switch.ANALYTICS: Words(
        "Counting visits",
        "With a yes your visit counts in the figures that tell us which pages help.",
        "your visits are not counted",
        "your visits count in our figures",
    ),
    Switch.PERSONAL: Words(
        "Pages that fit you",
        "With a yes pages may show first the cars that you looked at before.",
        "pages are the same for you as for everybody",
        "pages may show first what you looked at before",
    ),
}
EVERYTHING = Words(
    "Everything on this page",
    "All five at once.",
    "everything on this page is off",
    "everything on this page is on",
)


class Mark(StrEnum):
    """What the line about the signal shows, in shape and words."""

    RECEIVED = "received"
    KEPT = "kept"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of buttons and where they lead. `on` is None where some of what it is about is on and some off. `state` is a
    sentence. `confirmation` is the sealed question of the dialog, empty
    where a yes takes no second step."""

    which: str
    words: Words
    on: bool | None
    state: str
    no: str
    yes: str
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    rows: tuple[Row, ...]
    everything: Row
    signal: Mark
    overruled: bool


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a press did: `good` where it did what it said."""

    good: bool
    title: str
    body: str


def words_of(which: str) -> Words:
    return EVERYTHING if which == ALL else WORDS[Switch(which)]


def state_of(state: Choices, switch: Switch) -> str:
    held = holds(state, [switch])
    answer = state.answers.get(switch)
    if answer is Answer.OVERRULED:
        return "You had said yes. Your browser’s signal came after that, and the signal counts: it is off."
    if held.get(switch) is Hold.SIGNAL:
        return "Off, because your browser sends an opt-out signal."
    if answer is Answer.SIGNAL:
        return "Off, because your browser once sent an opt-out signal. We keep to it."
    if switch in state.follows:
        return f"{ELSEWHERE} It can be taken back from there."
    if answer is Answer.NO and switch in state.echoes:
        return f"{ELSEWHERE} It can be taken back here."
    if answer is Answer.NO:
        return "You said no. It is off."
    if answer is Answer.YES:
        return "You said yes. It is on."
    return UNSAID


def signal_of(state: Choices) -> Mark:
    if state.sent:
        return Mark.RECEIVED
    return Mark.KEPT if state.kept else Mark.NONE


# What a yes did not reach, after the sentence that says what it did.
HELD = {
    Hold.SIGNAL: (
        "Your browser sends an opt-out signal, and while it does, selling, sharing and targeted ads stay off. To change that, "
        "switch off Global Privacy Control in your browser’s privacy settings or its add-on, and press Yes again."
    ),
    Hold.LINKED: (
        "A no was said for an address or another browser that belongs with this one, and it counts here too. "
        "It can be taken back from there: for an address, by the link in any message that we sent to it."
    ),
    Hold.AGE: "By the answer to our question about age, selling, sharing and targeted ads are off. You did nothing wrong.",
    Hold.COOKIES: (
        "Your browser did not keep our cookie, so we cannot remember a yes. Everything stays off, and everything else here "
        "works as it did."
    ),
}
FOR_ADDRESS = (
    "Everything on this page is off for it, and whoever got something of it from us is told. We answer the same whether we "
    "know an address or not."
)
NOTHING_KEPT = "Your browser did not keep our cookie, and need not: without a yes, no is what stands for everybody."


def confirmation(told: Told, *, kept: bool) -> Confirmation:
    """`kept` tells whether what was said stands now, and so came back with this request."""
    moment = f"{told.at:%B} {told.at.day}, {told.at.year}, {told.at:%H:%M} UTC"
    if told.which == ADDRESS:
        return Confirmation(True, f"Done: we keep to your no for that address or number, as of {moment}.", FOR_ADDRESS)
    said, held = words_of(told.which), " ".join(HELD[hold] for hold in told.held)
    if not told.on:
        body = "It works from this page on."
        return Confirmation(True, f"Done: {said.off}, as of {moment}.", body if kept else f"{body} {NOTHING_KEPT}")
    if not told.did or not kept:
        # An answer about age may have turned something off.
        title = "Nothing was turned on." if Hold.AGE in told.held else "Nothing changed."
        return Confirmation(False, title, held or HELD[Hold.COOKIES])
    if held:
        return Confirmation(True, f"Done in part, as of {moment}.", held)
    return Confirmation(True, f"Done: {said.on}, as of {moment}.", "One press on No turns it off again.")
