"""What happened at the doors, one line each: who came in, who did not, what was refused.

    security_log.tell(Event.SIGN_IN_FAILED, way="password")

A line holds words of our own code and a number for the account (people.vault.number_of), which only this installation's key
makes: no address, no login name, no network, nothing that somebody typed.
"""

import logging
import re
from enum import StrEnum

log = logging.getLogger("forecourt.security")
# Names of our own: a limit, a page, a way of signing in. Anything else would have come from outside.
OURS = re.compile(r"[\w:.-]{1,80}", re.ASCII)


class Event(StrEnum):
    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SECOND_FACTOR_SHOWN = "second-factor-shown"
    SECOND_FACTOR_FAILED = "second-factor-failed"
    CONFIRMED = "confirmed"
    CONFIRMING_FAILED = "confirming-failed"
    SIGNED_OUT = "signed-out"
    WAYS_IN_CHANGED = "ways-in-changed"
    PAGE_REFUSED = "page-refused"
    FORM_REFUSED = "form-refused"
    FIELD_REFUSED = "field-refused"
    LIMIT_FULL = "limit-full"


FINE = {Event.SIGNED_IN, Event.SECOND_FACTOR_SHOWN, Event.CONFIRMED, Event.SIGNED_OUT, Event.WAYS_IN_CHANGED}


def tell(event: Event, **facts: str) -> None:
    said = {name: fact if OURS.fullmatch(fact) else "-" for name, fact in facts.items() if fact}
    words = " ".join(f"{name}={fact}" for name, fact in said.items())
    level = logging.INFO if event in FINE else logging.WARNING
    log.log(level, "event=%s %s", event.value, words, extra={"security": {"event": event.value, **said}})
