"""The sentences about where links lead: the menu, the foot of a page, and other sites."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from django.urls import reverse
from django.utils.safestring import mark_safe
from lxml import html

from forecourt.dealers.models import Dealer
from forecourt.policy import outside as rule
from forecourt.proof.browser import Browser, Page, is_seen
from forecourt.proof.probes.site import KINDS, crawl
from forecourt.proof.registry import mutant, probe
from forecourt.web import outside
from forecourt.web.brand import brand

PAGES = 60
# What a browser may say to another site about where it came from: our name at the most.
QUIET = {"no-referrer", "same-origin", "strict-origin", "origin", "strict-origin-when-cross-origin"}


def away(page: Page) -> Iterator[html.HtmlElement]:
    """The links of a page that leave our site."""
    ours = {urlsplit(page.address).netloc, urlsplit(brand().site_url).netloc}
    for link in page.tree.iter("a"):
        parts = urlsplit(urljoin(page.address, link.get("href") or ""))
        if parts.scheme in ("http", "https") and parts.netloc not in ours:
            yield link


def is_marked(link: html.HtmlElement) -> bool:
    return outside.SAYS in link.text_content() and bool(link.xpath(".//svg")) and "external" in rel(link)


def is_silent(link: html.HtmlElement) -> bool:
    return {"noreferrer", "noopener"} <= rel(link) and link.get("referrerpolicy") == "no-referrer"


def rel(link: html.HtmlElement) -> set[str]:
    return set((link.get("rel") or "").split())


# S-04


@probe("S-04")
def every_entry_leads_to_a_page(world):
    """Opens a page of each kind, collects everything that its menu and its foot lead to, looks whether a keyboard can reach each
    entry and whether it has words, and follows them all."""
    browser = Browser()
    entries = set()
    for address in KINDS:
        page = browser.get(address)
        found = page.tree.xpath("//header//nav//a | //footer//a")
        world.look(len(found))
        if not page.tree.xpath("//header//nav//details/summary") or not page.tree.xpath("//header//nav//details//a"):
            yield "a page has no menu"
        if not all(is_reachable(link) for link in found):
            yield "an entry of the menu or the foot cannot be reached with a keyboard"
        leaving = set(away(page))
        entries |= {urljoin(page.address, link.get("href")) for link in found if link not in leaving}
    for entry in sorted(entries):
        if entry.startswith("http") and not is_there(world_page(browser, entry)):
            yield "an entry of the menu or the foot leads to no page"


def is_there(page: Page) -> bool:
    """Also one that asks first who you are, and lets you say it."""
    return page.is_fine or (page.status == 401 and bool(page.tree.xpath("//main//form")))


def is_reachable(link: html.HtmlElement) -> bool:
    on_the_way = [link, *link.iterancestors()]
    return (
        bool(link.get("href"))
        and bool(link.text_content().strip())
        and is_seen(link)
        and not any(one.get("tabindex", "0").startswith("-") or one.get("inert") is not None for one in on_the_way)
    )


def world_page(browser: Browser, address: str) -> Page:
    parts = urlsplit(address)
    return browser.get(parts.path + (f"?{parts.query}" if parts.query else ""))


@mutant("S-04", seam="forecourt.pages.placed.path_of", finding="leads to no page")
def a_page_has_moved(path_of):
    return lambda url_path: f"/moved{path_of(url_path)}"


@mutant("S-04", seam="forecourt.web.outside.link", finding="cannot be reached with a keyboard")
def links_for_the_mouse_alone(link):
    return lambda *args, **kwargs: mark_safe(link(*args, **kwargs).replace("<a ", '<a tabindex="-1" ', 1))  # noqa: S308


@mutant("S-04", seam="forecourt.web.menu.groups", finding="a page has no menu")
def the_menu_is_empty(groups):
    return lambda *args, **kwargs: []


# P-4-1


@probe("P-4-1")
def links_away_are_marked_and_tell_nothing(world):
    """Walks through about sixty pages by their links. Each link to another site has to be marked for eyes and for screen readers,
    keep to itself where it was followed, and have an address that could stand for nobody."""
    for page in crawl(world, Browser(), PAGES):
        for link in away(page):
            world.look()
            if not is_marked(link):
                yield "a link to another site is not marked"
            if not is_silent(link) or page.headers.get("Referrer-Policy") not in QUIET:
                yield "a link to another site tells where it was followed"
            if rule.objection(link.get("href")):
                yield "the address of a link could tell who followed it"


@probe("P-4-1")
def the_list_of_links_is_whole(world):
    """Walks through the site in the same way and compares: the page that lists where our links lead has to name every site that
    was found, and every dealer's."""
    found = {
        urlsplit(link.get("href")).netloc.lower() for page in crawl(world, Browser(), PAGES) for link in away(page)
    }
    found |= {urlsplit(address).netloc.lower() for address in Dealer.objects.values_list("policy_url", flat=True)}
    page = world.get(reverse("where_links_lead")).must_be_fine()
    listed = {term.text_content().strip() for term in page.tree.xpath("//main//dt")}
    world.look(len(found))
    if found - listed:
        yield "a link leads to a site that our list does not name"


