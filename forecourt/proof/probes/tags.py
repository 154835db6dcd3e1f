"""The sentences about other people's tags, our own beacons, and pages that fit whoever asked for that."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

from forecourt.adapters import origins
from forecourt.consent import switches
from forecourt.consent.choices import Answer, parse
from forecourt.messaging import beacons as in_emails
from forecourt.people import browsers
from forecourt.policy.decide import Allowed
from forecourt.policy.policy import Switch, Use
from forecourt.policy.sales import SIGNALLED
from forecourt.proof.browser import Browser, Page
from forecourt.proof.probes.choices import AGE, Chooser
from forecourt.proof.probes.site import ids_on
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.sharing.models import Share
from forecourt.traffic import places
from forecourt.traffic.models import View
from forecourt.traffic.tags import tag_uses
from forecourt.vehicles import catalogue

BEACONS = ("page-beacon", "email-beacon")
LISTED = {"id", "kind", "at", "network", "browser", "came_from"}
TOLD = {"page", "model", "as", "gpp", "gpp_sid"}
# A host by which a check knows its own views again, and takes them away.
HERE = "check.invalid"
COUNTED = "/beacon/page.gif?page=models&from=" + HERE
ALL_YES = ".".join(f"{switch}-yes" for switch in Switch)
ALL_NO = ".".join(f"{switch}-no" for switch in Switch)
FROM_AN_AD = "?utm_source=murmur&utm_medium=display&click=1"


def pages() -> tuple[str, ...]:
    """One of each kind that anybody can open."""
    cars = catalogue.bookable()
    if not cars:
        raise CouldNotRun("there is no car to look at")
    return (
        "/",
        "/models/",
        cars[0].get_absolute_url(),
        "/dealers/",
        "/test-drive/",
        "/contact/",
        "/privacy/",
        "/privacy/choices/",
    )


def somebody(choices: str = "", *, gpc: bool = False, age: str = "", **cookies: str) -> Browser:
    """A browser that chose this some time ago. It keeps what it is given, so that each page of a visit is a page of one visit."""
    browser = Browser(gpc=gpc, keeps_cookies=True)
    # A yes to sale or ads counts with a number alone, so that a no of this one tells something.
    number = "of-a-check" if parse(choices).said_yes & SIGNALLED else ""
    for name, value in {"choices": choices, AGE: age, browsers.COOKIE: number, **cookies}.items():
        if value:
            browser.holds(name, value)
    return browser


def strangers(page: Page) -> set[str]:
    """The hosts that the page's own rules let in beside ours."""
    allowed = page.headers.get("Content-Security-Policy", "")
    return {urlsplit(word).netloc for word in re.split(r"[\s;]+", allowed) if word.startswith(("http:", "https:"))}


def declared_hosts(uses: Iterable[Use]) -> set[str]:
    return {urlsplit(origins.address(use.src)).netloc for use in uses}


# P-10D-1


REFUSED = 403
NOES: dict[str, dict[str, Any]] = {
    "somebody who chose nothing": {},
    "a browser that sends the signal, in spite of an older yes": {"choices": ALL_YES, "gpc": True},
    "somebody who refused": {"choices": ALL_NO},
    "somebody who allowed all but targeted advertising": {"choices": ALL_YES.replace("ads-yes", "ads-no")},
    "a child of under 13, in spite of a yes": {"choices": ALL_YES, "age": "under-13"},
    "somebody of 13 to 15 who chose nothing": {"age": "13-15"},
}


@probe("P-10D-1")
def no_tag_stands_in_a_page_after_a_no(world) -> Iterator[str]:
    """Opens a page of each kind as somebody who chose nothing, with the signal, having refused, as a child with a yes and as a
    teenager without one: no page may hold anything of a partner's, nor may the rules that it gives the browser let one in."""
    for who, how in NOES.items():
        browser = somebody(**how)
        for address in pages():
            page = browser.get(address)
            if (
                page.status != REFUSED or how.get("age") != "under-13"
            ):  # a page that takes something in is shut to a child
                page.must_be_fine()
            world.look()
            if page.foreign_hosts() or declared_hosts(tag_uses(world.policy)) & hosts_in(page):
                yield f"a page holds a partner's tag for {who}"
            if strangers(page):
                yield f"the rules of a page let in a partner for {who}"


def hosts_in(page: Page) -> set[str]:
    return set(re.findall(r"https?://([^/\s\"'<>]+)/(?:tag\.js|p\.gif)", page.body.decode("utf-8", "replace")))


