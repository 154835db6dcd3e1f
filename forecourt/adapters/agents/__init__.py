"""What the machines of authorized agents are told by ours: how a request of theirs stands.

`tell` returns once it was taken, or raises one of `outcomes`; `deadline` is a `time.monotonic()` value.
"""

from typing import Protocol

from django.conf import settings

from .client import Client
from .fake import Fake

__all__ = ["Agents", "Client", "Fake", "current"]


class Agents(Protocol):
    def tell(self, address: str, document: dict[str, str], deadline: float) -> None: ...


def current() -> Agents:
    return Fake() if settings.AGENTS_ADAPTER == "fake" else Client()
