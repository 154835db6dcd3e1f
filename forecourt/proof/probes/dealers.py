"""The sentences about finding a dealer."""

import re
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from urllib.parse import urlencode

from forecourt.dealers import mine, places
from forecourt.dealers.locator import Page as Part
from forecourt.dealers.models import Dealer
from forecourt.dealers.network import network
from forecourt.proof.browser import Browser
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import ZIP

ZIPS = (ZIP, "99501")
DEALER = re.compile(r"/dealers/([-a-z0-9_]+)/")
# A mile of rounding at the far end of the list.
CLOSE = 1.0
PAGES = 100
BOX_HOLDS = 80
# How many dealers' pages one look opens; each day others.
SAMPLE = 24


def found_on(page) -> list[str]:
    """The dealers that a list shows, in order."""
    slugs = [match[1] for href, _ in page.links() if (match := DEALER.search(href))]
    return list(dict.fromkeys(slugs))


def miles_apart(dealer: Dealer, place) -> float:
    """By the haversine formula, which the finder does not use."""
    north, south = radians(dealer.latitude), radians(place.latitude)
    half = (
        sin((north - south) / 2) ** 2
        + cos(north) * cos(south) * sin(radians(dealer.longitude - place.longitude) / 2) ** 2
    )
    return 2 * 3958.7613 * asin(sqrt(half))


# S-02


@probe("S-02")
def a_zip_code_is_enough(visitor):
    """Looks for a dealer by ZIP code without JavaScript and without cookies, reads every script of those pages and what they let a
    script ask for, picks a dealer for one booking, then makes one "my dealer" and forgets it, and looks what was remembered."""
    pages = [
        visitor.sees(f"/dealers/?{urlencode({'place': ZIP})}"),
        visitor.sees(f"/test-drive/?{urlencode({'zip': ZIP})}"),
    ]
    slug = next(iter(found_on(pages[0])), "")
    if not slug:
        yield "a ZIP code finds no dealer"
        return
    pages.append(visitor.sees(pages[1].link("dealer=") or "/test-drive/"))
    for page in pages:
        scripts = [visitor.browser.get(address).body for address in page.tree.xpath("//script/@src")]
        visitor.world.look(len(scripts))
        if any(b"geolocation" in code for code in (page.body, *scripts)):
            yield "a page asks the device where it is"
        if "geolocation=()" not in page.headers.get("Permissions-Policy", ""):
            yield "a page may ask the device where it is"
    cleared = visitor.sees(pages[-1].link("another dealer") or "/test-drive/")
    if cleared.has_form(having="contact") or not cleared.has_form(having="zip"):
        yield "the dealer that was picked cannot be cleared"
    if visitor.sees("/test-drive/").has_form(having="contact") or visitor.browser.offered_cookies:
        yield "the dealer that was picked is remembered without a press"
    yield from keeps_my_dealer(visitor, slug)


def keeps_my_dealer(visitor, slug: str):
    """In a browser that keeps cookies: only the button sets one, and only forgetting takes it away."""
    browser = Browser(keeps_cookies=True)
    page = browser.get(f"/dealers/{slug}/").must_be_fine()
    if browser.offered_cookies:
        yield "the dealer that was picked is remembered without a press"
    mine = page.form("/choice/").send(browser)
    kept = browser.get("/dealers/")
    if not mine.is_fine or not kept.has_form("/choice/removal/") or not kept.link(f"/dealers/{slug}/"):
        yield "the dealer that was made mine is not kept"
        return
    forgotten = kept.form("/choice/removal/").send(browser)
    visitor.world.look(4)
    if not forgotten.is_fine or browser.jar or browser.get("/dealers/").has_form("/choice/removal/"):
        yield "the dealer that was made mine is not forgotten"


@mutant("S-02", seam="forecourt.dealers.mine.clear", finding="the dealer that was made mine is not forgotten")
def my_dealer_stays(clear):
    return lambda request, response: None


