"""Where a link that an editor writes may lead."""

import re

from django.core.exceptions import ValidationError
from lxml import html

from forecourt.policy import outside

SAYS = (
    "Write a path of ours that begins with one /, such as /dealers/, a whole address that begins with https://, "
    "or mailto: or tel: with whom it reaches."
)
OWN_PATH = re.compile(r"/(?![/\\])\S*")
MAILBOX = re.compile(r"mailto:[^\s@:]+@[^\s@:]+")
ANCHOR = re.compile(r"#[\w-]+")
TELEPHONE = re.compile(r"tel:\+?[\d().-]+")


def objection(address: str) -> str:
    """What to write instead; empty where the link is fit. A browser runs javascript: and reads /\\elsewhere as another site,
    so what is not known to be harmless is refused, and so is an address of another site that may tell who followed it."""
    if any(form.fullmatch(address) for form in (OWN_PATH, ANCHOR, MAILBOX, TELEPHONE)):
        return ""
    if not address.startswith("https://") or not outside.is_whole(address):
        return SAYS
    return outside.objection(address)


def must_be_fit(address: str) -> None:
    if says := objection(address):
        raise ValidationError(says[0].upper() + says[1:].rstrip(".") + ".")


def all_must_be_fit(text: str) -> None:
    """The links of rich text; those to pages of ours have no address of their own."""
    for address, _ in links_in(text):
        must_be_fit(address)


def links_in(text: str) -> list[tuple[str, str]]:
    """Address and words of each link in a piece of HTML."""
    whole = html.fragment_fromstring(text, create_parent="div")
    return [(link.get("href"), " ".join(link.text_content().split())) for link in whole.iter("a") if link.get("href")]
