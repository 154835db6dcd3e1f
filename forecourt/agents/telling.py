"""Telling agents how a request stands, where they asked for that: each new state until they took it, for some days."""

import logging
import time
from datetime import datetime, timedelta

from django.db.models import F

from forecourt.adapters import agents
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.agents import states
from forecourt.agents.models import Asked

log = logging.getLogger(__name__)
SECONDS = 10.0
LOOKS_AGAIN = timedelta(minutes=2)
# A minute after the first try, then twice as long each time: the last of these comes after some five days.
MOST_TRIES = 13


def tell_due(now: datetime) -> int:
    due = Asked.objects.filter(tell_at__lte=now).select_related("agent").order_by("tell_at")
    return sum(tell(asked, now) for asked in due[:500])


def tell(asked: Asked, now: datetime) -> bool:
    """Not inside a transaction: it waits for somebody else's machine. To the same state twice an agent can answer 200 twice."""
    state = states.of(asked)
    if asked.told == state.key:
        return put_off(asked, None if state.is_final else now + LOOKS_AGAIN)
    if not asked.agent.callback or asked.tries >= MOST_TRIES:
        return put_off(asked, None)
    Asked.objects.filter(pk=asked.pk).update(tries=F("tries") + 1, tell_at=now + timedelta(minutes=2**asked.tries))
    try:
        agents.current().tell(asked.agent.callback, states.document(asked), time.monotonic() + SECONDS)
    except (NotSent, Rejected, Unknown) as problem:
        log.info("agent %s was not told of %s: %s", asked.agent_id, asked.pk, problem)
        return False
    again = None if state.is_final else now + LOOKS_AGAIN
    Asked.objects.filter(pk=asked.pk).update(told=state.key, tries=0, tell_at=again)
    return True


def put_off(asked: Asked, until: datetime | None) -> bool:
    Asked.objects.filter(pk=asked.pk).update(tell_at=until)
    return False
