"""A carrier that keeps every text to itself, and phones that can answer."""

import math
import uuid
from dataclasses import dataclass

from forecourt.adapters import kept
from forecourt.adapters.outcomes import Rejected

from . import webhook

UNSUBSCRIBED = "21610"
# What carriers themselves act on, whatever we do with it.
CARRIER_STOPS = {
    "stop",
    "stopall",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
}
CARRIER_STARTS = {"start", "yes", "unstop"}


@dataclass(frozen=True, slots=True)
class SignedForm:
    """What the carrier would POST to `url`, with the value of its X-Twilio-Signature header."""

    url: str
    form: dict[str, str]
    signature: str


class Fake:
    host = ""

    def __init__(self, blocks: bool = False) -> None:
        """With `blocks` it refuses, as real carriers do, to send where STOP was answered, until START."""
        self.blocks = blocks

    def send(self, sender: str, recipient: str, body: str, deadline: float, reference: str) -> str:
        if self.blocks and _is_blocked(sender, recipient):
            raise Rejected(UNSUBSCRIBED)
        return kept.keep(
            kept.Medium.TEXT,
            sender=sender,
            recipient=recipient,
            content=body.encode(),
            deadline=deadline,
            reference=reference,
        )

    def reply(self, sender: str, recipient: str, body: str, url: str) -> SignedForm:
        """Somebody types an answer: `sender` is their phone, `recipient` our number, `url` our webhook."""
        sid = f"SM{uuid.uuid4().hex}"
        kept.keep(
            kept.Medium.TEXT,
            sender=sender,
            recipient=recipient,
            content=body.encode(),
            deadline=math.inf,
            reference=sid,
            way=kept.Way.IN,
        )
        form = {
            "MessageSid": sid,
            "From": sender,
            "To": recipient,
            "Body": body,
            "NumMedia": "0",
        }
        return SignedForm(url, form, webhook.sign(url, form, webhook.current_token()))


def _is_blocked(sender: str, recipient: str) -> bool:
    blocked = False
    for item in kept.kept_for(recipient, kept.Medium.TEXT):
        if item.way == kept.Way.IN and item.recipient == sender:
            word = item.content.decode().strip().casefold()
            blocked = word in CARRIER_STOPS or (blocked and word not in CARRIER_STARTS)
    return blocked
