"""One HTTPS POST of JSON. Whatever an agent answers is not read, but for whether it was 200."""

import json
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from forecourt.adapters import http
from forecourt.adapters.outcomes import NotSent, Rejected


class Client:
    def tell(self, address: str, document: dict[str, str], deadline: float) -> None:
        if not http.is_private_enough(address):
            raise Rejected("endpoint-without-https")
        if leads_inside(urlsplit(address).hostname or ""):
            raise Rejected("endpoint-inside")
        headers = {"Content-Type": "application/json"}
        reply = http.post(address, json.dumps(document).encode(), headers=headers, deadline=deadline)
        if not 200 <= reply.status < 300:
            raise NotSent(f"the agent answered {reply.status}")


def leads_inside(host: str) -> bool:
    """An agent decides where its own names lead: ours are not knocked at for it. A server that somebody named as this machine's is meant."""
    if host in http.LOOPBACK:
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False  # the hand-over says what is wrong with it
    return not all(ip_address(str(at[0])).is_global for *_, at in found)