@probe("P-10D-1")
def with_a_yes_exactly_the_declared_tags_stand_there(world) -> Iterator[str]:
    """Says yes to everything by the buttons of the choices page, and reads the pages: the tags that the policy names and no others,
    and rules that let in exactly those. Their addresses may tell the kind of page, the car, a pseudonym and the choice, nothing
    else. Where there is a form, a place or somebody's own link, no tag may stand. Then says no, and looks again."""
    visitor = Chooser(world)
    visitor.says_yes("all")
    declared, seen = declared_hosts(tag_uses(world.policy)), set()
    for address in pages():
        page = visitor.browser.get(address).must_be_fine()
        world.look()
        seen |= page.foreign_hosts()
        if page.foreign_hosts() - declared:
            yield "a page holds a tag that the policy does not name"
        if strangers(page) != page.foreign_hosts():
            yield "the rules of a page let in other hosts than those of its tags"
        if page.foreign_hosts() and asks_for_something(page):
            yield "a tag stands on a page where somebody types"
        if page.foreign_hosts() and "no-store" not in page.headers.get("Cache-Control", ""):
            yield "a cache may keep a page with a tag for somebody else"
        for address in tags_of(page):
            if set(parse_qs(urlsplit(address).query)) - TOLD:
                yield "a tag's address tells more than the page, the car, a pseudonym and the choice"
    if declared - seen:
        raise CouldNotRun("after a yes no tag was there, so a no would show nothing")
    for address in (
        "/dealers/?place=27284",
        "/models/?to=somebody",
        "/m/no-such-link/",
        "/test-drive/no-such-booking/",
    ):
        world.look()
        if visitor.browser.get(address).foreign_hosts():
            yield "a tag stands where an address may tell of somebody"
    visitor.presses("all", "no")
    for address in pages():
        world.look()
        page = visitor.browser.get(address)
        if page.foreign_hosts() or strangers(page):
            yield "a tag is still there after the no"


def tags_of(page: Page) -> list[str]:
    ours = urlsplit(page.address).netloc
    return [src for src in page.tree.xpath("//script/@src | //img/@src") if urlsplit(src).netloc not in ("", ours)]


def asks_for_something(page: Page) -> bool:
    return any(form.method == "post" and form.asked for form in page.forms())


@probe("P-10D-1")
def our_machines_tell_a_partner_nothing_without_a_yes(world) -> Iterator[str]:
    """Books a drive with the signal, and another having refused: neither an event nor a place in an audience may be waiting for a
    partner."""
    for visitor in (world.visitor(gpc=True), world.visitor()):
        if not visitor.browser.signals:
            visitor.browser.keeps_cookies = True
            visitor.browser.holds("choices", ALL_NO)
        visitor.books_a_test_drive(by="email")
        world.look()
        if Share.objects.filter(contact__in=visitor.contacts(), kind__in=Share.NEEDS_YES).exists():
            yield "our machines have word of somebody for a partner without a yes"


@mutant("P-10D-1", seam="forecourt.edge.csp.directives", finding="the rules of a page let in a partner for")
def the_rules_let_partners_in_for_everybody(directives):
    def widened(hosts):
        return directives(hosts | {origins.origin("tags.murmur.example")})

    return widened


@mutant(
    "P-10D-1", seam="forecourt.traffic.places.place_of", finding="a tag stands where an address may tell of somebody"
)
def every_page_may_have_tags(place_of):
    return lambda request: replace(place_of(request) or places.HOME, may_have_tags=True)


@mutant("P-10D-1", seam="forecourt.traffic.tags.make", finding="a tag's address tells more than")
def the_tag_takes_more_along(make):
    def made(use, place, token, said):
        tag = make(use, place, token, said)
        return replace(tag, script=f"{tag.script}&zip=27284")

    return made


@mutant("P-10D-1", seam="forecourt.sharing.events.about", finding="our machines have word of somebody")
def events_ask_nobody(about):
    return lambda contact, use, code, now, age=None: Allowed(use, "")


# P-10C-1


