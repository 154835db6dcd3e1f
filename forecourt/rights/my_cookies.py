"""The cookies of one browser: which of ours it sent, what each says in plain words, and forgetting them with what lies behind."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from forecourt.consent import choices, policies
from forecourt.consent.choices import Answer, Choices
from forecourt.dealers import mine
from forecourt.dealers.network import network
from forecourt.people import browsers, memory
from forecourt.policy.policy import Cookie, Policy, Switch
from forecourt.policy.sales import SIGNALLED
from forecourt.rights import choosing
from forecourt.rights.panel import WORDS
from forecourt.traffic import personal
from forecourt.vehicles.builds import shelves
from forecourt.vehicles.builds.saving import COOKIE as SAVED_BUILDS
from forecourt.web import login_id

# Where the browser came from may have set others; more names than this tell nobody anything.
MOST_NAMES = 12
LONGEST = 40
FORM_MEMORY = "form_memory"


@dataclass(frozen=True, slots=True)
class Here:
    """One of ours in this browser. `says` is its value in words; `can_go` is false for what ends with the visit by itself."""

    cookie: Cookie
    says: str
    can_go: bool


@dataclass(frozen=True, slots=True)
class Jar:
    """`unseen` go to other pages alone, so this one cannot tell whether they are there; `foreign` are names that we never set."""

    here: tuple[Here, ...]
    unseen: tuple[Cookie, ...]
    foreign: tuple[str, ...]

    @property
    def can_go(self) -> bool:
        return any(one.can_go for one in self.here)


def jar(sent: Mapping[str, str], policy: Policy, said: Choices, now: datetime) -> Jar:
    ours = {name: row for name, row in policy.cookies.items() if not row.host}
    here = [
        Here(row, in_words(name, sent[name], said, now), row.lifetime is not None)
        for name, row in ours.items()
        if name in sent
    ]
    elsewhere = (login_id.COOKIE, login_id.ACCOUNT_COOKIE)
    unseen = tuple(row for name, row in ours.items() if name in elsewhere and name not in sent)
    foreign = tuple(name[:LONGEST] for name in sorted(set(sent) - set(ours))[:MOST_NAMES])
    return Jar(tuple(here), unseen, foreign)


def in_words(name: str, value: str, said: Choices, now: datetime) -> str:
    if name not in SAYS:
        return "A random number, which ends when you sign out."
    return SAYS[name](value, said, now)


def choices_in_words(value: str, said: Choices, now: datetime) -> str:
    answers = choices.parse(value).answers
    if not answers:
        return "It holds no choice that we know."
    told = [one_choice(switch, answer) for switch, answer in sorted(answers.items(), key=lambda one: ORDER[one[0]])]
    return f"{'; '.join(told)}."


ORDER = {switch: place for place, switch in enumerate(Switch)}
HOW = {
    Answer.NO: "no, said by you",
    Answer.YES: "yes, said by you",
    Answer.SIGNAL: "no, from your browser’s signal",
    Answer.OVERRULED: "no, from your browser’s signal, after your yes",
}


def one_choice(switch: Switch, answer: Answer) -> str:
    return f"{WORDS[switch].title}: {HOW[answer]}"


def memory_in_words(token: str, said: Choices, now: datetime) -> str:
    kept = memory.about(token, now)
    if kept is None:
        return "It finds nothing any more."
    return f"It finds what we fill in for you, kept since {on_day(kept.kept_at)}, until {on_day(kept.expires_at)}."


def saved_in_words(token: str, said: Choices, now: datetime) -> str:
    number = len(shelves.of_browser(token, now))
    if not number:
        return "It finds no saved car any more."
    return f"It finds the {'car' if number == 1 else f'{number} cars'} that you saved on this device."


def browser_in_words(token: str, said: Choices, now: datetime) -> str:
    return "A random number that we know from your yes." if browsers.find(token) else "A number that we do not know."


def age_in_words(value: str, said: Choices, now: datetime) -> str:
    if said.age:
        return f"You answered a question about age: {said.age}."
    return "We asked for your age; you have not answered."


def recent_in_words(value: str, said: Choices, now: datetime) -> str:
    look = personal.parse(value)
    return f"You last looked at the {look.model}, on {on_day(look.on)}." if look else "It names no car that we know."


def dealer_in_words(slug: str, said: Choices, now: datetime) -> str:
    dealer = network().find(slug)
    return f"Your dealer: {dealer.name}." if dealer else "It names no dealer of ours."


def login_in_words(value: str, said: Choices, now: datetime) -> str:
    return "The login name that you had us remember."


SAYS: Mapping[str, Callable[[str, Choices, datetime], str]] = {
    choices.COOKIE: choices_in_words,
    "age": age_in_words,
    mine.COOKIE: dealer_in_words,
    browsers.COOKIE: browser_in_words,
    personal.COOKIE: recent_in_words,
    FORM_MEMORY: memory_in_words,
    SAVED_BUILDS: saved_in_words,
    login_id.COOKIE: login_in_words,
    login_id.ACCOUNT_COOKIE: login_in_words,
}


def on_day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def deletable(policy: Policy) -> tuple[str, ...]:
    """Ours that stay. What lasts for one visit ends with it: the answer about age would else be asked until it suits."""
    return tuple(name for name, row in policy.cookies.items() if row.lifetime is not None and not row.host)


def forget(names: Collection[str], sent: Mapping[str, str], said: Choices, now: datetime) -> Choices:
    """What lies behind these cookies goes with them; returns what this browser has said after it.

    Whoever deletes a yes takes it back: else it would go on where nobody sees it.
    """
    if FORM_MEMORY in names:
        memory.forget(sent.get(FORM_MEMORY, ""))
    if SAVED_BUILDS in names:
        shelves.forget(sent.get(SAVED_BUILDS, ""))
    token = sent.get(browsers.COOKIE, "")
    if {browsers.COOKIE, choices.COOKIE} & set(names) and browsers.find(token):
        said = choosing.refuse_here(said, SIGNALLED, token, now)
        if browsers.COOKIE in names:
            browsers.forget(token, notice=policies.in_force(now).version, now=now)
    return said