@mutant("S-02", seam="forecourt.dealers.views.render", finding="remembered without a press")
def to_look_is_to_choose(render):
    def render_and_choose(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        if found := network().find(request.path.split("/")[2]):
            mine.choose(request, response, found)
        return response

    return render_and_choose


@mutant("S-02", seam="forecourt.dealers.views.render", finding="a page asks the device where it is")
def the_device_is_asked_where_it_is(render):
    def render_and_ask(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        asking = b"<script>navigator.geolocation.getCurrentPosition(show)</script></main>"
        response.content = response.content.replace(b"</main>", asking)
        return response

    return render_and_ask


@mutant("S-02", seam="forecourt.dealers.places.find", finding="a ZIP code finds no dealer")
def only_cities_are_known(find):
    return lambda typed: None if typed.strip().isdigit() else find(typed)


# S-03


@probe("S-03")
def each_dealer_comes_once_and_nearest_first(world):
    """From two corners of the country, presses *show more* until the end, from one of them twice: all dealers have to come, each once, nearest
    first by a distance of our own reckoning, and the second time as the first."""
    dealers = {dealer.slug: dealer for dealer in Dealer.objects.filter(active=True)}
    answers: dict[str, list[str]] = {}
    for code in ZIPS:
        place = places.find(code)
        if place is None:
            raise CouldNotRun(f"the ZIP code {code} is unknown")
        listed = answers[code] = list(shown_more(world, code))
        world.look(len(listed))
        if len(listed) > len(set(listed)):
            yield "a dealer came twice"
        if set(listed) != set(dealers):
            yield "a dealer did not come, or one came that is not ours"
        distances = [miles_apart(dealers[slug], place) for slug in listed if slug in dealers]
        if any(later < earlier - CLOSE for earlier, later in pairwise(distances)):
            yield "a nearer dealer came after a farther one"
    if list(shown_more(world, ZIPS[0])) != answers[ZIPS[0]]:
        yield "the same question got another answer"


def shown_more(world, code: str):
    page = world.get(f"/dealers/?{urlencode({'place': code})}").must_be_fine()
    for _ in range(PAGES):
        yield from found_on(page)
        more = page.link("Show more dealers")
        if not more:
            return
        page = world.get(more).must_be_fine()
    raise CouldNotRun("the list of dealers does not end")


@mutant("S-03", seam="forecourt.dealers.locator.Network.near", finding="a nearer dealer came after a farther one")
def dealers_come_as_it_falls(near):
    def backwards(self, place, *args, **kwargs):
        part = near(self, place, *args, **kwargs)
        return Part(tuple(reversed(part.found)), part.first, part.total, part.after)

    return backwards


@mutant("S-03", seam="forecourt.dealers.locator.position", finding="a dealer came twice")
def the_next_page_starts_too_early(position):
    return lambda dealers, order, after: max(0, position(dealers, order, after) - 1)


@mutant("S-03", seam="forecourt.dealers.locator.page", finding="a dealer did not come")
def the_last_page_is_missing(page):
    def shorter(found, start, total):
        part = page(found, start, total)
        return Part(part.found, part.first, part.total, part.after if start + 2 * len(found) < total else "")

    return shorter


# S-16


@probe("S-16")
def a_dealer_is_found_by_name_and_by_service(world):
    """Looks for a few dealers by their names, and for each service near one place: what is shown has to bear the name, and to offer
    the service."""
    dealers = list(Dealer.objects.filter(active=True).order_by("slug"))
    for dealer in dealers[:: max(1, len(dealers) // 6)]:
        page = world.get(f"/dealers/?{urlencode({'place': name_as_typed(dealer)})}")
        if dealer.slug not in found_on(page.must_be_fine()):
            yield "a dealer was not found by its name"
    for service in sorted({service for dealer in dealers for service in dealer.services}):
        page = world.get(f"/dealers/?{urlencode({'place': ZIP, 'service': service})}").must_be_fine()
        shown = set(found_on(page))
        offering = {dealer.slug for dealer in dealers if service in dealer.services}
        if not shown:
            yield "no dealer was found for a service that some offer"
        if shown - offering:
            yield "a dealer was shown for a service that it does not offer"


def name_as_typed(dealer: Dealer) -> str:
    """Name and city; of a name longer than the box, the whole words that go in."""
    typed = f"{dealer.name} {dealer.city}"
    return typed if len(typed) <= BOX_HOLDS else typed[:BOX_HOLDS].rpartition(" ")[0]


@probe("S-16")
def each_dealers_page_links_to_its_own_policy(world):
    """Opens the pages of two dozen dealers, each day others, and looks for a visible link to that very dealer's privacy policy."""
    dealers = Dealer.objects.filter(active=True).order_by("slug").values_list("slug", "policy_url")
    step = max(1, len(dealers) // SAMPLE)
    for slug, policy_url in dealers[world.now.toordinal() % step :: step]:
        page = world.get(f"/dealers/{slug}/")
        if not page.is_fine:
            yield "a dealer has no page"
        elif policy_url not in {href for href, _ in page.links()}:
            yield "a dealer's page does not link to that dealer's policy"


@mutant("S-16", seam="forecourt.dealers.locator.Network.named", finding="a dealer was not found by its name")
def names_are_not_looked_for(named):
    return lambda self, words, *args, **kwargs: named(self, "", *args, **kwargs)


@mutant("S-16", seam="forecourt.dealers.locator.Network._with", finding="a service that it does not offer")
def services_are_overlooked(with_services):
    return lambda self, services: with_services(self, frozenset())


@mutant("S-16", seam="forecourt.dealers.views.render", finding="does not link to that dealer's policy")
def every_dealer_links_to_ours(render):
    def render_ours(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = re.sub(rb'href="https://[^"]*/privacy"', b'href="/privacy/"', response.content)
        return response

    return render_ours
