"""A lead as the Auto-lead Data Format 1.0 has it: XML that is valid against the DTD beside this file, with no field more.

`adf-1.0.dtd` is the one of github.com/carmelosantana/sendadf (MIT licence) with its curly quotes, a missing comma and an
ambiguous content model repaired, since the published text does not parse.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lxml import etree

DTD = Path(__file__).with_name("adf-1.0.dtd")
# What XML 1.0 cannot carry, escaped or not: most control characters, half surrogate pairs, and two non-characters.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadLead(ValueError):
    """The lead cannot be written as ADF. The sentence names the field and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What somebody would like to borrow: dollars as a decimal text, and over how many months."""

    amount: str
    months: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """One person who asked one dealer for a test drive, or one lender for credit. `vendor` is that one, `provider` the brand."""

    reference: uuid.UUID
    requested_at: datetime
    year: int | str
    make: str
    model: str
    name: str
    vendor: str
    vendor_id: str
    provider: str
    email: str = ""
    phone: str = ""
    comments: str = ""
    vendor_phone: str = ""
    credit: Credit | None = None


def build(prospect: Prospect) -> bytes:
    """Characters that XML cannot carry are left out: they mean nothing, and a lead must not be lost to one."""
    if prospect.requested_at.tzinfo is None:
        raise BadLead("A lead's request date needs its time zone.")
    root = etree.Element("adf")
    root.addprevious(etree.ProcessingInstruction("ADF", 'VERSION="1.0"'))
    lead = etree.SubElement(root, "prospect", status="new")
    _add(
        lead,
        "id",
        str(prospect.reference),
        sequence="1",
        source=_needed("provider", prospect.provider),
    )
    _add(lead, "requestdate", prospect.requested_at.isoformat(timespec="seconds"))
    vehicle = etree.SubElement(lead, "vehicle", interest="buy" if prospect.credit else "test-drive", status="new")
    for field in ("year", "make", "model"):
        _add(vehicle, field, _needed(field, str(getattr(prospect, field))))
    if prospect.credit:
        finance = etree.SubElement(vehicle, "finance")
        _add(finance, "method", "finance")
        _add(finance, "amount", prospect.credit.amount, type="total", limit="maximum", currency="USD")
        _add(vehicle, "comments", f"Over {prospect.credit.months} months")
    _customer(lead, prospect)
    vendor = etree.SubElement(lead, "vendor")
    _add(vendor, "id", _needed("vendor_id", str(prospect.vendor_id)))
    _add(vendor, "vendorname", _needed("vendor", prospect.vendor))
    contact = etree.SubElement(vendor, "contact")
    _add(
        contact,
        "name",
        _needed("vendor", prospect.vendor),
        part="full",
        type="business",
    )
    # The format asks for a way to reach the dealer, who is the reader; it may be empty.
    _add(contact, "phone", cleaned(prospect.vendor_phone))
    _add(
        etree.SubElement(lead, "provider"),
        "name",
        _needed("provider", prospect.provider),
        part="full",
        type="business",
    )
    xml = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", pretty_print=True)
    validate(xml)
    return xml


def validate(xml: bytes) -> None:
    """Raise BadLead with the first fault by the DTD."""
    try:
        tree = etree.fromstring(
            xml,
            etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False),
        )
    except etree.XMLSyntaxError as error:
        raise BadLead(f"Not XML: line {error.lineno}.") from None
    # Read anew each time, in a fraction of a millisecond: a shared one is not for several threads.
    dtd = etree.DTD(str(DTD))
    if not dtd.validate(tree):
        faults = [f"line {fault.line}, {fault.type_name}" for fault in dtd.error_log]  # type: ignore[attr-defined]
        raise BadLead(f"Not ADF 1.0: {faults[0]}.")


def customer_addresses(xml: bytes) -> list[str]:
    """The email address and phone number of the customer in a lead of ours."""
    contact = "./prospect/customer/contact"
    lead = etree.fromstring(xml)
    return [found for part in ("email", "phone") if (found := lead.findtext(f"{contact}/{part}"))]


def cleaned(text: str) -> str:
    return NOT_XML.sub("", text).strip()


def _customer(lead: etree._Element, prospect: Prospect) -> None:
    email, phone = cleaned(prospect.email), cleaned(prospect.phone)
    if not (email or phone):
        raise BadLead("A lead needs an email address or a phone number.")
    customer = etree.SubElement(lead, "customer")
    contact = etree.SubElement(customer, "contact")
    _add(contact, "name", _needed("name", prospect.name), part="full", type="individual")
    if email:
        _add(contact, "email", email, preferredcontact="1")
    if phone:
        _add(contact, "phone", phone, preferredcontact="0" if email else "1")
    if comments := cleaned(prospect.comments):
        _add(customer, "comments", comments)


def _add(parent: etree._Element, tag: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, tag, attributes).text = text


def _needed(field: str, text: str) -> str:
    if not (text := cleaned(text)):
        raise BadLead(f"A lead needs a {field}.")
    return text
