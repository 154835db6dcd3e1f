"""From a decided message to the bytes that its provider takes. Nothing here decides."""

from email.utils import formataddr

from forecourt.adapters import clock, mail, texts
from forecourt.adapters.mail import dkim, mime
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.web.brand import brand


def send(message: Message, address: str, deadline: float) -> str:
    body = outbox.open_body(message)
    if message.channel == "text":
        sender = brand().text_senders[message.interaction_type]
        return texts.current().send(sender, address, body.text, deadline, str(message.pk))
    raw = email_bytes(message, body, address)
    return mail.current().send(raw, brand().email_from["default"], address, deadline)


def email_bytes(message: Message, body: outbox.bodies.Body, address: str) -> bytes:
    """Signed after the unsubscribe headers stand, so that the signature covers them (RFC 8058)."""
    sender = brand().email_from["default"]
    raw = mime.build(
        sender=formataddr((brand().name, sender)),
        to=address,
        subject=body.subject,
        text=body.text,
        html=body.html,
        headers={
            "List-Unsubscribe": f"<{body.link}stop/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        date=clock.now(),
        message_id=f"<{message.pk}@{sender.rpartition('@')[2]}>",
    )
    return dkim.sign(raw)
