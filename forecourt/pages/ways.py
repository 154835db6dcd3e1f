"""Where the front page leads a shopper beside its cars, offers and dealers: what the menu has of these, each with a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from forecourt.web import menu

# By the names of addresses, in the order of the page.
SENTENCES = {
    "builds:start": "Every press leads to a car that can be ordered, and its price.",
    "stock:search": "New and certified cars that stand there now, near you.",
    "payments:estimate": "To the cent, with the formula. Nothing about you is asked.",
    "recalls:recalls": "By VIN, free, and the VIN is not kept.",
}


@dataclass(frozen=True, slots=True)
class Way:
    words: str
    href: str
    says: str


def ways() -> Iterator[Way]:
    words = {link.href: link.words for group, link in menu.all_links() if group in menu.PLACES}
    for name, says in SENTENCES.items():
        href = menu.address_of(name)
        if href in words:
            yield Way(words[href], href, says)
