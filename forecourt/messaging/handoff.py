"""Every message to a person leaves through here.

Two short transactions with a lease between them. The first holds the contact's row, decides, and writes the permit and a
deadline. The provider is then called with no connection held, and refuses to finish after the deadline. The second records
the outcome. A stop takes the same row lock, so it comes before the decision, or waits out a lease of seconds.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from forecourt.adapters import clock
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.consent import leases, permits, policies
from forecourt.messaging import facts, wire
from forecourt.messaging.models import Message
from forecourt.people import contacts, vault
from forecourt.policy.decide import Facts, Refused, decide
from forecourt.policy.hours import next_opening
from forecourt.policy.reasons import Reason

# How long a message waits for a closed use or a lapsed contract before it asks again.
PAUSE = timedelta(minutes=5)
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))

State = Message.State
OUTCOME = ("state", "reason", "provider_id", "left_at", "due", "attempts")
NOTE = """
UPDATE messaging_message SET state = %(state)s, reason = %(reason)s, provider_id = %(provider_id)s, left_at = %(left_at)s,
                             due = %(due)s, attempts = %(attempts)s, deadline = NULL
WHERE id = %(id)s AND permit = %(permit)s AND state IN ('handing', 'unknown')
"""


@dataclass(frozen=True, slots=True)
class Handing:
    message: Message
    address: str
    deadline: float


def deliver(message_id: uuid.UUID, now: datetime | None = None) -> Message:
    """Hand one message to its provider if the policy allows it now; returns the message as it stands after."""
    handing = hand(message_id, now or clock.now())
    if isinstance(handing, Message):
        return handing
    leases.let_go()
    try:
        provider_id = wire.send(handing.message, handing.address, handing.deadline)
    except NotSent as failure:
        return try_again(handing.message, str(failure))
    except Rejected as failure:
        return settle(handing.message, State.FAILED, reason=f"rejected {failure}"[:64])
    except Unknown:
        return settle(handing.message, State.UNKNOWN, reason="no answer")
    return settle(handing.message, State.LEFT, provider_id=provider_id)


@transaction.atomic
def hand(message_id: uuid.UUID, now: datetime) -> Handing | Message:
    """The first transaction: lock, decide, and either refuse or take the lease."""
    contact, message = facts.lock(message_id)
    if message.state != State.QUEUED or message.due > now:
        return message
    known = facts.gather(message, contact, now)
    decision = decide(policies.in_force(now), message.use, known, now)
    if isinstance(decision, Refused):
        return refuse(message, decision, known, now)
    try:
        address = contacts.address_of(contact, purpose=message.use, who="messaging", now=now)
    except vault.NotForThis as no:
        message.state, message.reason = State.REFUSED, no.reason
        message.save(update_fields=["state", "reason"])
        return message
    except LookupError:
        # Erased while it waited: there is nobody to send it to.
        message.state, message.reason = State.FAILED, "no address"
        message.save(update_fields=["state", "reason"])
        return message
    message.state, message.permit = State.HANDING, permits.grant(contact, decision, known, now)
    return Handing(message, address.text, leases.take("messaging_message", message.pk, message.permit))


def refuse(message: Message, refused: Refused, known: Facts, now: datetime) -> Message:
    """What may change by itself waits for that until it expires; any other refusal is for good."""
    message.reason = refused.reason
    if refused.retry:
        quiet = refused.reason is Reason.QUIET_HOURS
        opening = next_opening(known.zones, now, known.quiet_before, known.quiet_after) if quiet else now + PAUSE
        if opening and (message.expires is None or opening < message.expires):
            message.due = opening
            message.save(update_fields=["reason", "due"])
            return message
    message.state = State.REFUSED
    message.save(update_fields=["state", "reason"])
    return message


def settle(message: Message, state: State, *, reason: str = "", provider_id: str = "") -> Message:
    """The second transaction: what became of it."""
    left_at = clock.now() if state == State.LEFT else None
    return note(message, state=state, reason=reason, provider_id=provider_id, left_at=left_at)


def try_again(message: Message, reason: str) -> Message:
    """It certainly did not leave, so it may queue again, each time later; the next try is decided anew."""
    waits = RETRY_AFTER[message.attempts : message.attempts + 1]
    if not waits:
        return settle(message, State.FAILED, reason=reason[:64])
    due, attempts = clock.now() + waits[0], message.attempts + 1
    return note(message, state=State.QUEUED, reason=reason[:64], due=due, attempts=attempts)


def note(message: Message, **outcome: object) -> Message:
    """Write down how one attempt ended. A permit names the attempt, so that one that was given up cannot speak for the next;
    what we learn after its lease ran out is still better than unknown."""
    noted = {name: getattr(message, name) for name in OUTCOME} | outcome
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {**noted, "id": message.pk, "permit": message.permit})
        mine = cursor.rowcount
    if mine:
        vars(message).update(noted, deadline=None)
    else:
        message.refresh_from_db()
    return message


def review(contact_id: uuid.UUID, now: datetime) -> int:
    """Judge again what waits for a contact, so that a no is seen to work at once; call it under the contact's lock."""
    contact = contacts.lock(contact_id)
    refused = 0
    for message in Message.objects.filter(contact=contact, state=State.QUEUED):
        known = facts.gather(message, contact, now)
        decision = decide(policies.in_force(now), message.use, known, now)
        if isinstance(decision, Refused) and not decision.retry:
            refuse(message, decision, known, now)
            refused += 1
    return refused
