"""How we know that a yes is a parent's (16 CFR 312.5(b)): each way is a method, and a brand picks its own in brand.toml.

A method hears a word, which is a press on the page that the parent's email leads to or a form that lies before one of ours, and says
whether the yes is confirmed by it. It notes on the asking what it has to remember, and sends nothing itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.contrib.auth.models import User
from django.db.models import QuerySet

from forecourt.minors.models import Asking
from forecourt.web.brand import brand

# Long enough that whoever sat at the mailbox for a moment is not there any more.
DELAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Word:
    """A yes as it reached us: pressed on the page, or read on paper by one of ours."""

    read_by: User | None = None


class Method(Protocol):
    way: Asking.Way

    def takes(self, word: Word) -> bool:
        """Whether this is a word of its kind."""

    def hear(self, asking: Asking, word: Word, now: datetime) -> bool:
        """Whether the yes is confirmed by it. Called with the row held, for a word that it takes."""

    def due(self, now: datetime) -> QuerySet[Asking]:
        """Those to whom the second email has to go."""


class EmailPlus:
    """A yes by one email, and a day later a second one that has to be confirmed as well: enough where nothing goes to anybody else."""

    way = Asking.Way.EMAIL

    def takes(self, word: Word) -> bool:
        return word.read_by is None

    def hear(self, asking: Asking, word: Word, now: datetime) -> bool:
        if asking.said_yes_at is None:
            asking.said_yes_at = now
            return False
        return asking.asked_again_at is not None

    def due(self, now: datetime) -> QuerySet[Asking]:
        return Asking.objects.filter(said_yes_at__lte=now - DELAY, asked_again_at=None, confirmed_at=None)


class SignedForm:
    """The page, printed, signed and sent to us; a person reads it."""

    way = Asking.Way.FORM

    def takes(self, word: Word) -> bool:
        return word.read_by is not None

    def hear(self, asking: Asking, word: Word, now: datetime) -> bool:
        asking.read_by = word.read_by
        return True

    def due(self, now: datetime) -> QuerySet[Asking]:
        return Asking.objects.none()


ALL: dict[str, Method] = {method.way.value: method for method in (EmailPlus(), SignedForm())}


def of_brand() -> tuple[Method, ...]:
    """Those that the brand takes a yes by, in its own order."""
    return tuple(ALL[way] for way in brand().parents_say_yes)


def that_takes(word: Word) -> Method | None:
    return next((method for method in of_brand() if method.takes(word)), None)
