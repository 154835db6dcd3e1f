"""Browsers that said yes to being known again, and the addresses that they left with us. A no of either reaches all.

A browser that said nothing, or no, has no row here: its flag cookie is enough, and holds no identifier.
"""

import secrets
import uuid
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from forecourt.people import subjects, vault
from forecourt.people.models import Contact, Link, Subject

COOKIE = "browser"
KNOWN_AS = "user.unique_id.pseudonymous"

# All that hang together with the first, over as many links as it takes. `{start}` selects its id.
LINKED = """
WITH RECURSIVE linked (id) AS (
    {start}
    UNION
    SELECT CASE WHEN link.browser = linked.id THEN link.contact ELSE link.browser END
    FROM linked JOIN people_link AS link ON linked.id IN (link.browser, link.contact)
)
"""
IDS = f"{LINKED.format(start='SELECT %s::uuid')} SELECT id FROM linked ORDER BY id"  # noqa: S608 (made of constants)


def added_before(moment: datetime) -> QuerySet[Contact]:
    return Contact.objects.filter(kind=Contact.Kind.BROWSER, subject__created_at__lte=moment)


def index_of(token: str) -> bytes:
    return vault.blind_index(Contact.Kind.BROWSER, token)


def find(token: str) -> Contact | None:
    """The browser whose cookie this is."""
    return Contact.objects.filter(kind=Contact.Kind.BROWSER, index=index_of(token)).first() if token else None


def add(now: datetime) -> tuple[Contact, str]:
    """A new one, and the token for its cookie, which is kept nowhere else."""
    token = secrets.token_urlsafe(24)
    subject = subjects.add(Subject.Kind.CONTACT, now)
    return Contact.objects.create(subject=subject, kind=Contact.Kind.BROWSER, index=index_of(token)), token


def link(browser: Contact, contact: Contact, interaction: str, now: datetime) -> None:
    """Once a pair."""
    row = Link(browser=browser.pk, contact=contact.pk, interaction=interaction, at=now)
    Link.objects.bulk_create([row], ignore_conflicts=True)


def linked(contact_id: uuid.UUID) -> list[uuid.UUID]:
    """All contacts and browsers known to be one person, this one among them, in the order in which they are locked."""
    with connection.cursor() as cursor:
        cursor.execute(IDS, [contact_id])
        return [found for (found,) in cursor.fetchall()]


@transaction.atomic
def forget(token: str, *, notice: str, now: datetime) -> None:
    """No cookie leads to it any more. The row stays for the noes that others still have to hear of, and so does, sealed, what
    its names with them are made of: they could not be told to forget somebody whom they do not recognise."""
    if browser := find(token):
        vault.seal(browser.pk, KNOWN_AS, bytes(browser.index).hex(), source="cookie deleted", notice=notice, now=now)
        Contact.objects.filter(pk=browser.pk).update(index=secrets.token_bytes(32))
