"""An account in a real browser: where Log out stands, what Back shows, and passkeys."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE, SWITCHES, Visitor, Way, find_chromium

CODE = re.compile(r"\b\d{4} \d{4}\b")
TABLET = {"width": 820, "height": 1180}
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(params=[Way(), Way("without JavaScript", scripts=False)], ids=str)
def member(request, arrive, mailbox) -> Visitor:
    """Somebody who has just made an account."""
    visitor = arrive(request.param)
    makes_an_account(visitor, mailbox)
    return visitor


def makes_an_account(visitor: Visitor, mailbox: str) -> None:
    visitor.asked_for_cookies = True
    page = visitor.goes_to("/account/register/")
    page.get_by_label("Email address").fill(mailbox)
    page.get_by_role("button", name="Send me the digits").click()
    asked = page.url
    visitor.goes_to("/demo/mailbox/")
    visitor.waits_for(f"to {mailbox}", patience=40)
    code = CODE.search(page.get_by_role("article").filter(has_text=f"to {mailbox}").inner_text())[0]
    visitor.goes_to(asked)
    page.get_by_label("The eight digits").fill(code)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is yours")


def test_log_out_stands_at_the_top_right_and_after_it_back_shows_nothing(member, mailbox):
    page = member.goes_to("/account/")
    for size in (PHONE, TABLET, DESK):
        page.set_viewport_size(size)
        box = page.get_by_role("button", name="Log out").bounding_box()
        assert box["x"] + box["width"] / 2 > size["width"] / 2
        assert box["y"] + box["height"] < size["height"] / 2
        assert box["height"] >= 44
    assert mailbox in member.words

    page.get_by_role("link", name="How you sign in").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Log out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are logged out.")).to_be_visible()

    for _ in range(2):
        page.go_back()
        assert mailbox not in page.content()
        assert member.context.cookies() == []


def test_a_passkey_signs_in_and_can_be_asked_for_beside_a_code(playwright, site, mailbox):
    """Under a name, since no browser makes a passkey for a bare number."""
    browser = playwright.chromium.launch(
        executable_path=find_chromium(), args=[switch.replace("127.0.0.1", "localhost") for switch in SWITCHES]
    )
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
    context.set_default_timeout(15_000)
    visitor = Visitor(site, Way(), context, context.new_page())
    try:
        makes_an_account(visitor, mailbox)
        page, devtools = visitor.page, context.new_cdp_session(visitor.page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        page.get_by_label("Its name").fill("my phone")
        page.get_by_role("button", name="Make a passkey").click()
        expect(page.get_by_text("Your passkey is there.")).to_be_visible()

        page.get_by_role("button", name="Always ask for a passkey too").click()
        recovery = page.locator(".recovery li").first.inner_text()
        page.get_by_role("link", name="I have them").click()
        page.get_by_role("button", name="Log out", exact=True).click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("All about you")

        visitor.goes_to("/account/ways/")
        page.get_by_label("New password").fill("nine larks over the ridge")
        page.get_by_role("button", name="Set it").click()
        page.get_by_role("button", name="Log out", exact=True).click()
        page.get_by_label("Email address").first.fill(mailbox)
        page.get_by_label("Password").fill("nine larks over the ridge")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
        page.get_by_label("Or one of your recovery codes").fill(recovery)
        page.get_by_role("button", name="Use this code").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("All about you")
    finally:
        browser.close()
