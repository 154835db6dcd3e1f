"""From a decided message to the bytes that its provider takes. Nothing here decides whether it leaves."""

from collections.abc import Callable
from email.utils import formataddr

from forecourt.adapters import clock, mail, texts
from forecourt.adapters.http import LOOPBACK
from forecourt.adapters.mail import dkim, mime
from forecourt.adapters.outcomes import NotSent, Rejected
from forecourt.consent import policies
from forecourt.messaging import beacons, outbox
from forecourt.messaging.models import Message
from forecourt.web.brand import brand


def send(message: Message, address: str, deadline: float) -> str:
    try:
        send_by = prepare(message, address)
    except (LookupError, ValueError) as problem:
        # Nothing left and no later try would help: the person was erased, or the brand has no such sender.
        raise Rejected(type(problem).__name__) from problem
    return send_by(deadline)


def prepare(message: Message, address: str) -> Callable[[float], str]:
    """Everything but the sending."""
    body = outbox.open_body(message)
    if message.channel == "text":
        texter, sender = texts.current(), brand().text_senders[message.interaction_type]
        must_be_listed(message, texter.host)
        return lambda deadline: texter.send(sender, address, body.text, deadline, str(message.pk))
    mailer = mail.current()
    must_be_listed(message, mailer.host)
    sender, raw = brand().sender_for(message.interaction_type), email_bytes(message, body, address)
    return lambda deadline: mailer.send(raw, sender, address, deadline)


def must_be_listed(message: Message, host: str) -> None:
    """A carrier whose host the policy does not name gets nothing. It may be mended, so the message waits for that."""
    policy = policies.in_force(clock.now())
    carrier = policy.recipients.get(policy.uses[message.use].through)
    if host and host not in LOOPBACK and (carrier is None or host not in carrier.hosts):
        raise NotSent(f"the policy does not list {host}")


def email_bytes(message: Message, body: outbox.bodies.Body, address: str) -> bytes:
    """Signed after the unsubscribe headers stand, so that the signature covers them (RFC 8058)."""
    sender = brand().sender_for(message.interaction_type)
    raw = mime.build(
        sender=formataddr((brand().name, sender)),
        to=address,
        subject=body.subject,
        text=body.text,
        html=beacons.placed(body.html, message, clock.now()),
        headers={
            "List-Unsubscribe": f"<{body.link}stop/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        date=clock.now(),
        message_id=f"<{message.pk}@{sender.rpartition('@')[2]}>",
    )
    return dkim.sign(raw)
