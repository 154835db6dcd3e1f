"""The address of one's own booking: 128 random bits, known to whoever booked and to the messages about it."""

import hashlib
import secrets
import uuid

from django.urls import reverse

from forecourt.interactions.models import TestDrive
from forecourt.people import vault
from forecourt.web.brand import brand

FIELD = "test-drive.token"


def new_token() -> str:
    return secrets.token_urlsafe(16)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def seal(submission_id: uuid.UUID, drive_id: uuid.UUID, token: str) -> bytes:
    return vault.seal_text(submission_id, FIELD, drive_id, token)


def token_of(drive: TestDrive) -> str:
    return vault.open_text(drive.submission_id, FIELD, drive.pk, bytes(drive.token))


def drive_by(token: str) -> TestDrive | None:
    found = TestDrive.objects.select_related("dealer", "contact").filter(token_digest=digest(token))
    return found.first()


def path_of(drive: TestDrive) -> str:
    return reverse("interactions:manage", args=[token_of(drive)])


def address_of(drive: TestDrive) -> str:
    return f"{brand().site_url.rstrip('/')}{path_of(drive)}"
