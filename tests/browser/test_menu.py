"""The menu, by keyboard and by thumb, with scripts and without, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keys import Keys
from tests.browser.reading import faults, sticking_out
from tests.browser.visitor import DESK, PHONE, WAYS, Visitor

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
TARGETS = """() => [...document.querySelectorAll('.menu > summary, .menu-sheet a, .menu-bar a, .site-footer nav a, .choices-link')]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 44)
    .map(one => one.textContent.trim() + ' ' + one.getBoundingClientRect().height)"""


def opener(page: Page):
    return page.locator(".menu > summary")


def opened(visitor: Visitor, size: dict) -> Page:
    visitor.page.set_viewport_size(size)
    page = visitor.goes_to("/models/")
    opener(page).click()
    return page


@SIZES
def test_the_menu_is_opened_walked_through_and_closed_by_keyboard(guest, size):
    guest.page.set_viewport_size(size)
    page = guest.goes_to("/models/")
    keys = Keys(page).to("Menu")
    keys.press("Enter")
    expect(page.locator(".menu-sheet")).to_be_visible()
    for words in ("All models", "Find a dealer", "Contact us", "Where our links lead", "Your Privacy Choices"):
        keys.to(words)
    keys.press("Escape")

    expect(page.locator(".menu-sheet")).to_be_hidden()
    expect(opener(page)).to_be_focused()


@SIZES
def test_an_entry_is_followed_by_keyboard(guest, size):
    guest.page.set_viewport_size(size)
    page = guest.goes_to("/")
    keys = Keys(page).to("Menu")
    keys.press("Space")
    keys.to("Where our links lead")
    keys.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Where our links lead")


@SIZES
def test_leaving_the_menu_by_tab_closes_it(guest, size):
    page = opened(guest, size)
    Keys(page).to("Your Privacy Choices").press("Tab")

    expect(page.locator(".menu-sheet")).to_be_hidden()


@pytest.mark.parametrize("way", WAYS, ids=str)
@SIZES
def test_the_menu_works_however_somebody_comes(arrive, way, size):
    page = opened(arrive(way), size)
    page.locator(".menu-sheet").get_by_role("link", name="Working here").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Working here")


def test_the_open_menu_fills_a_phone_and_hides_nothing_that_can_have_the_focus(arrive):
    page = opened(arrive(next(way for way in WAYS if not way.scripts)), PHONE)
    sheet = page.locator(".menu-sheet").bounding_box()

    assert sheet["width"] >= 340
    assert sheet["y"] + sheet["height"] >= PHONE["height"]
    assert page.locator("main").bounding_box()["y"] >= sheet["y"] + sheet["height"] - 1


@SIZES
def test_everything_that_a_thumb_meets_is_44_pixels_high(guest, size):
    assert opened(guest, size).evaluate(TARGETS) == []


@SIZES
def test_the_open_menu_can_be_read_by_everybody(guest, size):
    page = opened(guest, size)
    found = faults(page)

    assert not found, "\n".join(found)


@SIZES
def test_the_open_menu_holds_text_of_twice_the_size(guest, size):
    page = guest.goes_to("/models/")
    page.set_viewport_size(size)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    opener(page).click()

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], sticking_out(page)


def test_a_link_away_says_so_and_tells_the_other_site_nothing(guest):
    page = guest.goes_to("/international/")
    link = page.get_by_role("main").get_by_role("link", name=re.compile("leads to another site"))

    expect(link).to_have_attribute("referrerpolicy", "no-referrer")
    expect(link.locator("svg")).to_be_visible()
