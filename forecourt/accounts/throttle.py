"""How often something may be tried. Each try is counted before it is looked at, in one statement, so that a race wins nothing.

Who is counted is kept as a keyed digest. The tight limits are for one address from one network, so that a stranger who guesses
elsewhere does not shut its owner out; the wide ones for all networks together end by themselves, and a passkey, which nobody can
guess, passes by them.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.http import HttpRequest

from forecourt.people import vault
from forecourt.traffic import notes

COUNT = """
INSERT INTO accounts_tried (key, since, number) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
    number = CASE WHEN accounts_tried.since <= %(old)s THEN 1 ELSE accounts_tried.number + 1 END,
    since = CASE WHEN accounts_tried.since <= %(old)s THEN %(now)s ELSE accounts_tried.since END
RETURNING number, since
"""
FORGET = "DELETE FROM accounts_tried WHERE key = %s"


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` tries within `within`, counted from the first."""

    name: str
    most: int
    within: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
PASSWORD_HERE = Limit("password of one address from one network", 10, QUARTER)
PASSWORD_ANYWHERE = Limit("password of one address", 100, HOUR)
PASSWORDS_HERE = Limit("passwords from one network", 100, QUARTER)
ASKED_HERE = Limit("codes to one address from one network", 5, HOUR)
ASKED_ANYWHERE = Limit("codes to one address", 20, HOUR)
ASKS_HERE = Limit("codes asked for from one network", 40, HOUR)
GUESSES_HERE = Limit("codes typed from one network", 60, QUARTER)
PASSKEYS_HERE = Limit("passkeys shown from one network", 120, QUARTER)
CONFIRMS = Limit("confirming of one account", 10, QUARTER)
LONGEST = HOUR


class TooMany(Exception):
    """`until` is when it may be tried again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def count(*tries: tuple[Limit, str], now: datetime) -> None:
    """All of them are counted, whichever is full: what a refusal costs must not tell which it was."""
    full = [until for limit, who in tries if (until := _count(limit, who, now))]
    if full:
        raise TooMany(max(full))


def forget(limit: Limit, who: str) -> None:
    """Whoever knew it was no guesser."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [_key(limit, who)])


def network(request: HttpRequest) -> str:
    """One address, or the whole /64 that one customer gets."""
    try:
        found = ipaddress.ip_address(notes.address_of(request))
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def _count(limit: Limit, who: str, now: datetime) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": _key(limit, who), "now": now, "old": now - limit.within})
        number, since = cursor.fetchone()
    return since + limit.within if number > limit.most else None


def _key(limit: Limit, who: str) -> bytes:
    return vault.blind_index("tried", f"{limit.name}:{who}")
