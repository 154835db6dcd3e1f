"""What an ad network is told by our own machines: who joins or leaves an audience, what happened, who said no.

`send` returns the network's acknowledgement or raises one of `outcomes`; `deadline` is a `time.monotonic()` value. An
address leaves as a digest, as networks take it, and only the adapter turns it into one.
"""

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from forecourt.adapters import synthetic

from .client import Client
from .fake import Fake

__all__ = ["AdNetwork", "Client", "Fake", "Told", "current"]


@dataclass(frozen=True, slots=True)
class Told:
    """`kind` is join, removal, event or notice; `address` an email address, a number or a browser's pseudonym, as `by` says."""

    kind: str
    by: str
    address: str
    event: str = ""


class AdNetwork(Protocol):
    def send(self, endpoint: str, told: Told, deadline: float, reference: str) -> str: ...


class Divided:
    """What concerns synthetic people stays here, all else leaves."""

    def __init__(self, real: AdNetwork, fake: AdNetwork) -> None:
        self.real, self.fake = real, fake

    def send(self, endpoint: str, told: Told, deadline: float, reference: str) -> str:
        chosen = self.fake if told.by != "browser" and synthetic.is_synthetic(told.address) else self.real
        return chosen.send(endpoint, told, deadline, reference)


def current() -> AdNetwork:
    return Fake() if settings.ADS_ADAPTER == "fake" else Divided(Client(settings.ADS_TOKEN), Fake())
