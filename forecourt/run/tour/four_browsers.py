"""One page, asked for by four browsers: what each sends, what comes back, and what follows. Asked anew each time, of our own site."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from forecourt.consent import gpp
from forecourt.consent.choices import COOKIE, Answer, Choices
from forecourt.edge.choices import AGE_COOKIE
from forecourt.people import browsers
from forecourt.policy.policy import Age, Switch
from forecourt.proof.browser import Browser, Page
from forecourt.traffic import tags

PATH = "/models/"
YES = Choices().say(Answer.YES, *Switch)
# The fields of the national section that a partner may not go on without.
FIELDS = (
    ("SaleOptOut", "Selling"),
    ("SharingOptOut", "Sharing"),
    ("TargetedAdvertisingOptOut", "Targeted ads"),
)
OPTED_OUT = 1
# Of a browser that nobody has; a yes to ads comes with one.
NUMBER = "demo"


@dataclass(frozen=True, slots=True)
class Gpp:
    """`rows`: what a partner reads in it, in words."""

    text: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """`sends` and `brings` are header lines. `hosts` are those beside ours that the page's rules let the browser ask."""

    name: str
    sends: tuple[str, ...]
    brings: tuple[str, ...]
    hosts: tuple[str, ...]
    says: str
    gpp: Gpp


def ask() -> list[Answered]:
    """CouldNotRun where our own site does not answer."""
    return [
        _ask("As browsers come"),
        _ask("With the signal", gpc=True),
        _ask("After a yes to everything", said=YES),
        _ask("After a yes, and with the signal", gpc=True, said=YES),
    ]


def _ask(name: str, *, gpc: bool = False, said: Choices | None = None) -> Answered:
    browser = Browser(gpc=gpc, keeps_cookies=True)
    sends = ["Sec-GPC: 1"] if gpc else []
    if said:
        browser.holds(COOKIE, str(said))
        browser.holds(AGE_COOKIE, str(Age.GROWN))
        browser.holds(browsers.COOKIE, NUMBER)
        sends.append(f"Cookie: {COOKIE}={said}; {browsers.COOKIE}={NUMBER}")
    page = browser.get(PATH).must_be_fine()
    choices = said or Choices()
    return Answered(
        name,
        tuple(sends),
        tuple(f"Set-Cookie: {morsel.key}={morsel.value}" for morsel in browser.offered),
        tuple(hosts_let_in(page)),
        signal_line(page),
        read(tags.gpp(choices.with_signal() if gpc else choices)),
    )


def hosts_let_in(page: Page) -> Iterator[str]:
    named = re.findall(r"https?://[^\s;]+", page.headers.get("Content-Security-Policy", ""))
    yield from sorted({urlsplit(origin).netloc for origin in named})


def signal_line(page: Page) -> str:
    found = page.tree.xpath("//*[contains(@class, 'choices-signal')]")
    return " ".join(found[0].text_content().split()) if found else ""


def read(text: str) -> Gpp:
    national = next(section for section in gpp.decode(text).sections if isinstance(section, gpp.UsNat))
    rows = [(words, "no" if getattr(national, field) == OPTED_OUT else "yes") for field, words in FIELDS]
    return Gpp(text, (*rows, ("Signal", "sent or kept" if national.Gpc else "not seen")))
