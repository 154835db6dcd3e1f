"""Text messages, handed to a Twilio-compatible carrier, or kept by the fake that the demo and the tests use.

`send` returns the carrier's id or raises one of `outcomes`. `deadline` is a `time.monotonic()` value: past it, the last
byte does not go out.
"""

from functools import lru_cache
from typing import Protocol

from django.conf import settings

from forecourt.adapters import synthetic

from .fake import Fake
from .segments import Segments, segments
from .twilio import Twilio
from .webhook import BadRequest, BadSignature, Incoming, parse_incoming

__all__ = [
    "BadRequest",
    "BadSignature",
    "Fake",
    "Incoming",
    "Segments",
    "Texter",
    "Twilio",
    "current",
    "parse_incoming",
    "segments",
]


class Texter(Protocol):
    @property
    def host(self) -> str:
        """Whom it hands everything to; empty where nothing leaves this machine."""
        ...

    def send(self, sender: str, recipient: str, body: str, deadline: float, reference: str) -> str: ...


class Divided:
    """Synthetic people's texts stay here, everybody else's leave."""

    def __init__(self, real: Texter, fake: Texter) -> None:
        self.real, self.fake = real, fake

    @property
    def host(self) -> str:
        return self.real.host

    def send(self, sender: str, recipient: str, body: str, deadline: float, reference: str) -> str:
        chosen = self.fake if synthetic.is_synthetic(recipient) else self.real
        return chosen.send(sender, recipient, body, deadline, reference)


def current() -> Texter:
    return Fake() if settings.TEXTS_ADAPTER == "fake" else Divided(_twilio(), Fake())


@lru_cache
def _twilio() -> Twilio:
    return Twilio(
        url=settings.TWILIO_URL,
        account=settings.TWILIO_ACCOUNT,
        token=settings.TWILIO_TOKEN,
    )
