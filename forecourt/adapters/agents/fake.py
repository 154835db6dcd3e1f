"""Agents that keep everything to themselves."""

import json

from forecourt.adapters import kept


class Fake:
    def tell(self, address: str, document: dict[str, str], deadline: float) -> None:
        kept.keep(
            kept.Medium.PARTNER,
            sender="agents",
            recipient=address,
            content=json.dumps(document).encode(),
            deadline=deadline,
            reference=document["request_id"],
        )
