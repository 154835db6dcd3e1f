"""Where a link that an editor writes may lead."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

SAYS = (
    "Write a path of ours that begins with one /, such as /dealers/, a whole address that begins with https://, "
    "or mailto: or tel: with whom it reaches."
)
OWN_PATH = re.compile(r"/(?![/\\])\S*")
MAILBOX = re.compile(r"mailto:[^\s@:]+@[^\s@:]+")
TELEPHONE = re.compile(r"tel:\+?[\d().-]+")


def is_fit(address: str) -> bool:
    """A browser runs javascript: and reads /\\elsewhere as another site, so what is not known to be harmless is refused."""
    if any(form.fullmatch(address) for form in (OWN_PATH, MAILBOX, TELEPHONE)):
        return True
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return address.startswith("https://") and bool(parts.hostname) and not re.search(r"[\s\\]", address)


def must_be_fit(address: str) -> None:
    if not is_fit(address):
        raise ValidationError(SAYS)
