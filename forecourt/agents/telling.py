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
    """An address that fails once is left alone for the rest of this run, so that a dead one costs all others ten seconds at most."""
    due = Asked.objects.filter(tell_at__lte=now).select_related("agent").order_by("tell_at")
    dead: set[str] = set()
    told = 0
    for asked in due[:500]:
        if asked.callback in dead:
            continue
        try:
            told += tell(asked, now)
        except (NotSent, Rejected, Unknown) as problem:
            log.info("agent %s was not told of %s: %s", asked.agent_id, asked.pk, problem)
            dead.add(asked.callback)
    return told


def tell(asked: Asked, now: datetime) -> bool:
    """Not inside a transaction: it waits for somebody else's machine. To the same state twice an agent can answer 200 twice."""
    state = states.of(asked)
    rows = Asked.objects.filter(pk=asked.pk)
    if asked.agent.stopped_at:
        rows.update(tell_at=None)
        return False
    is_news = asked.told != state.key
    if is_news and asked.tries < MOST_TRIES:
        rows.update(tries=F("tries") + 1, tell_at=now + timedelta(minutes=2**asked.tries))
        agents.current().tell(asked.callback, states.document(asked), time.monotonic() + SECONDS)
    rows.update(told=state.key, tries=0, tell_at=None if state.is_final else now + LOOKS_AGAIN)
    return is_news and asked.tries < MOST_TRIES
