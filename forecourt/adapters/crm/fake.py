"""A dealer's system that keeps every lead to itself, until it is asked to erase it."""

from collections.abc import Sequence

from forecourt.adapters import kept

from .endpoint import erasure


class Fake:
    def send(self, endpoint: str, xml: bytes, deadline: float, reference: str) -> str:
        return self._keep(endpoint, xml, deadline, reference)

    def erase(self, endpoint: str, leads: Sequence[str], deadline: float, reference: str) -> str:
        kept.forget_about(leads)
        return self._keep(endpoint, erasure(leads), deadline, reference)

    def _keep(self, endpoint: str, content: bytes, deadline: float, reference: str) -> str:
        return kept.keep(
            kept.Medium.LEAD,
            sender="",
            recipient=endpoint,
            content=content,
            deadline=deadline,
            reference=reference,
        )
