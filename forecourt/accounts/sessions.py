"""Who is signed in. The cookie holds a random token, the row its digest; nothing else on any machine remembers a session."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from forecourt.accounts import signing_in
from forecourt.accounts.models import Account, Session
from forecourt.accounts.offer import COOKIE
from forecourt.consent import policies
from forecourt.people import vault
from forecourt.security_log import Event, tell
from forecourt.traffic import notes
from forecourt.web import cookies

# The cookie goes when the browser is closed; these end what a browser that is never closed leaves open.
LASTS = timedelta(days=7)
IDLE = timedelta(hours=12)
SHARED_IDLE = timedelta(hours=1)
# Within this of a password, a passkey or a code, the person is taken to be still at the keyboard.
FRESH = timedelta(minutes=15)
# So that reading ten pages writes one row.
NOTED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class How:
    """How somebody showed who they are, and whether the device is shared."""

    method: str
    shared: bool = False


def begin(account: Account, how: How, request: HttpRequest) -> tuple[Session, str]:
    """A new one each time that somebody signs in: no token from before means anything after."""
    token, now = secrets.token_urlsafe(32), request.now
    session = Session.objects.create(
        account=account,
        digest=digest(token),
        method=how.method,
        browser=notes.family(request.headers.get("User-Agent", "")),
        shared=how.shared,
        began_at=now,
        seen_at=now,
        confirmed_at=now,
        ends_at=now + LASTS,
    )
    tell(Event.SIGNED_IN, way=how.method, account=number(account))
    return session, token


def find(token: str, now: datetime) -> Session | None:
    """The session of this token while it lasts."""
    if not token:
        return None
    found = Session.objects.select_related("account", "account__contact").filter(digest=digest(token), ends_at__gt=now)
    session = found.first()
    if session is None or now >= session.seen_at + (SHARED_IDLE if session.shared else IDLE):
        return None
    if now - session.seen_at > NOTED:
        Session.objects.filter(pk=session.pk).update(seen_at=now)
    return session


def is_fresh(session: Session, now: datetime) -> bool:
    return now < session.confirmed_at + FRESH


def confirm(session: Session, now: datetime) -> None:
    session.confirmed_at = now
    session.save(update_fields=["confirmed_at"])
    tell(Event.CONFIRMED, account=number(session.account))


def may_reset(session: Session, now: datetime) -> bool:
    """Whoever asked for a code to choose a new password, and typed it a moment ago, need not know the old one: once."""
    return session.method == signing_in.RESET and now < session.began_at + FRESH


def has_reset(session: Session) -> None:
    if session.method == signing_in.RESET:
        session.method = signing_in.CODE
        session.save(update_fields=["method"])


def end(session: Session) -> None:
    """On every server at once, since each asks for the row on each request."""
    Session.objects.filter(pk=session.pk).delete()
    tell(Event.SIGNED_OUT, account=number(session.account))


def end_all(account: Account, *, but: Session | None = None) -> int:
    found = Session.objects.filter(account=account)
    tell(Event.SIGNED_OUT, which="others" if but else "all", account=number(account))
    return (found.exclude(pk=but.pk) if but else found).delete()[0]


def end_everybodys() -> int:
    return Session.objects.all().delete()[0]


def number(account: Account) -> str:
    """What the log calls it."""
    return vault.number_of("visitor", str(account.pk))


def put(response: HttpResponse, token: str, now: datetime) -> None:
    cookies.set_declared(response, COOKIE, token, policies.in_force(now))


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
