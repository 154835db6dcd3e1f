"""One HTTPS POST of JSON. Whatever an agent answers is not read, but for whether it was 200."""

import json

from forecourt.adapters import http
from forecourt.adapters.outcomes import NotSent, Rejected


class Client:
    def tell(self, address: str, document: dict[str, str], deadline: float) -> None:
        if not http.is_private_enough(address):
            raise Rejected("endpoint-without-https")
        headers = {"Content-Type": "application/json"}
        reply = http.post(address, json.dumps(document).encode(), headers=headers, deadline=deadline)
        if not 200 <= reply.status < 300:
            raise NotSent(f"the agent answered {reply.status}")
