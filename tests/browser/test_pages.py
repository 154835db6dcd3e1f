"""Every page: read by axe at two sizes, by day and by night; its HTML; what a first visit costs; how it holds large text.

The list is made from the addresses themselves: an address that is neither shown here nor said to have no page fails.
"""

import io
import re
import secrets
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from justhtml import JustHTML
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_account import makes_an_account
from tests.browser.visitor import DESK, PHONE, Visitor

# Where each page can be looked at. Names in braces are made once for all by `somebody`.
PUBLIC = {
    "models/": "/models/",
    "models/<slug:slug>/": "/models/{car}/",
    "models/<slug:slug>/<int:year>/": "/models/siskin/2026/",
    "build/": "/build/",
    "build/<slug:slug>/": "/build/pipit/",
    "build/compare/": "/build/compare/?a=linnet:heather&c=linnet:linnet-far-field",
    "build/saved/": "/build/saved/",
    "build/shared/<slug:token>/": "{shared}",
    "payments/": "/payments/?car=siskin:0&state=CA",
    "offers/": "/offers/?place=27284",
    "offers/<slug:slug>/": "/offers/siskin-west-lease/",
    "dealers/": "/dealers/?place=27284",
    "dealers/<slug:slug>/": "/dealers/{longest}/",
    "stock/": "/stock/?near=27284",
    "stock/<slug:slug>/": "/stock/{stocked}/",
    "recalls/": "/recalls/",
    "maintenance/": "/maintenance/",
    "test-drive/": "/test-drive/?dealer={longest}",
    "test-drive/<str:token>/": "{drive}",
    "programs/<slug:slug>/": "/programs/military/",
    "programs/<slug:slug>/form/": "/programs/mobility/form/",
    "claims/<str:token>/": "{own_claim}",
    "requests/<str:token>/": "{own_request}",
    "m/<str:token>/": "{message}",
    "m/<str:token>/dealers/": "{message}dealers/",
    "m/<str:token>/choices/<str:which>/yes/": "{message}choices/ads/yes/",
    "account/register/": "/account/register/",
    "account/sign-in/": "/account/sign-in/",
    "account/code/": "/account/code/",
    "account/reset/": "/account/reset/",
    "privacy/choices/": "/privacy/choices/",
    "privacy/choices/<str:which>/yes/": "/privacy/choices/ads/yes/",
    "privacy/cookies/": "/privacy/cookies/",
    "privacy/ads/": "/privacy/ads/",
    "contact/": "/contact/",
    "contact/messages/<str:token>/": "{own_message}",
    "privacy/answered/": "/privacy/answered/",
    "privacy/requests/": "/privacy/requests/",
    "privacy/requests/<request_kind:kind>/": "/privacy/requests/know/",
    "privacy/requests/find/": "/privacy/requests/find/",
    "privacy/requests/leaving/": "/privacy/requests/leaving/",
    "privacy/children/": "/privacy/children/",
    "privacy/children/report/": "/privacy/children/report/",
    "privacy/children/asking/": "/privacy/children/asking/",
    "links/": "/links/",
    "privacy/": "/privacy/",
    "privacy/versions/<str:version>/": "/privacy/versions/2026-10-15/",
    "privacy/california/": "/privacy/california/",
    "privacy/california/<str:version>/": "/privacy/california/2026-12-15/",
    "privacy/compare/": "/privacy/compare/",
    "privacy/safeguards/": "/privacy/safeguards/",
    "privacy/checks/": "/privacy/checks/",
    "privacy/checks/<str:promise>/": "/privacy/checks/P-3F-5/",
    "demo/": "/demo/",
    "demo/no/": "/demo/no/",
    "demo/no/signal/": "/demo/no/signal/",
    "demo/requests/": "/demo/requests/",
    "demo/phone/": "/demo/phone/?number={phone}",
    "demo/mailbox/": "/demo/mailbox/",
    "demo/mailbox/<int:item>/": "{letter}",
    "demo/dealer/": "/demo/dealer/",
    "demo/patterns/": "/demo/patterns/",
    r"^((?:[\w\-]+/)*)$": "/",
}
ALSO_PUBLIC = (
    "/programs/protection/",
    "/programs/protection/form/",
    "/programs/financial-services/form/",
    "/models/dunlin/",
    "/test-drive/",
    "/test-drive/?zip=09012",
    "/test-drive/?zip=27284&car=pipit",
    "/dealers/",
    "/dealers/?place=nowhere+at+all",
    "/test-drive/nothing-like-that/",
    "/m/nothing-like-that/",
    "/payments/?price=lots&down=-1",
    "/offers/?place=nowhere+at+all",
    "/offers/early-autumn/",
    "/build/siskin/?b=battery-42.five-16-dark",
    "/stock/?line=pipit&paint=harebell&q=tractor",
    "/certified-pre-owned/",
    "/why-small/",
    "/international/",
    "/no/such/page/",
    "/demo/phone/",
)
SIGNED_OUT = {"staff/account/login/": "/staff/account/login/"}
# Of whoever made an account; `member` has.
MEMBERS = {
    "account/": "/account/",
    "account/ways/": "/account/ways/",
    "account/closure/": "/account/closure/",
    "account/confirmation/": "/account/confirmation/",
    "account/choices/<str:which>/yes/": "/account/choices/ads/yes/",
    "account/requests/": "/account/requests/",
    "account/requests/<request_kind:kind>/": "/account/requests/correct/",
}
STAFF = {
    "staff/": "/staff/",
    "staff/account/again/": "/staff/account/again/",
    "staff/account/password/": "/staff/account/password/",
    "staff/account/code/again/": "/staff/account/code/again/",
    "staff/account/second-factor/": "/staff/account/second-factor/",
    "staff/account/second-factor/recovery/": "/staff/account/second-factor/recovery/",
    "staff/account/second-factor/recovery/new/": "/staff/account/second-factor/recovery/new/",
    "staff/account/logout/": "/staff/account/logout/",
    "staff/contact/<uuid:contact_id>/": "{contact}",
    "staff/case/<reference:reference>/": "{case}",
    "staff/stop/": "/staff/stop/",
    "staff/stop/<reference:reference>/": "{stopped}",
    "staff/work/": "/staff/work/",
    "staff/undertaking/": "/staff/undertaking/",
    "staff/who/": "/staff/who/",
    "staff/browsers/": "/staff/browsers/",
    "staff/noes/": "/staff/noes/",
    "staff/holds/": "/staff/holds/",
    "staff/cases/": "/staff/cases/",
    "staff/cases/new/": "/staff/cases/new/",
    "staff/inquiry/<reference:reference>/": "{inquiry}",
    "staff/requests/": "/staff/requests/",
    "staff/children/": "/staff/children/",
    "staff/claims/": "/staff/claims/",
    "staff/claims/<reference:reference>/": "{claim}",
}
NO_PAGE = {
    "account/browsers/<uuid:session_id>/end/": "answers a form",
    "account/choices/<str:which>/age/": "a step of a yes; the tests of accounts read it",
    "account/choices/<str:which>/no/": "answers a form",
    "account/code/<str:token>/": "between two steps; the test of accounts reads it",
    "account/confirmation/code/": "answers a form",
    "account/confirmation/code/<str:token>/": "between two steps; the tests of accounts read it",
    "account/confirmation/passkey/": "answers a script",
    "account/confirmation/passkey/challenge/": "answers a script",
    "account/passkey/": "answers a script",
    "account/passkey/challenge/": "answers a script",
    "account/second/<str:token>/": "between two steps; the test of passkeys reads it",
    "account/requests/file/<str:number>/": "a file, once it is made; the tests of requests take it",
    "account/sign-out/": "answers a form",
    "account/ways/passkeys/": "answers a script",
    "account/ways/passkeys/<int:passkey_id>/removal/": "answers a form",
    "account/ways/passkeys/challenge/": "answers a script",
    "account/ways/password/": "answers a form",
    "account/ways/password/removal/": "answers a form",
    "account/ways/second/": "answers a form",
    "build/<slug:slug>/car.png": "a picture",
    "build/<slug:slug>/payment/": "a line of the page",
    "build/<slug:slug>/sheet.pdf": "a sheet to print",
    "build/saved/<uuid:build_id>/deletion/": "answers a form",
    "build/saved/<uuid:build_id>/link/": "answers a form",
    "build/saved/<uuid:build_id>/link/removal/": "answers a form",
    "build/saved/<uuid:build_id>/name/": "answers a form",
    "build/saved/new/": "answers a form",
    "feeds/vehicles.csv": "for machines",
    "feeds/vehicles.xml": "for machines",
    "models/<slug:slug>/<slug:view>/<slug:name>.<slug:kind>": "a picture",
    "previews/<slug:digest>/<slug:name>.png": "a picture",
    "previews/brand.png": "a picture",
    "previews/stock/<slug:slug>.png": "a picture",
    "robots.txt": "for machines",
    "sitemap.xml": "for machines",
    "style/<str:digest>/<str:name>": "stylesheets and the font",
    "test-drive/<str:token>/time/": "answers a form, with the drive's own page",
    "test-drive/<str:token>/cancellation/": "answers a form",
    "test-drive/<str:token>/texts/": "answers a form",
    "test-drive/<str:token>/calendar.ics": "a calendar file",
    "claims/<str:token>/withdrawal/": "answers a form",
    "contact/messages/<str:token>/withdrawal/": "answers a form",
    "staff/case/<reference:reference>/permission/": "answers a form",
    "staff/inquiry/<reference:reference>/answer/": "answers a form",
    "staff/inquiry/<reference:reference>/call/": "answers a form",
    "staff/inquiry/<reference:reference>/closing/": "answers a form",
    "staff/inquiry/<reference:reference>/kind/": "answers a form",
    "staff/inquiry/<reference:reference>/original/<uuid:line_id>/": "a file",
    "staff/inquiry/<reference:reference>/site/": "answers a form",
    "requests/<str:token>/withdrawal/": "answers a form",
    "staff/claims/<reference:reference>/document/": "a picture or a PDF",
    "staff/claims/<reference:reference>/answer/": "answers a form",
    "m/<str:token>/stop/": "answers a form, with the message's page",
    "m/<str:token>/resumption/": "answers a form",
    "m/<str:token>/choices/<str:which>/no/": "answers a form, with the message's page",
    "m/<str:token>/choices/<str:which>/age/": "a step of a yes; the test of the choices reads it",
    "privacy/children/consent/<str:token>/": "a parent's; the tests of children read it",
    "privacy/children/consent/<str:token>/here/": "answers a form",
    "privacy/children/consent/<str:token>/no/": "answers a form",
    "privacy/children/consent/<str:token>/yes/": "answers a form",
    "privacy/requests/case/<str:token>/": "after the code; the test of own pages reads it",
    "privacy/requests/case/<str:token>/code/": "answers a form",
    "privacy/requests/code/<str:token>/": "between two steps; the test of own pages reads it",
    "privacy/requests/desk/<str:token>/": "after the code; the test of own pages reads it",
    "privacy/requests/left/<str:token>/": "after a press; the test of own pages reads it",
    "privacy/choices/address/": "answers a form",
    "privacy/choices/<str:which>/no/": "answers a form",
    "privacy/choices/<str:which>/age/": "a step of a yes; the test of the choices reads it",
    "privacy/cookies/deletion/": "answers a form",
    "test-drive/memory/forgetting/": "answers a form",
    "build/<slug:slug>/car.svg": "a picture",
    "build/<slug:slug>/rules-<slug:digest>.bin": "for the page’s own engine",
    "dealers/choice/": "answers a form",
    "dealers/choice/removal/": "answers a form",
    "dealers/map.json": "for the map",
    "beacon/page.gif": "a picture of one pixel",
    "beacon/email/<str:token>.gif": "a picture of one pixel",
    ".well-known/gpc.json": "for machines",
    "hooks/texts/": "the carrier's",
    ".well-known/data-rights.json": "for agents’ machines",
    "v1/data-rights-request": "for agents’ machines",
    "v1/data-rights-request/": "for agents’ machines",
    "v1/data-rights-request/<str:request_id>": "for agents’ machines",
    "v1/agent/<str:code>": "for agents’ machines",
    ".well-known/privacy-checks.json": "for machines",
    "staff/case/<reference:reference>/taking/": "answers a form",
    "staff/case/<reference:reference>/handover/": "answers a form",
    "staff/account/code/": "between two steps; the sign-in test reads it",
    "staff/account/second-factor/app/": "leads elsewhere while there is an app",
    "staff/account/second-factor/app/removal/": "leads elsewhere while it is the only second factor",
    "staff/account/second-factor/recovery/file/": "a file",
    "staff/inquiry/<reference:reference>/code/": "answers a form",
    "staff/inquiry/<reference:reference>/machines/": "after a code; the tests of the desk take it",
    "staff/inquiry/<reference:reference>/letter/": "what somebody is told; the tests of the desk read it",
    "staff/children/<uuid:release_id>/agreement/": "answers a form",
    "staff/children/form/": "answers a form",
    "staff/inquiry/<reference:reference>/child/deletion/": "answers a form",
    "staff/inquiry/<reference:reference>/child/freezing/": "answers a form",
    "staff/inquiry/<reference:reference>/child/release/": "answers a form",
    "staff/requests/<reference:reference>/extension/": "answers a form",
    "staff/stop/leaving/": "answers a form",
    "staff/find/": "answers a form",
    "staff/browsers/others/end/": "answers a form",
    "staff/browsers/<uuid:visit_id>/end/": "answers a form",
    "staff/contact/<uuid:contact_id>/case/": "answers a form",
    "staff/contact/<uuid:contact_id>/stop/": "a step of stopping; the staff test reads it",
    "staff/case/<reference:reference>/closing/": "answers a form",
    "staff/stop/whom/": "answers a form; the staff test reads it",
    "staff/stop/now/": "answers a form",
    "staff/work/<unknown:kind>/<uuid:about>/": "answers a form",
    "staff/noes/<shared:kind>/<uuid:about>/": "answers a form",
    "staff/holds/<uuid:hold_id>/approval/": "answers a form",
    "staff/holds/<uuid:hold_id>/end/": "answers a form",
    "demo/clock/": "answers a form",
    "demo/break/<slug:code>/": "answers a form",
    "demo/mend/<slug:code>/": "answers a form",
    "media/images/<path:path>": "pictures",
}
# What axe counts as WCAG 2.2 A and AA, and its advice about landmarks and headings.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


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


