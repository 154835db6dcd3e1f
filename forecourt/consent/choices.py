"""What one browser chose, as its flag cookie keeps it: no identifier, the same few letters for all who chose alike.

    sale-no.ads-signal.analytics-yes

Whoever chose nothing has no such cookie, and nothing is done that needs a yes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.http.cookie import parse_cookie

from forecourt.policy.needs import DATA, Stand
from forecourt.policy.policy import Age, Switch
from forecourt.policy.sales import SIGNALLED

COOKIE = "choices"
LONGEST = 200


class Answer(StrEnum):
    """`signal` is a no that the browser itself sent; `overruled` one that came after a yes, and counts before it."""

    NO = "no"
    YES = "yes"
    SIGNAL = "signal"
    OVERRULED = "overruled"


@dataclass(frozen=True, slots=True)
class Choices:
    """`sent` is the signal in this very request. `follows` holds what was refused elsewhere by the same person, `echoes` those
    noes here that came from elsewhere, and that nobody said here."""

    answers: Mapping[Switch, Answer] = field(default_factory=dict)
    sent: bool = False
    follows: frozenset[Switch] = frozenset()
    echoes: frozenset[Switch] = frozenset()
    age: Age = Age.UNKNOWN

    def __str__(self) -> str:
        """The cookie's value, one way to write each."""
        return ".".join(f"{switch}-{self.answers[switch]}" for switch in Switch if switch in self.answers)

    @property
    def said_yes(self) -> frozenset[Switch]:
        return frozenset(switch for switch, answer in self.answers.items() if answer is Answer.YES) - self.said_no

    @property
    def said_no(self) -> frozenset[Switch]:
        noes = frozenset(switch for switch, answer in self.answers.items() if answer is not Answer.YES)
        return noes | self.follows | (SIGNALLED if self.sent else frozenset())

    @property
    def signal(self) -> bool:
        """An opt-out signal binds: it came with this request, or came once and is kept."""
        return self.sent or self.kept

    @property
    def kept(self) -> bool:
        return not self.sent and any(answer in (Answer.SIGNAL, Answer.OVERRULED) for answer in self.answers.values())

    @property
    def overruled(self) -> frozenset[Switch]:
        """What this browser had allowed before its signal said no."""
        return frozenset(switch for switch, answer in self.answers.items() if answer is Answer.OVERRULED)

    def say(self, answer: Answer, *switches: Switch) -> "Choices":
        return replace(self, answers={**self.answers, **dict.fromkeys(switches, answer)})

    def unsay(self, *switches: Switch) -> "Choices":
        """As if nothing had been said about them."""
        return replace(
            self, answers={switch: self.answers[switch] for switch in self.answers if switch not in switches}
        )

    def with_signal(self) -> "Choices":
        """As it stands once the browser sent its signal: a no by hand stays one, a yes is overruled, and is shown to be."""
        heard = {switch: HEARD[self.answers.get(switch)] for switch in SIGNALLED}
        return replace(self, answers={**self.answers, **heard}, sent=True)


HEARD = {
    None: Answer.SIGNAL,
    Answer.NO: Answer.NO,
    Answer.YES: Answer.OVERRULED,
    Answer.SIGNAL: Answer.SIGNAL,
    Answer.OVERRULED: Answer.OVERRULED,
}


def parse(cookie: str) -> Choices:
    """What the cookie says. A part that makes no sense says nothing; of two about one switch, the one that is no yes counts."""
    answers: dict[Switch, Answer] = {}
    for part in cookie[:LONGEST].split("."):
        name, _, word = part.partition("-")
        if name in set(Switch) and word in set(Answer):
            switch, answer = Switch(name), Answer(word)
            if answers.get(switch, Answer.YES) is Answer.YES:
                answers[switch] = answer
    return Choices(answers)


def read(header: str) -> Choices:
    """What a request's `Cookie` header says. Several of ours may be in it, one that another path or a neighbouring host set
    among them: none of them takes back what another refuses."""
    answers: dict[Switch, Answer] = {}
    for cookie in filter(None, (parse_cookie(pair).get(COOKIE) for pair in header.split(";"))):
        for switch, answer in parse(cookie).answers.items():
            if answers.get(switch, Answer.YES) is Answer.YES:
                answers[switch] = answer
    return Choices(answers)


def scope(switch: Switch) -> str:
    """How the ledger names it, on its channel "data"."""
    return f"purpose:{switch}"


def of_standing(standing: Iterable[Stand]) -> Choices:
    """What one contact's ledger says about the switches: the later word."""
    answers = {}
    for stand in standing:
        if stand.channel == DATA and (switch := SCOPES.get(stand.scope)) and (stand.granted or stand.withdrew):
            answers[switch] = Answer.YES if stand.granted > stand.withdrew else Answer.NO
    return Choices(answers)


SCOPES = {scope(switch): switch for switch in Switch}
