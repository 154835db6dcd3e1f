"""What goes with somebody's account when they are erased."""

from collections import Counter
from datetime import datetime

from forecourt.accounts import closing
from forecourt.accounts.models import Account, Challenge, Session, Ticket
from forecourt.people import erasing
from forecourt.people.erasing import Contacts

COVERS = frozenset(
    {
        "accounts.Account",
        "accounts.Session",
        "accounts.Ticket",
        "accounts.Challenge",
        "auth.User",
        "mfa.Authenticator",
    }
)


def register() -> None:
    erasing.add_part(erasing.Part("accounts", COVERS, remove))


def remove(contact_ids: Contacts, now: datetime) -> Counter[str]:
    """Signed out everywhere first. Whoever asked for a code with such an address and never used it is in here too."""
    removed: Counter[str] = Counter()
    for account in Account.objects.filter(contact__in=contact_ids):
        for model in (Session, Challenge):
            removed[model._meta.label] += model._default_manager.filter(account=account).count()
        closing.close(account, now)
        removed["accounts.Account"] += 1
    return removed + erasing.delete(Ticket.objects.filter(contact__in=contact_ids))
