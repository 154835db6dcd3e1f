"""Leads, posted to a dealer's endpoint, or kept by the fake that the demo and the tests use.

`send` returns the dealer's reference or raises one of `outcomes`. `deadline` is a `time.monotonic()` value: past it, the
last byte does not go out.
"""

from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from forecourt.adapters import kept, synthetic

from . import adf
from .endpoint import Endpoint
from .fake import Fake

__all__ = ["Crm", "Endpoint", "Fake", "current"]


class Crm(Protocol):
    def send(self, endpoint: str, xml: bytes, deadline: float, reference: str) -> str: ...

    def erase(self, endpoint: str, leads: Sequence[str], deadline: float, reference: str) -> str:
        """Ask for all that came with these leads to be erased. They are named by their numbers, and nobody by anything."""
        ...


class Divided:
    """Leads of synthetic people, or for synthetic dealers, stay here; all others leave."""

    def __init__(self, real: Crm, fake: Crm) -> None:
        self.real, self.fake = real, fake

    def send(self, endpoint: str, xml: bytes, deadline: float, reference: str) -> str:
        parties = [urlsplit(endpoint).hostname or "", *adf.customer_addresses(xml)]
        chosen = self.fake if any(map(synthetic.is_synthetic, parties)) else self.real
        return chosen.send(endpoint, xml, deadline, reference)

    def erase(self, endpoint: str, leads: Sequence[str], deadline: float, reference: str) -> str:
        stayed = any(map(kept.kept_about, leads))
        return (self.fake if stayed else self.real).erase(endpoint, leads, deadline, reference)


def current() -> Crm:
    return Fake() if settings.CRM_ADAPTER == "fake" else Divided(Endpoint(), Fake())
