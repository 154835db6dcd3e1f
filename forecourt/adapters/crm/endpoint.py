"""A dealer's lead endpoint: one HTTPS POST of ADF XML. The reference makes a repeat recognisable as one."""

import json
from collections.abc import Sequence

from forecourt.adapters import http
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown

# Answers that say "not now" or "not with these credentials": nothing was accepted, and a later try may be.
NOT_NOW = {401, 403, 404, 408, 425, 429, 503}


def erasure(leads: Sequence[str]) -> bytes:
    return json.dumps({"erase": list(leads)}).encode()


class Endpoint:
    def send(self, endpoint: str, xml: bytes, deadline: float, reference: str) -> str:
        return self._post(endpoint, xml, "application/xml; charset=utf-8", deadline, reference)

    def erase(self, endpoint: str, leads: Sequence[str], deadline: float, reference: str) -> str:
        """The format of leads has no word for it, so it is JSON at the same address: {"erase": [the leads' numbers]}."""
        return self._post(endpoint, erasure(leads), "application/json", deadline, reference)

    def _post(self, endpoint: str, content: bytes, kind: str, deadline: float, reference: str) -> str:
        if not http.is_private_enough(endpoint):
            raise Rejected("endpoint-without-https")
        reply = http.post(
            endpoint,
            content,
            headers={
                "Content-Type": kind,
                "Idempotency-Key": reference,
            },
            deadline=deadline,
        )
        if 200 <= reply.status < 300:
            return reply.headers.get("Location") or reference
        if reply.status in NOT_NOW:
            raise NotSent(f"the dealer's system answered {reply.status}")
        if 300 <= reply.status < 500:
            raise Rejected(f"http-{reply.status}")
        raise Unknown(f"the dealer's system answered {reply.status}")
