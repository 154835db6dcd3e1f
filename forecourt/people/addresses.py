"""What people type as an email address or a phone number, brought into the one form that we compare."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import timezone as phone_zones

UNKNOWN_ZONES = {"Etc/Unknown"}
# A local part, one @, and a domain of at least two labels; mailbox providers accept less than RFC 5321 allows.
EMAIL = re.compile(
    r"[^\s@<>(),;:\\\"\[\]]{1,64}@([A-Za-z0-9\u0080-\uffff](?:[A-Za-z0-9\u0080-\uffff-]{0,61}[A-Za-z0-9\u0080-\uffff])?\.)+[A-Za-z\u0080-\uffff][A-Za-z0-9\u0080-\uffff-]{1,62}"
)


class BadAddress(ValueError):
    """Says what to type instead; safe to show, since it never repeats what was typed."""


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` is "email" or "phone"; `text` is what we send to: a mailbox, or an E.164 number."""

    kind: str
    text: str

    @property
    def comparable(self) -> str:
        return self.text.casefold() if self.kind == "email" else self.text

    @property
    def zones(self) -> tuple[str, ...]:
        """IANA zones that a phone number may be in; a toll-free number has all of its country's."""
        if self.kind != "phone":
            return ()
        found = phone_zones.time_zones_for_number(phonenumbers.parse(self.text))
        return tuple(sorted(set(found) - UNKNOWN_ZONES))

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
    typed = typed.strip()
    if (
        len(typed) > 254
        or not EMAIL.fullmatch(typed)
        or ".." in typed
        or typed.split("@")[0].strip(".") != typed.split("@")[0]
    ):
        raise BadAddress("That email address is not complete. It should look like name@example.com.")
    local, _, domain = typed.rpartition("@")
    return Address("email", f"{local}@{domain.lower()}")


def read_phone(typed: str) -> Address:
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        raise BadAddress("Enter an email address, or a phone number with its area code, like 202-555-0142.") from None
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise BadAddress("That phone number has too few or too many digits. It should look like 202-555-0142.")
    return Address("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
