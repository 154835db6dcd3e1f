"""People who do not exist, for probes. Only the adapters can tell them from real ones: what is sent to them is kept here.

Their addresses can belong to nobody: RFC 2606 and RFC 6761 reserve the domains, and the North American Numbering Plan
keeps 555-0100 to 555-0199 of every area code for fiction.
"""

import re

RESERVED_DOMAIN = re.compile(r"(?:.*\.)?(?:(?:test|invalid|example)|example\.(?:com|net|org))", re.IGNORECASE)
RESERVED_NUMBER = re.compile(r"\+1[2-9]\d{2}55501\d{2}")
DOMAIN = "probe.example"
# All in Eastern Time, so that one pair of quiet hours holds for every probe.
AREA_CODES = ("202", "212", "215", "301", "404", "410", "412", "617", "703", "803")
PHONES = 100 * len(AREA_CODES)


def email(n: int) -> str:
    return f"probe-{n:06}@{DOMAIN}"


def phone(n: int) -> str:
    """One of the 1,000 numbers; a larger n is a mistake, since two probes would share a phone."""
    if not 0 <= n < PHONES:
        raise ValueError(f"There are synthetic phones 0 to {PHONES - 1}, and no number {n}.")
    return f"+1{AREA_CODES[n // 100]}55501{n % 100:02}"


def is_synthetic(address: str) -> bool:
    """Of an email address, a phone number in E.164 or a host name."""
    if address.startswith("+"):
        return RESERVED_NUMBER.fullmatch(address) is not None
    return RESERVED_DOMAIN.fullmatch(address.rpartition("@")[2].rstrip(".")) is not None
