"""Where the front page leads a shopper: what the menu has to shop with, each with a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass

from forecourt.web import menu

# By the names of addresses. What has no sentence here stands on the front page with its own words alone.
SENTENCES = {
    "builds:start": "Every press leads to a car that can be ordered, and its price.",
    "stock:search": "New and certified cars that stand there now, near you.",
    "offers:all": "What they cost in all, with the terms beside them.",
    "payments:estimate": "To the cent, with the formula. Nothing about you is asked.",
    "recalls:recalls": "By VIN, free, and the VIN is not kept.",
}
# They have a place of their own on the page.
ELSEWHERE = ("dealers:find", "interactions:book")
MOST = 6


@dataclass(frozen=True, slots=True)
class Way:
    words: str
    href: str
    says: str


def ways() -> Iterator[Way]:
    """Those with a sentence first."""
    said = {menu.address_of(name): says for name, says in SENTENCES.items()}
    left_out = {menu.address_of(name) for name in ELSEWHERE}
    links = [link for group, link in menu.all_links() if group == "shopping" and link.href not in left_out]
    for link in sorted(links, key=lambda link: link.href not in said)[:MOST]:
        yield Way(link.words, link.href, said.get(link.href, ""))
