"""What people type as an email address or a phone number, brought into the one form that we compare."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import timezone as phone_zones

from forecourt.adapters import domains

UNKNOWN_ZONES = {"Etc/Unknown"}
TEXTED_REGIONS = {"US", "PR", "VI", "GU", "AS", "MP"}
# A local part, one @, and a domain of at least two labels; mailbox providers accept less than RFC 5321 allows.
EMAIL = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class BadAddress(ValueError):
    """Says what to type instead; safe to show, since it never repeats what was typed."""


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` is "email" or "phone"; `text` is what we send to: a mailbox, or an E.164 number."""

    kind: str
    text: str

    @property
    def comparable(self) -> str:
        """Case counts for nothing in ASCII alone: folding other letters makes one mailbox of two (ß and ss)."""
        return self.text.encode().lower().decode() if self.kind == "email" else self.text

    @property
    def zones(self) -> tuple[str, ...]:
        """IANA zones that a phone number may be in; a toll-free number has all of its country's."""
        if self.kind != "phone":
            return ()
        found = phone_zones.time_zones_for_number(phonenumbers.parse(self.text))
        return tuple(sorted(set(found) - UNKNOWN_ZONES))

    @property
    def can_be_texted(self) -> bool:
        """A number in the United States, and none whose owner earns on what it receives."""
        if self.kind != "phone":
            return False
        number = phonenumbers.parse(self.text)
        premium = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE
        return phonenumbers.region_code_for_number(number) in TEXTED_REGIONS and not premium

    @property
    def masked(self) -> str:
        if self.kind == "phone":
            return f"number ending in {self.text[-2:]}"
        name, _, domain = self.text.partition("@")
        return f"{name[0]}…@{domain[0]}…{domain[domain.rindex('.') :]}"


def read(typed: str) -> Address:
    """Take an email address or a US phone number (or any number with + and country code)."""
    typed = typed.strip()
    if not typed:
        raise BadAddress("Enter an email address or a mobile number.")
    return read_email(typed) if "@" in typed else read_phone(typed)


def read_email(typed: str) -> Address:
    """The domain is kept as DNS has it, so that one mailbox is one contact however its domain is written."""
    local, _, domain = unicodedata.normalize("NFC", typed.strip()).rpartition("@")
    try:
        text = f"{local}@{domains.in_ascii(domain)}"
    except domains.BadDomain:
        text = ""
    if len(text) > 254 or not EMAIL.fullmatch(text) or not _is_dot_atom(local):
        raise BadAddress("That email address is not complete. It should look like name@example.com.")
    return Address("email", text)


def _is_dot_atom(local: str) -> bool:
    """Letters and marks that can be seen, with single dots between them."""
    return all(local.split(".")) and not any(unicodedata.category(letter).startswith("C") for letter in local)


def read_phone(typed: str) -> Address:
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        raise BadAddress("Enter an email address, or a phone number with its area code, like 202-555-0142.") from None
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise BadAddress("That phone number has too few or too many digits. It should look like 202-555-0142.")
    return Address("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
