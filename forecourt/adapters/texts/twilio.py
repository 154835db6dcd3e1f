"""The carrier's message API, version 2010-04-01, which several carriers speak."""

import json
from urllib.parse import quote, urlencode, urlsplit

from forecourt.adapters import http
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown

# Answers that say "not now" or "not with these credentials": nothing was accepted, and a later try may be.
NOT_NOW = {401, 403, 404, 408, 429, 503}


class Twilio:
    def __init__(self, url: str, account: str, token: str) -> None:
        if not http.is_private_enough(url):
            raise ValueError("FORECOURT_TWILIO_URL must begin with https://: texts and the token travel over it.")
        self._address = f"{url.rstrip('/')}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json"
        self._auth = (account, token)
        self.host = urlsplit(url).hostname or ""

    def send(self, sender: str, recipient: str, body: str, deadline: float, reference: str) -> str:
        reply = http.post(
            self._address,
            urlencode({"From": sender, "To": recipient, "Body": body}).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Idempotency-Key": reference,
            },
            auth=self._auth,
            deadline=deadline,
        )
        if 200 <= reply.status < 300:
            return _sid(reply.content)
        if reply.status in NOT_NOW:
            raise NotSent(f"the carrier answered {reply.status}{_hint(reply.status)}")
        if 300 <= reply.status < 500:
            raise Rejected(_code(reply))
        raise Unknown(f"the carrier answered {reply.status}")


def _sid(content: bytes) -> str:
    try:
        sid = json.loads(content)["sid"]
    except (ValueError, KeyError, TypeError):
        sid = None
    if not isinstance(sid, str) or not sid:
        raise Unknown("the carrier accepted the text without giving its id")
    return sid


def _code(reply: http.Reply) -> str:
    """The carrier's own number of what is wrong, such as 21610 for a recipient who unsubscribed; else the HTTP status."""
    try:
        return str(int(json.loads(reply.content)["code"]))
    except (ValueError, KeyError, TypeError):
        return f"http-{reply.status}"


def _hint(status: int) -> str:
    if status in (401, 403, 404):
        return ": check FORECOURT_TWILIO_ACCOUNT, FORECOURT_TWILIO_TOKEN and FORECOURT_TWILIO_URL"
    return ""
