"""Every page: read by axe at two sizes, by day and by night; its HTML; what a first visit costs; how it holds large text.

The list is made from the addresses themselves: an address that is neither shown here nor said to have no page fails.
"""

import io
import re
import secrets
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.addresses import ALSO_PUBLIC, MEMBERS, NO_PAGE, PUBLIC, SIGNED_OUT, STAFF
from tests.browser.reading import faults, mistakes, sticking_out
from tests.browser.test_account import makes_an_account
from tests.browser.visitor import Visitor


def addresses(patterns: list, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if here.startswith("staff/cms/"):
            continue  # the library's own
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, here)
        else:
            yield here


def test_every_address_is_looked_at_here_or_has_no_page():
    from django.urls import get_resolver

    known = PUBLIC.keys() | SIGNED_OUT.keys() | MEMBERS.keys() | STAFF.keys() | NO_PAGE.keys()
    assert set(addresses(get_resolver().url_patterns)) == known


@pytest.fixture(scope="module")
def somebody(site, playwright, chromium) -> dict[str, str]:
    """One drive booked with texts and one by email, and where their pages are."""
    visitor = Visitor.arrives(site, playwright, chromium, Visitor.usual())
    longest = max(site.dealers, key=lambda dealer: len(dealer[1]))[0]
    visitor.chooses_a_dealer()
    visitor.fills_in("984-555-0199", texts=True)
    visitor.books()
    visitor.goes_to("/demo/phone/?number=984-555-0199")
    visitor.waits_for("is booked for")
    visitor.chooses_a_dealer()
    mailbox = f"ada.{secrets.token_hex(4)}@post.example"
    visitor.fills_in(mailbox)
    drive = visitor.books()
    page = visitor.goes_to("/demo/mailbox/")
    visitor.waits_for(mailbox)
    page.get_by_role("article").filter(has_text=mailbox).get_by_role("link").click()
    letter = visitor.path
    page.locator("main a[href*='/m/']").click()
    message = visitor.path
    visitor.goes_to("/stock/")
    stocked = str(page.locator("[data-car]").first.get_attribute("data-car"))
    sent = claims_and_asks(visitor, mailbox)
    visitor.asked_for_cookies = True
    visitor.goes_to("/build/siskin/?b=gorse")
    page.get_by_role("button", name="Save this car").click()
    page.get_by_role("link", name="Your saved cars").first.click()
    page.locator("summary", has_text="Share it").click()
    page.get_by_role("button", name="Make a link").click()
    shared = re.search(r"/build/shared/[\w-]+/", page.content())
    assert shared is not None
    visitor.leave()
    return {
        "stocked": stocked, "longest": longest, "drive": drive, "letter": letter, "message": message, "phone": "984-555-0199", "car": "pipit",
        "shared": shared[0], **sent,
    }  # fmt: skip


