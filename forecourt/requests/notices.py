"""What somebody hears about a request of theirs: that it came in, that it takes longer, that it is answered. Never closed."""

from datetime import date, datetime
from typing import Any

from forecourt.messaging import outbox
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.requests import passes, paths
from forecourt.requests.models import Request
from forecourt.web.brand import brand

USES = {"email": "request-news-email", "phone": "request-news-text"}
WORDS = "Answer my request, and tell me on this way what becomes of it."


def received(request: Request, contact: Contact, now: datetime) -> None:
    passes.permit(contact, request.interaction, WORDS, now)
    _tell(request, contact, now, news="received", by=day(request.answer_by))


def extended(request: Request, contact: Contact | None, now: datetime) -> None:
    _tell(
        request,
        contact,
        now,
        news="extended",
        by=day(request.answer_by),
        reason=Request.Reason(request.extension_reason).label,
    )


def answered(request: Request, contact: Contact | None, now: datetime) -> None:
    _tell(request, contact, now, news="answered", answer=Request.Answer(request.answer).label)


def _tell(request: Request, contact: Contact | None, now: datetime, **news: Any) -> None:
    """Whoever is erased hears nothing more: it stands on their page."""
    if contact is None:
        return
    outbox.queue(
        USES[contact.kind],
        contact,
        about=outbox.About(interaction=request.interaction, type=passes.type_of_text(contact)),
        template="request_news",
        context={
            **news,
            "kind": request.kind,
            "reference": request.case.reference,
            "page": page_of(request),
        },
        data=(contacts.FIELDS[contact.kind],),
        now=now,
    )


def page_of(request: Request) -> str:
    return f"{brand().site_url}{paths.path_of(request)}"


def day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
