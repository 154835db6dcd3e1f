"""What a browser said counts for the address that it leaves with a booking: a no of either reaches both.

A lead that the visitor directs to a dealer is no sale, so a no stops nothing of the booking itself.
"""

from dataclasses import dataclass, field
from datetime import datetime

from forecourt.consent import switches, under_sixteen, wordings
from forecourt.consent.choices import Answer, Choices
from forecourt.people import browsers
from forecourt.people.models import Contact
from forecourt.policy.policy import Switch
from forecourt.sharing import optouts

BROWSER = "browser"
WORDING = "No, as this browser says, for the address that it left with a booking."


@dataclass(frozen=True, slots=True)
class Caller:
    """The browser that a form came from: what it chose, and the token of its cookie where it has one."""

    choices: Choices = field(default_factory=Choices)
    token: str = ""


NOBODY = Caller()


def lock(contact: Contact, caller: Caller) -> Contact | None:
    """Hold the contact and all who are or will be linked with it, in id order; gives the browser, where we know it."""
    browser = browsers.find(caller.token)
    switches.lock([contact.pk, *([browser.pk] if browser else [])])
    return browser


def bind(
    contact: Contact,
    browser: Contact | None,
    caller: Caller,
    interaction: str,
    now: datetime,
    *,
    wording: str = WORDING,
) -> None:
    """Inside the transaction of a booking or a sign-in, under the lock. Each no is recorded once a change, and told to whoever has data."""
    together = [contact.pk]
    if browser:
        browsers.link(browser, contact, interaction, now)
        together.append(browser.pk)
    under_sixteen.told(together, caller.choices.age, now)
    refused = set()
    for switch, method in noes(caller.choices).items():
        words = wordings.keep(wording, now)
        if switches.say(together, switch, Answer.NO, method, now, wording=words, interaction=interaction):
            refused.add(switch)
    refused |= set(switches.spread(contact.pk, BROWSER, now, interaction=interaction))
    if refused:
        optouts.tell(together, tuple(refused), now)


def noes(said: Choices) -> dict[Switch, str]:
    """What it refuses, and whether its signal did or its own word."""
    signalled = (Answer.SIGNAL, Answer.OVERRULED)
    return {
        switch: switches.SIGNAL if answer in signalled else BROWSER
        for switch, answer in said.answers.items()
        if answer is not Answer.YES
    }
