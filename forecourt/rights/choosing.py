"""Saying yes and no to the switches: for a browser, for an address. Each is one transaction, and a no is told to all who need it."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction

from forecourt.consent import policies, switches, under_sixteen, wordings
from forecourt.consent.choices import Answer, Choices
from forecourt.people import browsers, contacts, subjects
from forecourt.people.addresses import Address
from forecourt.policy.policy import Switch
from forecourt.policy.sales import SIGNALLED
from forecourt.rights.panel import WORDS
from forecourt.sharing import audiences, optouts

BROWSER = "browser"
LINK = "link"
PAGE = "choices-page"


def refuse_here(
    said: Choices, wanted: Collection[Switch], token: str, now: datetime, *, account: uuid.UUID | None = None
) -> Choices:
    """This browser says no. Where it is known by a cookie, everybody linked with it has said so too; and so has the address of
    whoever is signed in with it."""
    browser = browsers.find(token)
    if known := [*([browser.pk] if browser else []), *([account] if account else [])]:
        refuse(known, wanted, BROWSER, now)
        optouts.settled(known)
    return said.say(Answer.NO, *wanted)


@transaction.atomic
def allow_here(said: Choices, wanted: Collection[Switch], token: str, now: datetime) -> tuple[Choices, str]:
    """This browser says yes. With one to sale or ads it gets a number of its own, so that a later no reaches every list: the
    token for its cookie comes back, or nothing where it has one or needs none."""
    browser, fresh = browsers.find(token), ""
    if browser is None and SIGNALLED & set(wanted):
        browser, fresh = browsers.add(now)
    if browser:
        under_sixteen.told([browser.pk], said.age, now)
        allow(browser.pk, wanted, BROWSER, now)
    return said.say(Answer.YES, *wanted), fresh


def hear_signal(token: str, now: datetime) -> None:
    """The opt-out signal of a browser that is known by a cookie."""
    if browser := browsers.find(token):
        refuse([browser.pk], SIGNALLED, switches.SIGNAL, now)


@transaction.atomic
def refuse_for_address(address: Address, now: datetime) -> None:
    """Whoever types an address need not own it: a no does no harm, and asks for no proof. An unknown address is kept, so that
    the no is there before anything else about it; the wait is the same for both."""
    [fresh] = subjects.new_ids(1)
    contact = contacts.find_or_add(address, source=PAGE, notice=policies.in_force(now).version, now=now, new_id=fresh)
    refuse([contact.pk], tuple(Switch), PAGE, now)


@transaction.atomic
def refuse(contact_ids: Collection[uuid.UUID], wanted: Iterable[Switch], method: str, now: datetime) -> None:
    changed: dict[Switch, list[uuid.UUID]] = {}
    for switch in sorted(wanted):
        wording = wordings.keep(f"No: {WORDS[switch].off}.", now)
        changed[switch] = switches.say(contact_ids, switch, Answer.NO, method, now, wording=wording)
    # Partners keep what they were sent, so whoever may have got something hears of the no.
    told = {switch: ids for switch, ids in changed.items() if ids and switch in SIGNALLED}
    if told:
        optouts.tell(sorted({one for ids in told.values() for one in ids}), tuple(told), now)


@transaction.atomic
def allow(contact_id: uuid.UUID, wanted: Iterable[Switch], method: str, now: datetime) -> None:
    for switch in sorted(wanted):
        wording = wordings.keep(f"Yes: {WORDS[switch].on}.", now)
        switches.say([contact_id], switch, Answer.YES, method, now, wording=wording)
    audiences.join(contact_id, now)


def end_old_yeses(now: datetime) -> int:
    """A browser's yes to sale or ads ends with the cookie that could take it back, and with it every audience that it is in."""
    old = browsers.added_before(now - number_lasts()).values_list("pk", flat=True)
    ended = sorted(switches.yeses(old, SIGNALLED))
    for browser_id in ended:
        end_yes(browser_id, now)
    return len(ended)


@transaction.atomic
def end_yes(browser_id: uuid.UUID, now: datetime) -> None:
    for switch in sorted(SIGNALLED):
        switches.end(browser_id, switch, now)
    audiences.leave([browser_id], now)


def number_lasts() -> timedelta:
    """The longest that any version of the policy lets the cookie live."""
    rows = (version.cookies.get(browsers.COOKIE) for version in policies.book().versions)
    return timedelta(days=max((row.lifetime or 0 for row in rows if row), default=0))
