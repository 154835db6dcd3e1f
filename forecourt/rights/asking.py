"""What stands between pressing Yes and a yes. A no has nothing in its way: one press, whatever stood before.

After a no, or a signal, a yes takes a request and a confirmation (11 CCR 7028, R-CA-08). For sale and ads it takes an age
as well. What holds a yes back is said, and changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core import signing

from forecourt.consent.choices import Choices
from forecourt.policy.policy import Age, Switch
from forecourt.policy.sales import GROWN_UP, SIGNALLED

ALL = "all"
ADDRESS = "address"
SALT = "forecourt.rights.asking"
HOUR = 3600


class Hold(StrEnum):
    """Why a yes does not count."""

    SIGNAL = "signal"
    LINKED = "linked"
    AGE = "age"
    COOKIES = "cookies"


class Next(StrEnum):
    """What a yes needs before it is one."""

    CONFIRMATION = "confirmation"
    AGE = "age"
    NOTHING = "nothing"


def named(which: str) -> tuple[Switch, ...]:
    """The switches that a button is about; none where there is no such button."""
    if which == ALL:
        return tuple(Switch)
    return (Switch(which),) if which in set(Switch) else ()


def holds(state: Choices, wanted: Collection[Switch]) -> dict[Switch, Hold]:
    """Which of them cannot become a yes now, and why."""
    held = {switch: Hold.LINKED for switch in wanted if switch in state.follows}
    if state.sent:
        held |= {switch: Hold.SIGNAL for switch in wanted if switch in SIGNALLED}
    if state.age is Age.CHILD:
        held |= {switch: Hold.AGE for switch in wanted if switch in GROWN_UP and switch not in held}
    return held


def open_to_yes(state: Choices, wanted: Collection[Switch]) -> tuple[Switch, ...]:
    held = holds(state, wanted)
    return tuple(switch for switch in wanted if switch not in held)


def needs_confirmation(state: Choices, wanted: Collection[Switch]) -> bool:
    return any(switch in state.said_no for switch in open_to_yes(state, wanted))


def needs_age(state: Choices, wanted: Collection[Switch]) -> bool:
    return state.age is Age.UNKNOWN and any(switch in GROWN_UP for switch in open_to_yes(state, wanted))


def what_is_next(state: Choices, wanted: Collection[Switch], *, confirmed: bool) -> Next:
    if needs_confirmation(state, wanted) and not confirmed:
        return Next.CONFIRMATION
    return Next.AGE if needs_age(state, wanted) else Next.NOTHING


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a page asked: whose yes, to what, and what stood when it was asked. Good for an hour, and for as long
    as nothing else was said meanwhile."""

    whose: str
    which: str
    stood: str

    def seal(self, step: Next) -> str:
        return signing.dumps([self.whose, self.which, self.stood], salt=f"{SALT}.{step}", compress=True)

    def was_asked(self, step: Next, sealed: str) -> bool:
        try:
            return signing.loads(sealed, salt=f"{SALT}.{step}", max_age=HOUR) == [self.whose, self.which, self.stood]
        except signing.BadSignature:
            return False


def question(whose: str, which: str, state: Choices) -> Question:
    return Question(whose, which, f"{state}/{'.'.join(sorted(state.follows))}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a press did, carried to the page that says so, also where no cookie is kept. `did` is false where it did nothing."""

    which: str
    on: bool
    at: datetime
    did: bool = True
    held: tuple[Hold, ...] = ()

    def seal(self) -> str:
        values = [self.which, int(self.on), int(self.at.timestamp()), int(self.did), *self.held]
        return signing.dumps(values, salt=f"{SALT}.told", compress=True)


def read_told(sealed: str, now: datetime) -> Told | None:
    try:
        which, on, seconds, did, *held = signing.loads(sealed, salt=f"{SALT}.told")
    except (signing.BadSignature, ValueError):
        return None
    at = datetime.fromtimestamp(seconds, now.tzinfo)
    told = Told(which, bool(on), at, bool(did), tuple(map(Hold, held)))
    return told if 0 <= (now - at).total_seconds() < HOUR else None
