"""A no that was said in any browser counts for the account from the moment somebody signs in there, and from the account for
every other browser that signs in. A yes stays where it was said."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from forecourt.accounts.models import Account, Session
from forecourt.consent.choices import Answer, Choices
from forecourt.interactions import bindings
from forecourt.interactions.bindings import Caller

WORDING = "No, as this browser says, for the account that signed in with it."


@transaction.atomic
def bring(account: Account, session: Session, caller: Caller, now: datetime) -> None:
    """This browser belongs to this person: linked where it has a number of its own, and what it refuses, the account refuses."""
    browser = bindings.lock(account.contact, caller)
    bindings.bind(account.contact, browser, caller, f"sign-in:{session.pk}", now, wording=WORDING)


def left_behind(said: Choices) -> Choices:
    """What this browser keeps when its person signs out: a no never ends because somebody left."""
    own = {switch for switch, answer in said.answers.items() if answer is not Answer.YES}
    return replace(said.say(Answer.NO, *sorted(said.follows - own)), follows=frozenset())