@mutant("P-4-1", seam="forecourt.web.outside.mark", finding="a link to another site is not marked")
def the_arrow_is_gone(mark):
    return lambda: mark_safe("")


@mutant("P-4-1", seam="forecourt.web.outside.REL", finding="tells where it was followed")
def links_speak(rel):
    return "external"


@mutant("P-4-1", seam="forecourt.web.outside.link", finding="could tell who followed it")
def links_carry_a_number(link):
    return numbered(link)


@mutant("P-4-1", seam="forecourt.pages.outbound.dealers", finding="a site that our list does not name")
def dealers_are_forgotten(dealers):
    return lambda: iter(())


def numbered(link):
    """A link away gets the visitor's number, as some analytics do it."""

    def link_with_number(address, *args, **kwargs):
        made = link(address, *args, **kwargs)
        return mark_safe(made.replace(f'href="{address}"', f'href="{address}?visitor=8a41"'))  # noqa: S308

    return lambda address, *args, **kwargs: (
        link_with_number(address, *args, **kwargs) if outside.leads_away(address) else link(address, *args, **kwargs)
    )


# S-34


@probe("S-34")
def the_international_site_hears_nothing(world):
    """Looks at a page of each kind for the link to the brand's site for other countries: it has to be there, to say that it leads
    elsewhere, to be the bare address, and to keep to itself where it was followed."""
    ours = brand().international["address"]
    for address in KINDS:
        links = [link for link in away(world.get(address)) if link.get("href").startswith(ours)]
        if not any(is_seen(link) for link in links):
            yield "the link to the international site is missing"
        if not all(is_marked(link) for link in links):
            yield "the link to the international site does not say that it leads elsewhere"
        if any(link.get("href") != ours or rule.objection(ours) or not is_silent(link) for link in links):
            yield "the link to the international site takes something along"


@mutant("S-34", seam="forecourt.web.outside.mark", finding="does not say that it leads elsewhere")
def it_looks_like_home(mark):
    return lambda: mark_safe("")


@mutant("S-34", seam="forecourt.web.outside.link", finding="takes something along")
def the_visitor_is_announced(link):
    return numbered(link)


@mutant("S-34", seam="forecourt.web.menu.all_links", finding="is missing")
def the_world_ends_at_the_border(all_links):
    return lambda **kwargs: (
        (group, link) for group, link in all_links(**kwargs) if link.href != brand().international["address"]
    )


# S-35


@probe("S-35")
def networks_are_plain_links(world):
    """Looks at a page of each kind: every network of the brand has to be linked at its foot, as a marked link with words and one
    of our own drawings in it, and the page may load nothing from any other company."""
    for address in KINDS:
        page = world.get(address)
        links = {link.get("href"): link for link in away(page) if link.xpath("ancestor::footer") and is_seen(link)}
        for network in brand().social:
            link = links.get(network["address"])
            if link is None:
                yield "a social network is not linked"
            elif not is_plain(link):
                yield "the link to a social network is more than a plain link"
        if page.foreign_hosts():
            yield "a page loads something from another company"


def is_plain(link: html.HtmlElement) -> bool:
    """Words and our own drawings; no script listens on it, and nothing in it comes from elsewhere."""
    parts = {one.tag for one in link.iterdescendants() if isinstance(one.tag, str)}
    listens = any(name.startswith(("on", "data-")) or name == "ping" for name in link.keys())  # noqa: SIM118 lxml's
    return not listens and not parts & {"img", "iframe", "script", "object"} and is_marked(link) and is_silent(link)


@mutant("S-35", seam="forecourt.web.outside.link", finding="a page loads something from another company")
def a_network_counts_its_readers(link):
    def link_with_picture(address, *args, **kwargs):
        made = link(address, *args, **kwargs)
        counted = f'{made}<img src="{address}/count.gif" alt="">' if outside.leads_away(address) else made
        return mark_safe(counted)  # noqa: S308

    return link_with_picture


@mutant("S-35", seam="forecourt.web.outside.link", finding="is more than a plain link")
def a_network_hears_of_each_click(link):
    return lambda *args, **kwargs: mark_safe(  # noqa: S308
        link(*args, **kwargs).replace("<a ", '<a ping="https://chirrup.example/ping" ', 1)
    )


@mutant("S-35", seam="forecourt.web.menu.all_links", finding="a social network is not linked")
def networks_are_left_out(all_links):
    return lambda **kwargs: ((group, link) for group, link in all_links(**kwargs) if group != "social")
