"""Email, handed to an SMTP server, or kept by the fake that the demo and the tests use.

`send` takes finished, signed bytes; it returns the provider's id or raises one of `outcomes`. `deadline` is a
`time.monotonic()` value: past it, the last byte does not go out.
"""

from functools import lru_cache
from typing import Protocol

from django.conf import settings

from forecourt.adapters import synthetic

from .fake import Fake
from .smtp import Smtp

__all__ = ["Fake", "Mailer", "Smtp", "current"]


class Mailer(Protocol):
    @property
    def host(self) -> str:
        """Whom it hands everything to; empty where nothing leaves this machine."""
        ...

    def send(self, raw: bytes, sender: str, recipient: str, deadline: float) -> str: ...


class Divided:
    """Synthetic people's mail stays here, everybody else's leaves."""

    def __init__(self, real: Mailer, fake: Mailer) -> None:
        self.real, self.fake = real, fake

    @property
    def host(self) -> str:
        return self.real.host

    def send(self, raw: bytes, sender: str, recipient: str, deadline: float) -> str:
        chosen = self.fake if synthetic.is_synthetic(recipient) else self.real
        return chosen.send(raw, sender, recipient, deadline)


def current() -> Mailer:
    return Fake() if settings.MAIL_ADAPTER == "fake" else Divided(_smtp(), Fake())


@lru_cache
def _smtp() -> Smtp:
    return Smtp(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        tls=settings.SMTP_TLS,
        user=settings.SMTP_USER,
        password=settings.SMTP_PASSWORD,
    )
