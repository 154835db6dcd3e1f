"""An email's bytes, rendered once. What is signed is what is sent."""

import re
from collections.abc import Mapping
from datetime import datetime
from email.errors import InvalidHeaderDefect
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

import idna

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class BadHeader(ValueError):
    """A header's value could end the header and begin another, or is no address. Says which."""


def build(
    *,
    sender: str,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    headers: Mapping[str, str] | None = None,
    date: datetime,
    message_id: str,
) -> bytes:
    """`sender` and `to` are addresses with or without a display name. Lines end with CRLF, bodies are quoted-printable."""
    from_address, to_address = _address("From", sender), _address("To", to)
    ascii_only = (from_address.addr_spec + to_address.addr_spec).isascii()
    message = EmailMessage(policy=SMTP if ascii_only else SMTPUTF8)
    message["From"] = from_address
    message["To"] = to_address
    message["Subject"] = _line("Subject", subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = _line("Message-ID", message_id)
    for name, value in (headers or {}).items():
        message[_line("a header's name", name)] = _line(name, value)
    message.set_content(_sound(text), cte="quoted-printable")
    if html is not None:
        message.add_alternative(_sound(html), subtype="html", cte="quoted-printable")
    return message.as_bytes()


def domain_in_ascii(domain: str) -> str:
    """The domain as DNS has it (IDNA 2008)."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise BadHeader("An address has a domain that DNS cannot have.") from None


def _address(header: str, written: str) -> Address:
    read = SMTP.header_factory(header, _line(header, written))
    broken = any(isinstance(defect, InvalidHeaderDefect) for defect in read.defects)
    if broken or len(read.addresses) != 1 or not (read.addresses[0].username and read.addresses[0].domain):
        raise BadHeader(f"{header} needs one whole address such as name@example.com.")
    [address] = read.addresses
    return Address(address.display_name, address.username, domain_in_ascii(address.domain))


def _line(header: str, value: str) -> str:
    if CONTROL.search(value):
        raise BadHeader(
            f"{header} holds a line break or control character; a header is one line."
        )
    return _sound(value)


def _sound(text: str) -> str:
    """Half a surrogate pair is no character and has no bytes."""
    return text.encode("utf-8", "replace").decode()
