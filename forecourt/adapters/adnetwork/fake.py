"""A network that keeps everything to itself."""

import json
from typing import TYPE_CHECKING

from forecourt.adapters import kept

from .client import said

if TYPE_CHECKING:
    from . import Told


class Fake:
    def send(self, endpoint: str, told: "Told", deadline: float, reference: str) -> str:
        """Kept under the address, so that whoever looks for somebody finds it; the content is what would have left."""
        kept.forget_about(told.about)
        content = {"kind": told.kind, "event": told.event, "reference": reference, **said(told)}
        return kept.keep(
            kept.Medium.PARTNER,
            sender=endpoint,
            recipient=told.address,
            content=json.dumps(content).encode(),
            deadline=deadline,
            reference=reference,
        )