def faults(page: Page) -> list[str]:
    """What axe finds, at both sizes; by night once more, where only colors differ."""
    found = []
    page.evaluate(Axe().axe_script)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme, rules in (("light", RULES), ("dark", COLORS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in page.evaluate("options => axe.run(options)", rules)["violations"]:
                nodes = "; ".join(node["html"][:140] for node in violation["nodes"][:3])
                found.append(f"{size['width']} {scheme} {violation['id']}: {violation['help']}: {nodes}")
    page.set_viewport_size(PHONE)
    return found


def mistakes(source: str) -> list[str]:
    """Where the HTML is not what it should be, by the standard's own parser rules and a few of ours."""
    document = JustHTML(source, collect_errors=True, sanitize=False)
    found = [f"line {error.line}: {error.code}" for error in document.errors]
    ids = [element.attrs["id"] for element in document.query("[id]")]
    found += [f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if len(document.query("h1")) != 1:
        found.append(f"{len(document.query('h1'))} headings of the first level")
    if not document.query("html[lang]"):
        found.append("no language")
    if len(document.query("main")) != 1:
        found.append("no main part, or several")
    if document.query("[style], style, script:not([src]):not([type='application/ld+json'])"):
        found.append("style or script inside the page")
    known = set(ids)
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for element in document.query(f"[{name}]"):
            found += [
                f"{name} names {one}, which is not there" for one in element.attrs[name].split() if one not in known
            ]
    return found


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


def sticking_out(page: Page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.tagName + '.' + e.className).slice(0, 8)"
    )
