"""An email's bytes, rendered once: the same parts give the same bytes, and what is signed is what is sent.

The standard library reads the addresses and encodes; it does not write the headers, since it breaks links that are longer
than a line (the unsubscribe link among them) and needs milliseconds for it.
"""

import binascii
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.errors import InvalidHeaderDefect
from email.header import Header
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime

from forecourt.adapters import domains

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
LINE_END = re.compile(r"\r\n|\r|\n")
LONGEST_LINE = 998


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
    """`sender` and `to` are addresses with or without a display name. Further headers are ASCII and go out as they are."""
    lines = [
        f"From: {_mailbox('From', sender)}",
        f"To: {_mailbox('To', to)}",
        f"Subject: {_unstructured('Subject', subject)}",
        f"Date: {format_datetime(date)}",
        _verbatim("Message-ID", message_id),
        *(_verbatim(name, value) for name, value in (headers or {}).items()),
        "MIME-Version: 1.0",
    ]
    if html is None:
        content = _part("plain", text)
    else:
        # Quoted-printable writes = as =3D, so no body can hold this boundary.
        boundary = f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:24]}"
        lines.append(f'Content-Type: multipart/alternative; boundary="{boundary}"')
        content = "\r\n".join(
            ("", f"--{boundary}", _part("plain", text), f"--{boundary}", _part("html", html), f"--{boundary}--", "")
        )
    return ("\r\n".join(lines) + "\r\n" + content).encode()


def _part(subtype: str, content: str) -> str:
    lines = LINE_END.sub("\r\n", content)
    whole = lines if lines.endswith("\r\n") else lines + "\r\n"
    # A first CRLF tells the encoder which line ends to break long lines with.
    encoded = binascii.b2a_qp(b"\r\n" + whole.encode("utf-8", "replace"), istext=True).decode()
    return f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n{encoded}'


def _mailbox(header: str, written: str) -> str:
    address = _address(header, written)
    if not address.display_name:
        return address.addr_spec
    if len(address.display_name) > 200:
        raise BadHeader(f"{header} has a name of more than 200 characters.")
    if address.display_name.isascii():
        name = address.display_name.replace("\\", r"\\").replace('"', r"\"")
        return f'"{name}" <{address.addr_spec}>'
    return f"{_encoded(header, address.display_name)}\r\n <{address.addr_spec}>"


def _address(header: str, written: str) -> Address:
    read = SMTP.header_factory(header, _one_line(header, written))
    broken = any(isinstance(defect, InvalidHeaderDefect) for defect in read.defects)
    if broken or len(read.addresses) != 1 or not (read.addresses[0].username and read.addresses[0].domain):
        raise BadHeader(f"{header} needs one whole address such as name@example.com.")
    [address] = read.addresses
    return Address(address.display_name, address.username, domains.in_ascii(address.domain))


def _unstructured(header: str, value: str) -> str:
    value = _one_line(header, value).strip()
    plain = value.isascii() and "=?" not in value and len(value) < LONGEST_LINE // 2
    return value if plain else _encoded(header, value)


def _encoded(header: str, value: str) -> str:
    """Encoded words of at most 75 characters (RFC 2047), one a line."""
    return Header(value.encode("utf-8", "replace").decode(), "utf-8", header_name=header).encode(linesep="\r\n")


def _verbatim(name: str, value: str) -> str:
    if not HEADER_NAME.fullmatch(name):
        raise BadHeader("A header's name is made of letters, digits and hyphens.")
    line = f"{name}: {_one_line(name, value)}"
    if not line.isascii() or len(line) > LONGEST_LINE:
        raise BadHeader(f"{name} must be ASCII, and a line of at most {LONGEST_LINE} characters.")
    return line


def _one_line(header: str, value: str) -> str:
    if CONTROL.search(value):
        raise BadHeader(f"{header} holds a line break or control character; a header is one line.")
    return value
