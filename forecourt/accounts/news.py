"""Word to the owner's mailbox that something about the account changed: whoever did it. Never closed, never held for hours."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from forecourt.accounts.models import Account
from forecourt.consent import ledger, policies, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.messaging import outbox
from forecourt.people import contacts

WORDS = "Change my account, and tell me by email that it was changed."


@dataclass(frozen=True, slots=True)
class News:
    title: str
    more: str


PASSWORD_SET = News("Your password was changed", "Every other browser was signed out.")
PASSWORD_GONE = News("Your password was removed", "You sign in with a code or a passkey now.")
PASSKEY_ADDED = News("A passkey was added to your account", "It can sign in without anything else.")
PASSKEY_GONE = News("A passkey was removed from your account", "Every other browser was signed out.")
SECOND_ON = News("Signing in needs a passkey as well now", "A password or a code by email alone opens nothing.")
SECOND_OFF = News("Signing in needs no second step any more", "A password or a code by email is enough.")
CLOSED = News("Your account is closed", "Nobody can sign in with this address any more.")


@transaction.atomic
def send(account: Account, news: News, now: datetime) -> None:
    contact, interaction = contacts.lock(account.contact_id), f"interaction:{uuid.uuid4()}"
    ledger.record(
        contact.pk,
        Verb.ASKED,
        Channel.EMAIL,
        interaction,
        method="account",
        interaction=interaction,
        wording=wordings.keep(WORDS, now),
        now=now,
        policy_version=policies.in_force(now).version,
    )
    outbox.queue(
        "account-news-email",
        contact,
        about=outbox.About(interaction=interaction),
        template="account_news",
        context={
            "news": news.title,
            "more": news.more,
            "when": f"{now:%B} {now.day}, {now.year}, {now:%H:%M} UTC",
        },
        data=(contacts.FIELDS[contact.kind],),
        now=now,
    )
