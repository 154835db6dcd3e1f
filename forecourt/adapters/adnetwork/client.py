"""One HTTPS POST of JSON to a network's server. The reference makes a repeat recognisable as one."""

import json
from typing import TYPE_CHECKING

from forecourt.adapters import http, origins
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown

from .members import named

if TYPE_CHECKING:
    from . import Told

PATHS = {"join": "audience", "removal": "removals", "event": "events", "notice": "notices", "erasure": "erasures"}
# Answers that say "not now" or "not with these credentials": nothing was accepted, and a later try may be.
NOT_NOW = {401, 403, 404, 408, 425, 429, 503}


class Client:
    def __init__(self, token: str) -> None:
        self.token = token

    def send(self, endpoint: str, told: "Told", deadline: float, reference: str) -> str:
        address = origins.endpoint(f"{endpoint.rstrip('/')}/{PATHS[told.kind]}")
        if not http.is_private_enough(address):
            raise Rejected("endpoint-without-https")
        body = {"reference": reference, **said(told)}
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": reference,
        }
        reply = http.post(address, json.dumps(body).encode(), headers=headers, deadline=deadline)
        if 200 <= reply.status < 300:
            return acknowledgement(reply.content) or reference
        if reply.status in NOT_NOW:
            raise NotSent(f"the network answered {reply.status}")
        if 300 <= reply.status < 500:
            raise Rejected(f"http-{reply.status}")
        raise Unknown(f"the network answered {reply.status}")


def said(told: "Told") -> dict[str, str | list[str]]:
    if told.about:
        return {"about": list(told.about)}
    return {**named(told.by, told.address), **({"event": told.event} if told.event else {})}


def acknowledgement(content: bytes) -> str:
    try:
        said = json.loads(content)
    except ValueError:
        return ""
    return str(said.get("id", ""))[:128] if isinstance(said, dict) else ""
