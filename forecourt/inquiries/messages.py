"""The two emails about an inquiry: that it came in, once, and what we answered."""

from datetime import datetime, timedelta

from django.urls import reverse

from forecourt.inquiries.models import Inquiry
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.web.brand import brand
from forecourt.web.templatetags.web import day

RECEIVED = "inquiry-received-email"
ANSWER = "inquiry-answer-email"
MOST_A_DAY = 3


def received_later(inquiry: Inquiry, token: str, now: datetime) -> Message | None:
    """Once an inquiry, and so seldom to one address that two machines which answer each other come to an end."""
    contact = inquiry.contact
    if contact is None or contact.kind != Contact.Kind.EMAIL:
        return None
    sent = Message.objects.filter(contact=contact, use=RECEIVED, queued_at__gt=now - timedelta(days=1))
    if sent.count() >= MOST_A_DAY:
        return None
    return _queue(RECEIVED, inquiry, token, {"due": day(inquiry.case.due_at)}, now)


def answer_later(inquiry: Inquiry, token: str, words: str, now: datetime) -> Message:
    return _queue(ANSWER, inquiry, token, {"words": words}, now)


def _queue(use: str, inquiry: Inquiry, token: str, context: dict, now: datetime) -> Message:
    contact = inquiry.contact
    assert contact is not None
    page = f"{brand().site_url}{reverse('inquiries:message', args=[token])}"
    return outbox.queue(
        use,
        contact,
        about=outbox.About(interaction=inquiry.interaction, type="inquiry"),
        template=use.removesuffix("-email").replace("-", "_"),
        context={"reference": inquiry.case.reference, "page": page, **context},
        data=(contacts.FIELDS[contact.kind], *(("inquiry.words",) if use == ANSWER else ())),
        now=now,
    )