@probe("P-10C-1")
def pages_are_counted_after_a_yes_alone(world) -> Iterator[str]:
    """Opens pages having chosen nothing, having refused, and with a yes to all but counting: none may hold a beacon, and asking for
    its picture all the same must leave nothing behind. Then with the yes: it has to note the listed fields and no more, with the
    address cut short."""
    for choices in ("", ALL_NO, ALL_YES.replace("analytics-yes", "analytics-no")):
        browser = somebody(choices)
        for address in pages():
            world.look()
            if beacons_of(browser.get(address).must_be_fine()):
                yield "a page holds a beacon without a yes"
        if browser.get(COUNTED).status != 204 or View.objects.filter(came_from=HERE).exists():
            yield "a view was counted without a yes"
            View.objects.filter(came_from=HERE).delete()
    counting = somebody("analytics-yes")
    if not beacons_of(counting.get("/models/")):
        raise CouldNotRun("after a yes no page held a beacon, so a no would show nothing")
    counting.get(COUNTED)
    noted = list(View.objects.filter(came_from=HERE))
    View.objects.filter(came_from=HERE).delete()
    world.look(len(noted))
    if {field.name for field in View._meta.get_fields()} != LISTED:
        yield "a view holds more than the listed fields"
    if not all(is_cut(view.network) for view in noted):
        yield "a view holds a whole internet address"
    if not noted:
        yield "a view was not counted after a yes"


def is_cut(network: str) -> bool:
    return not network or network.endswith(("/24", "/48"))


def beacons_of(page: Page) -> list[str]:
    return [src for src in page.tree.xpath("//img/@src") if "/beacon/" in src]


