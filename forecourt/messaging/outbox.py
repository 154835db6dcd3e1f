"""Messages wait here, sealed, from the transaction that wanted them until the hand-off takes them."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from forecourt.adapters.queue import enqueue
from forecourt.consent import policies
from forecourt.messaging import bodies
from forecourt.messaging.models import Message
from forecourt.people import vault
from forecourt.people.models import Contact
from forecourt.policy.reasons import Reason
from forecourt.web.brand import brand

BODY = "message.body"
# By name, since the job imports the hand-off and the hand-off this file. Enqueued in the caller's transaction.
DELIVER = "forecourt.messaging.jobs.deliver"


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: one interaction ("interaction:<uuid>"), its type ("test-drive") and its dealer's zones.

    `over` says that the interaction has ended already, so that only a use which outlives it may tell of that.
    """

    interaction: str = ""
    type: str = ""
    zones: tuple[str, ...] = ()
    over: bool = False


class UnknownUse(LookupError):
    """Code named a use that the policy in force does not have; `forecourt policy check` finds this before a release."""


def queue(
    use_id: str,
    contact: Contact,
    *,
    about: About,
    template: str,
    context: dict,
    now: datetime,
    data: tuple[str, ...] = (),
    expires: datetime | None = None,
) -> Message:
    """Render, seal and queue, with its job, in the caller's transaction. Whether it may leave is asked at the hand-off."""
    use = policies.find_use(use_id, now)
    if use is None:
        raise UnknownUse(use_id)
    token = secrets.token_urlsafe(12)
    body = bodies.render(use.action, template, context, link=f"{brand().site_url}/m/{token}/")
    message_id = uuid.uuid4()
    message = Message.objects.create(
        id=message_id,
        contact=contact,
        channel=use.action,
        use=use_id,
        interaction=about.interaction,
        interaction_type=about.type,
        zones=list(about.zones),
        data=list(data),
        body=vault.seal_text(contact.pk, BODY, message_id, body.dumps()),
        link_digest=digest(token),
        over=about.over,
        queued_at=now,
        due=now,
        expires=expires,
    )
    enqueue(DELIVER, "messages", message_id=str(message_id))
    return message


def hold_back(message: Message, reason: Reason) -> Message:
    """Keep a message just queued from leaving; the row says why."""
    message.state, message.reason = Message.State.REFUSED, reason
    message.save(update_fields=["state", "reason"])
    return message


def end(interaction: str, now: datetime) -> int:
    """The interaction is over or has changed: what still waits for it says what is no longer so, and will be refused."""
    waiting = Message.objects.filter(interaction=interaction, state=Message.State.QUEUED)
    return waiting.update(over=True, expires=now)


def by_link(token: str) -> Message | None:
    return Message.objects.select_related("contact").filter(link_digest=digest(token)).first()


def open_body(message: Message) -> bodies.Body:
    return bodies.Body.loads(vault.open_text(message.contact_id, BODY, message.pk, message.body))


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
