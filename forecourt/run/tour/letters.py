"""What the demo's outside world received: letters in the mailbox, leads at the dealers."""

import email
import email.policy
import email.utils
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from lxml import etree

from forecourt.adapters import kept
from forecourt.inquiries import incoming
from forecourt.run.tour.whose import is_of_a_check
from forecourt.web.brand import brand


@dataclass(frozen=True, slots=True)
class Letter:
    id: int
    recipient: str
    sender: str
    subject: str
    text: str
    unsubscribe: str
    signatures: tuple[str, ...]
    at: datetime

    @property
    def of_a_check(self) -> bool:
        return is_of_a_check(self.recipient)

    @property
    def preview(self) -> str:
        return " ".join(self.text.split())[:120]


@dataclass(frozen=True, slots=True)
class ArrivedLead:
    """One lead as the dealer's system reads it."""

    endpoint: str
    rows: tuple[tuple[str, str], ...]
    xml: str
    at: datetime

    @property
    def of_a_check(self) -> bool:
        return any(is_of_a_check(value) for name, value in self.rows if name in ("Email", "Phone"))


def letters() -> list[Letter]:
    return [read(item) for item in reversed(kept.all_kept(kept.Medium.EMAIL, newest=60))]


def letter(item_id: int) -> Letter | None:
    return next((found for found in letters() if found.id == item_id), None)


def read(item: kept.Item) -> Letter:
    message = email.message_from_bytes(item.content, _class=EmailMessage, policy=email.policy.default)
    text = message.get_body(("plain",))
    return Letter(
        id=item.id,
        recipient=item.recipient,
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        text=text.get_content() if text else "",
        unsubscribe=str(message.get("List-Unsubscribe", "")).strip("<>"),
        signatures=tuple(_algorithm(header) for header in message.get_all("DKIM-Signature", [])),
        at=item.at,
    )


def written_to_us(sender: str, subject: str, words: str, now: datetime) -> str:
    """What the mail server does with an email to our privacy address; the number of the case that it became."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = sender, brand().privacy_email, " ".join(subject.split())
    message["Message-ID"] = email.utils.make_msgid(domain="home.example")
    message.set_content(words)
    return incoming.take(message.as_bytes(), now).case.reference


def leads() -> list[ArrivedLead]:
    return [_lead(item) for item in reversed(kept.all_kept(kept.Medium.LEAD, newest=30))]


def _lead(item: kept.Item) -> ArrivedLead:
    adf = etree.fromstring(item.content)
    rows = (
        ("Dealer", adf.findtext(".//vendor/vendorname")),
        ("Customer", adf.findtext(".//customer/contact/name")),
        ("Email", adf.findtext(".//customer/contact/email")),
        ("Phone", adf.findtext(".//customer/contact/phone")),
        ("Car", " ".join(filter(None, (adf.findtext(f".//vehicle/{part}") for part in ("year", "make", "model"))))),
        ("Wish", adf.findtext(".//customer/comments")),
    )
    return ArrivedLead(
        item.recipient, tuple((name, value) for name, value in rows if value), item.content.decode(), item.at
    )


def _algorithm(header: str) -> str:
    tags = dict(part.strip().partition("=")[::2] for part in str(header).split(";"))
    return tags.get("a", "")