@probe("P-10C-1")
def emails_are_counted_after_their_addresss_yes_alone(visitor) -> Iterator[str]:
    """Books by email and reads what comes: no beacon, until this very address has said yes to counting. Then opens the next one,
    and again after a no: that may not count."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    letters = visitor.emails()
    if not letters:
        raise CouldNotRun("no email came")
    if any(beacons_in(letter) for letter in letters):
        yield "an email holds a beacon without its address's yes"
    contact = visitor.contact("email")
    switches.say([contact.pk], Switch.ANALYTICS, Answer.YES, "page", visitor.moment)
    visitor.waits(booked.reminder_due)
    found = [address for letter in visitor.emails()[len(letters) :] for address in beacons_in(letter)]
    if not found:
        raise CouldNotRun("after a yes no email held a beacon, so a no would show nothing")
    switches.say([contact.pk], Switch.ANALYTICS, Answer.NO, "page", visitor.moment)
    visitor.world.look()
    if visitor.browser.get(urlsplit(found[0]).path).status != 204:
        yield "an email was counted as opened after a no"


def beacons_in(letter) -> list[str]:
    """Every picture in it that nobody would see."""
    part = letter.get_body(("html",))
    return re.findall(r'<img[^>]+src="([^"]+)"[^>]*width="1"', part.get_content()) if part else []


@mutant("P-10C-1", seam="forecourt.traffic.beacons.may_count", finding="a page holds a beacon without a yes")
def every_page_is_counted(may_count):
    return lambda request: True


@mutant(
    "P-10C-1", seam="forecourt.messaging.beacons.may_count", finding="an email holds a beacon without its address's yes"
)
def every_email_is_counted(may_count):
    return lambda message, now: Allowed(in_emails.USE, "")


@mutant("P-10C-1", seam="forecourt.traffic.notes.cut", finding="a view holds a whole internet address")
def addresses_are_kept_whole(cut):
    return lambda address: address


@mutant("P-10C-1", seam="forecourt.messaging.beacons.find", finding="an email was counted as opened after a no")
def a_no_after_an_email_left_comes_too_late(find):
    """As if the choice had been kept with the picture."""

    def find_allowed(token):
        message = find(token)
        if message:
            switches.say([message.contact_id], Switch.ANALYTICS, Answer.YES, "page", message.queued_at)
        return message

    return find_allowed


# P-10C-2


@probe("P-10C-2")
def the_list_of_beacons_is_whole(visitor) -> Iterator[str]:
    """Says yes to counting, opens a page of each kind and reads the emails of a booking: every picture that nobody could see has to
    be a beacon or a tag that the policy lists, and each beacon of the list has to be found."""
    world, found = visitor.world, set()
    browser = somebody(ALL_YES)
    named = {*BEACONS, *(use.id for use in tag_uses(world.policy))}
    for address in pages():
        page = browser.get(address).must_be_fine()
        world.look()
        for image in unseen_pictures(page):
            use = image.get("data-use", "")
            if use not in named:
                yield "a page holds a tiny picture that the policy does not list"
            found.add(use)
    booked = visitor.books_a_test_drive(by="email")
    switches.say([visitor.contact("email").pk], Switch.ANALYTICS, Answer.YES, "page", visitor.moment)
    visitor.lets_messages_leave()
    visitor.waits(booked.reminder_due)
    for letter in visitor.emails():
        for address in beacons_in(letter):
            if not urlsplit(address).path.startswith("/beacon/email/"):
                yield "an email holds a tiny picture that the policy does not list"
            found.add(in_emails.USE)
    listed = ids_on(world.get(reverse("proof:policy")).must_be_fine(), "use-")
    for use in BEACONS:
        if f"use-{use}" not in listed or use not in world.policy.uses:
            yield "the page does not list a beacon"
        if use not in found:
            yield "a beacon that the policy lists was nowhere to be found"


def unseen_pictures(page: Page) -> list:
    return [
        image
        for image in page.tree.iter("img")
        if image.get("width") in ("0", "1") or image.get("height") in ("0", "1")
    ]


@probe("P-10C-2")
def whoever_comes_through_an_ad_is_counted_no_more(world) -> Iterator[str]:
    """Opens pages by the kind of address that ads have, having chosen nothing and having refused: no beacon and no tag may be there."""
    for choices in ("", ALL_NO):
        browser = somebody(choices)
        for address in pages():
            page = browser.get(address + FROM_AN_AD)
            world.look()
            if unseen_pictures(page) or page.foreign_hosts():
                yield "somebody who came through an ad is counted without a yes"


@mutant(
    "P-10C-2",
    seam="forecourt.vehicles.views.render",
    finding="a page holds a tiny picture that the policy does not list",
)
def one_more_beacon_in_a_page(render):
    def render_with_one_more(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        picture = b'<img src="/beacon/other.gif" alt="" width="1" height="1"></main>'
        response.content = response.content.replace(b"</main>", picture)
        return response

    return render_with_one_more


@mutant(
    "P-10C-2",
    seam="forecourt.messaging.beacons.placed",
    finding="an email holds a tiny picture that the policy does not list",
)
def one_more_beacon_in_an_email(placed):
    picture = '<img src="https://counter.example/1.gif" alt="" width="1" height="1"></body>'
    return lambda html, message, now: placed(html, message, now).replace("</body>", picture)


@mutant("P-10C-2", seam="forecourt.traffic.beacons.may_count", finding="somebody who came through an ad is counted")
def ads_are_measured(may_count):
    return lambda request: may_count(request) or "utm_source" in request.GET


# P-10A-4


FITTING = ("/", "/models/")
BECAUSE = "Because you looked at the"


@probe("P-10A-4")
def a_page_fits_whoever_allowed_it_and_nobody_else(world) -> Iterator[str]:
    """Looks at a car, and then at the pages that begin with it: with the yes they have to say why, and offer a way to switch it off.
    Without it they have to be the page that everybody gets, to the byte, and the car's name has to leave the browser."""
    car = catalogue.bookable()[0] if catalogue.bookable() else None
    if car is None:
        raise CouldNotRun("there is no car to look at")
    looked = f"{car.slug}.{world.now.date()}"
    for choices in ("", ALL_NO):
        stays = somebody(choices)
        stays.get(car.get_absolute_url())
        if "recent" in stays.jar:
            yield "a car was remembered without a yes"
        for address in FITTING:
            everybody = somebody(choices).get(address).must_be_fine()
            refusing = somebody(choices, recent=looked)
            world.look()
            if refusing.get(address).body != everybody.body:
                yield "a page fits somebody who did not allow it"
            if "recent" in refusing.jar:
                yield "the car's name stays in the browser after a no"
    fits = somebody("personal-yes")
    fits.get(car.get_absolute_url())
    for address in FITTING:
        page = fits.get(address).must_be_fine()
        world.look()
        if f"{BECAUSE} {car.name}" not in page.text or not page.link("/privacy/choices/"):
            yield "a page does not say why it begins with a car"


@mutant("P-10A-4", seam="forecourt.traffic.personal.may_tailor", finding="a page fits somebody who did not allow it")
def pages_fit_everybody(may_tailor):
    return lambda request: True


@mutant(
    "P-10A-4", seam="forecourt.edge.after_a_no.cookies_gone", finding="the car's name stays in the browser after a no"
)
def what_a_yes_brought_stays(cookies_gone):
    return lambda get_response: get_response


@mutant("P-10A-4", seam="forecourt.vehicles.views.render", finding="a page does not say why it begins with a car")
def the_reason_is_left_out(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = response.content.replace(BECAUSE.encode(), b"Yours: the")
        return response

    return render_without
