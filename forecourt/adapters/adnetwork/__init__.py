"""What an ad network is told by our own machines: who joins or leaves an audience, what happened, who said no,
whom to erase.

`send` returns the network's acknowledgement or raises one of `outcomes`; `deadline` is a `time.monotonic()` value. An
address leaves as a digest, as networks take it, and only the adapter turns it into one.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from forecourt.adapters import kept, synthetic

from .client import Client
from .fake import Fake

__all__ = ["AdNetwork", "Client", "Fake", "Told", "current"]


@dataclass(frozen=True, slots=True)
class Told:
    """`kind` is join, removal, event, notice or erasure; `address` an email address, a number or a browser's pseudonym, as `by` says.

    An erasure names nobody: `about` are the references of all that the network was told of whoever it is.
    """

    kind: str
    by: str = ""
    address: str = ""
    event: str = ""
    about: tuple[str, ...] = ()

    @property
    def stays_here(self) -> bool:
        """It is about somebody who does not exist."""
        if self.about:
            return any(map(kept.kept_about, self.about))
        return self.by != "browser" and synthetic.is_synthetic(self.address)


class AdNetwork(Protocol):
    def send(self, endpoint: str, told: Told, deadline: float, reference: str) -> str: ...


class Divided:
    """What concerns synthetic people stays here, all else leaves."""

    def __init__(self, real: AdNetwork, fake: AdNetwork) -> None:
        self.real, self.fake = real, fake

    def send(self, endpoint: str, told: Told, deadline: float, reference: str) -> str:
        return (self.fake if told.stays_here else self.real).send(endpoint, told, deadline, reference)


def current() -> AdNetwork:
    return Fake() if settings.ADS_ADAPTER == "fake" else Divided(Client(settings.ADS_TOKEN), Fake())
