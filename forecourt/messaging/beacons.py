"""The picture in an email that tells us that it was opened: only after that address's own yes, asked as the email leaves and
again each time it is opened.

Its address names the message to us and to nobody else, so that the choice can be asked for; nothing of that is noted.
"""

import base64
import hashlib
import hmac
import uuid
from datetime import datetime

from django.conf import settings

from forecourt.consent import policies, switches
from forecourt.consent.judge import judge
from forecourt.messaging.models import Message
from forecourt.policy.decide import Decision
from forecourt.web.brand import brand

USE = "email-beacon"
PATH = "/beacon/email/{token}.gif"
END = "</body>"
PICTURE = '<img src="{address}" alt="" width="1" height="1" style="display:block">\n'
ID, SIGN = 16, 16


def placed(html: str, message: Message, now: datetime) -> str:
    """The email's HTML, with the beacon at its end where that is allowed."""
    if END not in html or not may_count(message, now).allowed:
        return html
    picture = PICTURE.format(address=brand().site_url + PATH.format(token=token_of(message.pk)))
    before, _, after = html.rpartition(END)
    return f"{before}{picture}{END}{after}"


def may_count(message: Message, now: datetime) -> Decision:
    return judge(policies.in_force(now), USE, switches.of(message.contact_id), now)


def token_of(message_id: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(message_id.bytes + sign(message_id.bytes)).decode().rstrip("=")


def find(token: str) -> Message | None:
    """The message that a beacon of ours was in; None for any other word."""
    try:
        found = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(found) != ID + SIGN or not hmac.compare_digest(sign(found[:ID]), found[ID:]):
        return None
    return Message.objects.filter(pk=uuid.UUID(bytes=found[:ID])).first()


def sign(message_id: bytes) -> bytes:
    return hmac.new(settings.NONCE_KEY.encode(), b"email beacon " + message_id, hashlib.sha256).digest()[:SIGN]
