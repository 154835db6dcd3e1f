"""Every other site that a page of ours may link to, from the places where such links are written down."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.urls import reverse
from wagtail.rich_text import RichText

from forecourt.consent import policies
from forecourt.dealers.models import Dealer
from forecourt.pages import addresses, placed
from forecourt.pages.models import EditorialPage, HomePage
from forecourt.policy.policy import Block, Bullets, Policy, Run
from forecourt.proof import wording
from forecourt.sharing import outside_pages
from forecourt.vehicles.recalls import cars
from forecourt.vehicles.recalls import views as lookups
from forecourt.web import outside
from forecourt.web.brand import brand


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """`page` is a page of ours that links there, by its name and path."""

    host: str
    what: str
    page: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Part:
    """A long part is folded."""

    title: str
    why: str
    sites: tuple[Site, ...]
    folded: bool = False


def parts(now: datetime) -> list[Part]:
    policy = policies.in_force(now)
    chosen = (*of_policy(policy), *where_people_choose(policy))
    everywhere = "From the menu and the foot of every page."
    found = [
        Part("Our own sites for other countries", everywhere, once(international())),
        Part("Social networks", f"{everywhere} Plain links: nothing of theirs is loaded here.", once(social())),
        Part("What our pages tell you about", "From the pages that our editors write.", once(editorial())),
        Part("From our policy, and where you choose about ads", "", once(chosen)),
        Part("The official lookup of recalls", "For every make.", once(recalls())),
        Part("Dealers", "To each dealer’s own privacy policy.", once(dealers()), folded=True),
    ]
    return [part for part in found if part.sites]


def hosts(now: datetime) -> set[str]:
    return {site.host for part in parts(now) for site in part.sites}


def international() -> Iterator[Site]:
    if brand().international:
        yield Site(host_of(brand().international["address"]), brand().international["name"])


def social() -> Iterator[Site]:
    for network in brand().social:
        yield Site(host_of(network["address"]), f"{brand().name} on {network['name']}")


def editorial() -> Iterator[Site]:
    for page in (*HomePage.objects.live(), *EditorialPage.objects.live()):
        for address, words in links_of(page.body):
            if outside.leads_away(address):
                yield Site(host_of(address), words, (page.title, placed.path_of(page.url_path)))


def links_of(body: Iterable) -> Iterator[tuple[str, str]]:
    for block in body:
        if isinstance(block.value, RichText):
            yield from addresses.links_in(block.value.source)
        elif block.block_type == "links":
            yield from ((link["address"], link["words"]) for link in block.value)


def of_policy(policy: Policy) -> Iterator[Site]:
    text = ("Privacy policy", reverse("proof:policy"))
    for run in (run for section in policy.sections for block in section.blocks for run in runs_of(block)):
        for address, words in addresses.links_in(wording.inline(run.text)):
            if outside.leads_away(address):
                yield Site(host_of(address), words.removesuffix(outside.SAYS).strip(), text)
    for recipient in policy.recipients.values():
        if recipient.preferences:
            yield Site(host_of(recipient.preferences), f"your choices at {recipient.name or recipient.purpose}")


def where_people_choose(policy: Policy) -> Iterator[Site]:
    """Our ads page sends people there."""
    for address in outside_pages.choices_pages(policy):
        whose = "the ad industry’s own" if address == outside_pages.INDUSTRY else "a co-op’s"
        yield Site(host_of(address), f"{whose} page of choices", ("Ad choices", reverse("rights:ads")))


def runs_of(block: Block) -> Iterator[Run]:
    yield from (run for item in block.items for run in item) if isinstance(block, Bullets) else block.runs


def recalls() -> Iterator[Site]:
    if cars.ours():
        yield Site(
            host_of(lookups.OFFICIAL),
            "recalls of all makes",
            ("Safety and emission recalls", reverse("recalls:recalls")),
        )


def dealers() -> Iterator[Site]:
    """Those that left the network too: the page of a booking there still leads to its policy."""
    for dealer in Dealer.objects.order_by("name"):
        page = (dealer.name, dealer.get_absolute_url()) if dealer.active else ("", "")
        yield Site(host_of(dealer.policy_url), dealer.name, page)


def once(sites: Iterable[Site]) -> tuple[Site, ...]:
    return tuple(dict.fromkeys(sites))


def host_of(address: str) -> str:
    return urlsplit(address).netloc.lower()
