"""Your Privacy Choices in real browsers: how many presses, how the two buttons look, and what follows from each."""

import socket
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from forecourt.policy.policy import Switch
from tests.browser.keys import Keys
from tests.browser.visitor import DESK, PHONE, Visitor, Way

CHOICES = "/privacy/choices/"
WHICH = ("all", *(switch.value for switch in Switch))
MEASURE = """(button) => {
    const box = button.getBoundingClientRect(), style = getComputedStyle(button);
    const ring = getComputedStyle(button, '::before');
    return {
        left: box.left, top: box.top, width: box.width, height: box.height,
        looks: [style.color, style.backgroundColor, style.borderTopColor, style.borderTopWidth, style.fontSize,
                style.fontWeight, style.opacity, ring.width, ring.height],
    };
}"""


@pytest.fixture
def chooser(visitor: Visitor) -> Visitor:
    visitor.asked_for_cookies = True
    return visitor


def button(page: Page, which: str, answer: str):
    return page.locator(f"#{which} > .switch-pair form[action$='/{answer}/'] button")


def notice(page: Page):
    return page.locator("#choices [role=status]")


def one_step(visitor: Visitor) -> Page:
    """From the first page, by the link at its foot."""
    page = visitor.goes_to("/")
    page.locator(f"footer a[href='{CHOICES}']").click()
    expect(page.get_by_role("heading", name="Your Privacy Choices")).to_be_visible()
    return page


def presses_yes(visitor: Visitor, which: str, years: str = "30") -> int:
    """With all that is asked; gives the number of presses."""
    page, presses = visitor.page, 1
    button(page, which, "yes").click()
    ok = page.get_by_role("button", name="OK").and_(page.locator(":visible"))
    page.wait_for_load_state()
    if ok.count():
        ok.first.click()
        presses += 1
    page.wait_for_load_state()
    if "/age/" in page.url:
        page.get_by_label("How old are you, in years?").select_option(label=years)
        page.get_by_role("button", name="Continue").click()
        presses += 2
    expect(notice(page)).to_be_visible()
    return presses


def test_a_no_is_one_step_and_one_press_in_every_way_in_which_people_come(chooser: Visitor):
    page = one_step(chooser)

    button(page, "all", "no").click()

    expect(notice(page)).to_contain_text("Done: everything on this page is off")
    for which in WHICH:
        expect(button(page, which, "no")).to_have_attribute("aria-current", "true")
    assert page.locator("main input:visible").count() == 1  # the optional address, and nothing before the switches


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_and_yes_are_one_size_one_weight_one_color_and_as_near(arrive, size: dict, scheme: str):
    page = arrive(viewport=size, color_scheme=scheme).goes_to(CHOICES)

    for which in WHICH:
        no, yes = (button(page, which, answer).evaluate(MEASURE) for answer in ("no", "yes"))
        assert no["looks"] == yes["looks"], which
        assert (no["width"], no["height"], no["top"]) == pytest.approx((yes["width"], yes["height"], yes["top"]), abs=1)
        assert no["left"] < yes["left"]
        assert no["height"] >= 44


@pytest.mark.parametrize("which", ["analytics", "ads"])
def test_a_yes_takes_as_many_presses_as_a_no_or_more_and_two_at_least_after_one(arrive, which: str):
    guest = arrive()
    guest.asked_for_cookies = True
    page = guest.goes_to(CHOICES)

    assert presses_yes(guest, which) >= 1
    expect(notice(page)).to_contain_text("Done:")
    button(page, which, "no").click()
    expect(notice(page)).to_contain_text("Done:")
    assert presses_yes(guest, which) >= 2
    expect(button(page, which, "yes")).to_have_attribute("aria-current", "true")


def test_every_way_out_of_the_question_leaves_the_no(arrive):
    guest = arrive()
    guest.asked_for_cookies = True
    page = guest.goes_to(CHOICES)
    button(page, "analytics", "no").click()
    expect(notice(page)).to_be_visible()

    for leaves in (
        lambda: page.get_by_role("link", name="Cancel").click(),
        lambda: page.keyboard.press("Escape"),
        lambda: page.reload(),
        lambda: page.goto("/"),
    ):
        page.goto(CHOICES)
        button(page, "analytics", "yes").click()
        expect(page.locator("dialog[open]")).to_be_visible()
        leaves()
        page.goto(CHOICES)
        expect(page.locator("#analytics-state")).to_have_text("You said no. It is off.")


def test_without_scripts_a_page_asks_in_the_same_words(arrive):
    guest = arrive(Way("without JavaScript", scripts=False))
    guest.asked_for_cookies = True
    page = guest.goes_to(CHOICES)
    button(page, "analytics", "no").click()
    button(page, "analytics", "yes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Turn on “Counting visits”?")

    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("#analytics-state")).to_have_text("You said no. It is off.")

    button(page, "analytics", "yes").click()
    page.get_by_role("button", name="OK").click()
    expect(notice(page)).to_contain_text("Done: your visits count in our figures")


def test_where_cookies_are_refused_a_yes_changes_nothing_and_says_so(arrive):
    page = arrive(Visitor.refusing()).goes_to(CHOICES)

    for which in ("analytics", "ads"):
        button(page, which, "yes").click()
        expect(notice(page)).to_contain_text("Your browser did not keep our cookie")
        expect(button(page, which, "no")).to_have_attribute("aria-current", "true")


def test_the_signal_is_shown_as_honored_and_stays_when_it_is_not_sent(arrive):
    guest = arrive(Way("with Global Privacy Control", gpc=True))
    page = guest.goes_to(CHOICES)
    expect(page.locator(".signal")).to_contain_text("Opt-out request honored")
    expect(page.locator(".signal h2")).to_have_text("Your browser’s opt-out signal: received, honored")
    button(page, "ads", "yes").click()
    page.locator("dialog[open] button").or_(notice(page)).first.wait_for()
    expect(button(page, "ads", "no")).to_have_attribute("aria-current", "true")

    guest.context.set_extra_http_headers({})
    page.goto(CHOICES)

    expect(page.locator(".signal h2")).to_have_text("Your browser’s opt-out signal: received before, still honored")


def test_all_of_it_works_with_the_keyboard_alone(arrive):
    guest = arrive(viewport=DESK)
    guest.asked_for_cookies = True
    page = guest.goes_to(CHOICES)
    keys = Keys(page)

    keys.to("No: Counting visits", patience=80).press("Enter")
    expect(notice(page)).to_contain_text("Done: your visits are not counted")
    keys.to("Yes: Counting visits", patience=80).press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#analytics-state")).to_have_text("You said no. It is off.")


@pytest.mark.parametrize("headers", [("0", "1"), ("1", "0"), ("x", "1")])
def test_one_of_two_headers_is_enough_for_the_signal(site, headers: tuple[str, str]):
    """The server in front joins repeated headers; nothing may be lost on the way to the page."""
    ours = urlsplit(site.url)
    sent = "".join(f"Sec-GPC: {value}\r\n" for value in headers)
    with socket.create_connection((ours.hostname, ours.port), timeout=10) as wire:
        wire.sendall(f"GET {CHOICES} HTTP/1.1\r\nHost: {ours.netloc}\r\n{sent}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: wire.recv(65_536), b"")).decode()

    assert "choices=sale-signal.ads-signal" in answer
    assert "received, honored" in answer
