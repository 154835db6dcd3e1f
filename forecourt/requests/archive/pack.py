"""The file itself: made by a job, sealed under its person's own key, there for some days, gone an hour after it was taken."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from forecourt.people import contacts, vault
from forecourt.people.models import Contact
from forecourt.requests import actions
from forecourt.requests.archive import collect
from forecourt.requests.models import Archive, Request
from forecourt.web.brand import brand

FIELD = "request.archive"
LASTS = timedelta(days=14)
# For a download that broke off.
ONCE_MORE = timedelta(hours=1)
STYLE = Path(__file__).with_name("page.css")
HTML, JSON, README = "your-data.html", "your-data.json", "README.txt"


@transaction.atomic
def make(request: Request, now: datetime) -> bool:
    """Answers the request. False where it is answered, or whoever asked is erased meanwhile."""
    if not request.is_open:
        return False
    contact = Contact.objects.filter(pk=request.contact, erased_at=None).first()
    if contact is None:
        actions.answer(request, Request.Answer.NOTHING, now)
        return False
    content = zipped(contact, request, now)
    archive = Archive(request=request, size=len(content), made_at=now, expires_at=now + LASTS)
    archive.sealed = vault.seal_bytes(contact.pk, FIELD, archive.pk, content)
    archive.save()
    return actions.answer(request, Request.Answer.ARCHIVE, now, bytes=len(content))


def zipped(contact: Contact, request: Request, now: datetime) -> bytes:
    everything = collect.everything(contact, now)
    files = {
        HTML: page(everything, contact, request, now),
        JSON: json.dumps(everything, indent=1, ensure_ascii=False, sort_keys=True),
        README: render_to_string("requests/archive_readme.txt", {"everything": everything, "brand": brand()}),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), text, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def page(everything: dict[str, Any], contact: Contact, request: Request, now: datetime) -> str:
    """One page that needs nothing else: no picture, no script, no address that it would load."""
    context = {
        "everything": everything,
        "address": contacts.address_of(contact, purpose=collect.PURPOSE, who=collect.WHO, now=now).text,
        "reference": request.case.reference,
        "made_at": now,
        "style": stylesheet(),
        "brand": brand(),
    }
    return render_to_string("requests/archive.html", context)


def stylesheet() -> str:
    return STYLE.read_text("utf-8")


@transaction.atomic
def take(request: Request, now: datetime) -> bytes | None:
    """The content, for whoever has just shown again who they are; from then on it lasts one hour."""
    archive = Archive.objects.select_for_update().filter(request=request, expires_at__gt=now).first()
    if archive is None:
        return None
    content = vault.open_bytes(request.contact, FIELD, archive.pk, archive.sealed)
    vault.log_opening(request.contact, [FIELD], purpose=collect.PURPOSE, who=collect.WHO, now=now)
    if archive.taken_at is None:
        archive.taken_at, archive.expires_at = now, min(archive.expires_at, now + ONCE_MORE)
        archive.save(update_fields=["taken_at", "expires_at"])
    return content


def destroy_expired(now: datetime) -> int:
    return Archive.objects.filter(expires_at__lte=now).delete()[0]
