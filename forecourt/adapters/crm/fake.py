"""A dealer's system that keeps every lead to itself."""

from forecourt.adapters import kept


class Fake:
    def send(self, endpoint: str, xml: bytes, deadline: float, reference: str) -> str:
        return kept.keep(
            kept.Medium.LEAD,
            sender="",
            recipient=endpoint,
            content=xml,
            deadline=deadline,
            reference=reference,
        )
