"""A name for one browser that one network alone gets: two networks that compare theirs find nothing in common."""

import hashlib
import hmac
from datetime import datetime

from forecourt.people import browsers, vault
from forecourt.people.models import Contact


def of(token: str, network: str) -> str:
    """`token` is what the `browser` cookie holds; the network never sees it, and cannot get back to it."""
    return _named(browsers.index_of(token), network)


def of_contact(browser: Contact, network: str, *, purpose: str, who: str, now: datetime) -> str:
    """The same name, for our own machines, which keep no token; also of a browser whose cookie was deleted."""
    kept = vault.open_fields(browser.pk, [browsers.KNOWN_AS], purpose=purpose, who=who, now=now)
    index = bytes.fromhex(kept[browsers.KNOWN_AS]) if kept else bytes(browser.index)
    return _named(index, network)


def _named(index: bytes, network: str) -> str:
    return hmac.new(index, f"known to {network} as".encode(), hashlib.sha256).hexdigest()[:32]
