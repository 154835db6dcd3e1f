"""What somebody does on the page behind a message's link. Stopping takes one step, starting again takes two."""

from datetime import datetime

from django.db import transaction

from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.messaging import stops
from forecourt.messaging.models import Message
from forecourt.rights import switches
from forecourt.rights.switches import Switch

METHOD = "link"
ONE_CLICK = "one-click"


def stop(message: Message, switch: Switch, now: datetime, *, method: str = METHOD) -> bool:
    """Record the no and wait out what is in a provider's hands; False when something of it may still arrive."""
    wording = wordings.keep(f"Stop {switch.words}", now)
    stops.withdraw(message.contact, switch.channel, switch.scope, method=method, wording=wording, now=now)
    return stops.settled(message.contact_id)


@transaction.atomic
def resume(message: Message, now: datetime) -> None:
    """A yes to the messages about this one booking, whatever was stopped before; everything else stays stopped."""
    verb = Verb.GRANTED if message.channel == Channel.TEXT else Verb.ASKED
    ledger.record(
        message.contact_id,
        verb,
        Channel(message.channel),
        message.interaction,
        method=METHOD,
        interaction=message.interaction,
        wording=wordings.keep(switches.resume_words(message), now),
        now=now,
        policy_version=policies.in_force(now).version,
    )
