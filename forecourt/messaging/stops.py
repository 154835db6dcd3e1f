"""Every way to say stop, and back on. Each is in the ledger before it is acknowledged, and works on the next message.

A stop never waits for anything but the messages that were already in a provider's hands: `settled` says when those are out.
"""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from forecourt.adapters.texts import Incoming
from forecourt.consent import leases, ledger, policies
from forecourt.consent.models import Channel, Verb
from forecourt.messaging import handoff, outbox, replies
from forecourt.messaging.models import Message, Reply
from forecourt.messaging.outbox import About
from forecourt.messaging.replies import Meaning
from forecourt.people import contacts, vault
from forecourt.people.models import Contact
from forecourt.policy import law, limits
from forecourt.web.brand import brand

REPLY = "message.reply"


class UnknownSender(LookupError):
    """A text reached a number that is none of ours."""


def receive(incoming: Incoming, now: datetime) -> Reply:
    """A text came in. Stored once a carrier id; what it means is recorded before this returns."""
    interaction_type = type_of(incoming.recipient)
    contact = contacts.find_or_add(
        contacts.read_phone(incoming.sender), source="text", notice=policies.in_force(now).version, now=now
    )
    meaning = replies.read(incoming.body, law.value("stop_words", now))
    try:
        with transaction.atomic():
            reply = _store(incoming, contact, interaction_type, meaning, now)
            record(reply, incoming.body, now)
    except IntegrityError:
        return Reply.objects.get(carrier_id=incoming.sid)
    return reply


def record(reply: Reply, body: str, now: datetime) -> None:
    """Write what a reply means under the contact's lock, judge what waits, and queue the one answer that it gets."""
    match reply.meaning:
        case Meaning.STOP:
            scope = stop_scope(reply.interaction_type, now)
            _enter(reply, Verb.STOPPED, scope, body, now)
            _answer(reply, "stop-confirmation-text", "stopped_all" if scope == "all" else "stopped", now)
        case Meaning.STOP_ALL:
            _enter(reply, Verb.STOPPED, "all", body, now)
            _answer(reply, "stop-confirmation-text", "stopped_all", now)
        case Meaning.WRONG_NUMBER:
            # Whoever holds this number now never wrote to us first: the kindest answer is none.
            _enter(reply, Verb.WRONG_NUMBER, "all", body, now)
        case Meaning.START:
            _enter(reply, Verb.STARTED, f"type:{reply.interaction_type}", body, now)
            _answer(reply, "start-confirmation-text", "started", now)
        case Meaning.HELP:
            _enter(reply, Verb.ASKED, _interaction(reply), body, now)
            _answer(reply, "help-reply-text", "help", now)
    handoff.review(reply.contact_id, now)


@transaction.atomic
def withdraw(
    contact: Contact,
    channel: Channel,
    scope: str,
    *,
    method: str,
    now: datetime,
    by: str = "person",
    wording: str = "",
) -> ledger.Recorded:
    """A no by link, page, phone call or letter."""
    recorded = ledger.record(
        contact.pk,
        Verb.WITHDREW,
        channel,
        scope,
        method=method,
        by=by,
        wording=wording,
        now=now,
        policy_version=policies.in_force(now).version,
    )
    handoff.review(contact.pk, now)
    return recorded


def stop_scope(interaction_type: str, now: datetime) -> str:
    """How far STOP reaches: this kind of booking while the dated law and the brand's policy say so, else everything."""
    reach = limits.stop_scope(policies.in_force(now), now)
    return f"type:{interaction_type}" if reach == "type" else "all"


def settled(contact_id: uuid.UUID, patience: float = leases.SECONDS) -> bool:
    """Wait until nothing of this contact is in a provider's hands. Call it after the stop's commit."""
    return leases.wait_out("messaging_message", contact_id, patience)


def type_of(number: str) -> str:
    for interaction_type, sender in brand().text_senders.items():
        if sender == number:
            return interaction_type
    raise UnknownSender("that number is none of ours")


def _store(incoming: Incoming, contact: Contact, interaction_type: str, meaning: Meaning, now: datetime) -> Reply:
    reply_id = uuid.uuid4()
    return Reply.objects.create(
        id=reply_id,
        contact=contact,
        carrier_id=incoming.sid,
        interaction_type=interaction_type,
        meaning=meaning,
        body=vault.seal_text(contact.pk, REPLY, reply_id, incoming.body),
        at=now,
    )


def _enter(reply: Reply, verb: Verb, scope: str, body: str, now: datetime) -> None:
    ledger.record(
        reply.contact_id,
        verb,
        Channel.TEXT,
        scope,
        method="text",
        now=now,
        interaction=_interaction(reply),
        policy_version=policies.in_force(now).version,
        digest=vault.blind_index("reply", body).hex(),
    )


def _answer(reply: Reply, use_id: str, template: str, now: datetime) -> Message:
    sender = brand().text_senders[reply.interaction_type]
    return outbox.queue(
        use_id,
        reply.contact,
        about=About(interaction=_interaction(reply), type=reply.interaction_type),
        template=template,
        context={"type": reply.interaction_type, "sender": sender},
        now=now,
        data=("user.contact.phone_number",),
        expires=now + timedelta(minutes=law.value("stop_confirmation_minutes", now)),
    )


def _interaction(reply: Reply) -> str:
    """A reply is an interaction of its own: somebody asked us something."""
    return f"interaction:{reply.pk}"
