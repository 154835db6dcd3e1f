"""The fakes' common memory: what would have left, readable on the demo's phone and mailbox and nowhere else.

Everything is sealed under a key beside the other secrets, so a dump of the database shows nothing that anybody wrote.
"""

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from forecourt.adapters import cipher, clock, secret_files
from forecourt.adapters.models import Kept
from forecourt.adapters.outcomes import NotSent, Unknown

Medium = Kept.Medium
Way = Kept.Way


@dataclass(frozen=True, slots=True)
class Item:
    """`content` is a whole email, a text's body in UTF-8, a lead's XML, or the JSON that a network gets."""

    id: int
    medium: str
    way: str
    sender: str
    recipient: str
    content: bytes
    reference: str
    at: datetime


def keep(
    medium: Medium,
    *,
    sender: str,
    recipient: str,
    content: bytes,
    deadline: float,
    reference: str = "",
    way: Way = Way.OUT,
) -> str:
    """Keep it as a provider would accept it: not past the deadline, and with the provider's own id in return."""
    row = uuid.uuid4()
    seal_key, _ = _keys()
    envelope = json.dumps([sender, recipient]).encode()
    fields = {
        "row": row,
        "medium": medium,
        "way": way,
        "person": _person(recipient if way == Way.OUT else sender),
        "reference": reference,
        "sealed": cipher.seal(seal_key, envelope + b"\n" + content, row.bytes),
        "at": clock.now(),
    }
    if time.monotonic() >= deadline:
        raise NotSent("the deadline passed before the hand-over")
    try:
        Kept.objects.create(**fields)
    except DatabaseError as error:
        connection.close_if_unusable_or_obsolete()
        raise Unknown(f"the database failed while keeping it ({type(error).__name__})") from error
    return f"kept-{row.hex}"


def kept_for(address: str, medium: Medium | None = None) -> list[Item]:
    """What went to this address and came from it, oldest first."""
    return _items(Kept.objects.filter(person=_person(address)), medium)


def all_kept(medium: Medium | None = None, newest: int = 500) -> list[Item]:
    """The newest items, oldest first."""
    return _items(Kept.objects.all(), medium, newest)


def kept_about(reference: str) -> list[Item]:
    """Every item with this reference: more than one of a message is a duplicate."""
    return _items(Kept.objects.filter(reference=reference), None)


def forget_about(references: Collection[str]) -> int:
    """As whoever was sent them would, once asked to erase them."""
    return Kept.objects.filter(reference__in=list(references)).delete()[0]


def forget_all() -> int:
    return Kept.objects.all().delete()[0]


def _items(rows: QuerySet[Kept], medium: Medium | None, newest: int | None = None) -> list[Item]:
    if medium:
        rows = rows.filter(medium=medium)
    rows = rows.order_by("-id")[:newest]
    return [_open(row) for row in reversed(rows)]


def _open(row: Kept) -> Item:
    seal_key, _ = _keys()
    envelope, _, content = cipher.open(seal_key, bytes(row.sealed), row.row.bytes).partition(b"\n")
    sender, recipient = json.loads(envelope)
    return Item(row.pk, row.medium, row.way, sender, recipient, content, row.reference, row.at)


def _person(address: str) -> bytes:
    _, index_key = _keys()
    return hmac.digest(index_key, address.strip().casefold().encode(), hashlib.sha256)


def _keys() -> tuple[bytes, bytes]:
    both = secret_files.read_or_make(settings.SECRETS / "kept-keys", lambda: cipher.new_key() + cipher.new_key())
    return both[: cipher.KEY_BYTES], both[cipher.KEY_BYTES :]