def claims_and_asks(visitor: Visitor, mailbox: str) -> dict[str, str]:
    """A claim with a photo, and a request for credit."""
    photo = io.BytesIO()
    Image.new("RGB", (640, 400), "#ddeecc").save(photo, "JPEG")
    page = visitor.goes_to("/programs/mobility/form/")
    page.get_by_label("Hand controls").check()
    page.get_by_label("What did it cost").fill("640")
    page.get_by_label("Your document").set_input_files(
        {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    page.get_by_label("Where should the check go").fill("9 Teasel Row, Duluth, MN 55802")
    page.get_by_label("Your name").fill("Ada Brightwater")
    page.get_by_label("Email or mobile number").fill(mailbox)
    page.get_by_role("button", name="Send it").click()
    own_claim, number = visitor.path, page.locator(".reference").inner_text()
    page = visitor.goes_to("/programs/financial-services/form/")
    page.get_by_label("Pipit").check()
    page.get_by_label("How much").fill("18000")
    page.get_by_label("48 months").check()
    page.get_by_label("Your name").fill("Ada Brightwater")
    page.get_by_label("Email or mobile number").fill(mailbox)
    page.get_by_role("button", name="Send it to Tern Credit").click()
    own_request = visitor.path
    page = visitor.goes_to("/contact/")
    page.get_by_label("A car of ours").check()
    page.get_by_label("Your message").fill("Does the Pipit come in green?")
    page.get_by_role("button", name="Send it").click()
    return {
        "own_message": visitor.path,
        "own_claim": own_claim,
        "own_request": own_request,
        "claim": f"/staff/claims/{number}/",
    }


@pytest.fixture(scope="module")
def desk(site, playwright, chromium, somebody) -> Iterator[Visitor]:
    """A clerk, signed in, with a case about somebody."""
    clerk = Visitor.arrives(site, playwright, chromium, Visitor.usual())
    clerk.signs_in()
    page = clerk.page
    page.get_by_role("searchbox").fill(somebody["phone"])
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name="Open a case and look").click()
    case = parse_qs(urlsplit(page.url).query)["case"][0]
    somebody |= {"contact": f"{clerk.path}?case={case}", "case": f"/staff/case/{case}/"}
    clerk.goes_to("/staff/stop/")
    page.get_by_label("Email address or phone number").fill("nobody.at.all@post.example")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Stop everything now").click()
    somebody["stopped"] = clerk.path
    page = clerk.goes_to("/staff/cases/new/")
    page.get_by_label("Call", exact=True).check()
    page.get_by_label("What they wrote or said").fill("How long is the warranty?")
    page.get_by_role("button", name="Open a case").click()
    somebody["inquiry"] = clerk.path
    yield clerk
    clerk.leave()


@pytest.fixture(scope="module")
def member(site, playwright, chromium) -> Iterator[Visitor]:
    """Somebody who made an account, and looks at it."""
    visitor = Visitor.arrives(site, playwright, chromium, Visitor.usual())
    makes_an_account(visitor, f"ada.{secrets.token_hex(4)}@post.example")
    yield visitor
    visitor.leave()


def look(visitor: Visitor, path: str) -> None:
    answer = visitor.page.goto(path)
    assert answer is not None
    assert answer.status < 500, f"{path} answered {answer.status}"
    found = mistakes(answer.text()) + faults(visitor.page)
    assert not found, "\n".join([path, *found])
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390, sticking_out(visitor.page)


@pytest.mark.parametrize("path", [*PUBLIC.values(), *ALSO_PUBLIC, *SIGNED_OUT.values()])
def test_a_public_page_can_be_read_by_everybody(guest, somebody, path):
    guest.is_staff = path.startswith("/staff/")
    look(guest, path.format(**somebody))


@pytest.mark.parametrize("path", MEMBERS.values())
def test_a_page_of_an_account_can_be_read_by_everybody(member, path):
    look(member, path)


@pytest.mark.parametrize("path", STAFF.values())
def test_a_staff_page_can_be_read_by_everybody(desk, somebody, path):
    look(desk, path.format(**somebody))


@pytest.mark.parametrize("path", [path for path in PUBLIC.values() if not path.startswith("/demo/")])
def test_text_at_twice_its_size_fits_a_phone_without_sideways_scrolling(guest, somebody, path):
    page = guest.goes_to(path.format(**somebody))
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, sticking_out(page)


def test_a_first_visit_to_a_model_page_costs_under_60_kilobytes(guest):
    session = guest.context.new_cdp_session(guest.page)
    session.send("Network.enable")
    sizes: dict[str, float] = {}
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))

    guest.page.goto("/models/pipit/", wait_until="networkidle")

    print(f"\nThe Pipit's page: {sum(sizes.values()) / 1000:.1f} KB in {len(sizes)} requests")
    assert 0 < sum(sizes.values()) < 60_000


def test_no_public_page_sets_a_cookie_or_calls_anybody_else(guest, somebody):
    for path in (*PUBLIC.values(), *ALSO_PUBLIC):
        guest.goes_to(path.format(**somebody))
        assert guest.kept() == {}, path

    assert guest.cookies_offered() == []
    assert guest.foreign_requests() == set()


def test_a_browser_that_refuses_cookies_was_never_offered_one(arrive, somebody):
    refuser = arrive(Visitor.refusing())
    for path in PUBLIC.values():
        refuser.goes_to(path.format(**somebody))

    assert refuser.cookies_offered() == []


def test_the_policy_says_which_signal_this_browser_sends(visitor):
    visitor.goes_to("/privacy/")

    assert ("It sends Global Privacy Control" in visitor.words) == visitor.way.gpc


def test_a_sentence_opens_to_how_it_is_kept_without_scripts(visitor):
    page = visitor.goes_to("/privacy/")
    sentence = page.locator("details.sentence").first
    sentence.locator("summary").click()

    expect(sentence.get_by_role("link").first).to_be_visible()
