"""Somebody who answers the phone: signs in, stops everything for a caller with the keyboard alone, and signs out."""

import re

import pytest

from tests.browser.keys import Keys
from tests.browser.reading import mistakes


@pytest.fixture
def clerk(guest):
    guest.is_staff = True
    return guest


def test_nobody_comes_in_with_a_password_alone(clerk):
    page = clerk.goes_to("/staff/")
    page.get_by_label("Login name", exact=True).fill(clerk.site.handles[-1])
    page.get_by_label("Password").fill(clerk.site.password)
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Now the code"
    assert mistakes(page.content()) == []

    clerk.goes_to("/staff/stop/")
    assert page.get_by_role("heading", level=1).inner_text() != "Who is calling?"


def test_a_caller_is_stopped_in_three_steps_with_the_keyboard_alone(clerk, phone):
    clerk.chooses_a_dealer()
    clerk.fills_in(phone, texts=True)
    own_page = clerk.books()
    clerk.signs_in()
    page, keys = clerk.page, Keys(clerk.page)

    keys.to("Stop everything").press("Enter")
    page.wait_for_url("**/staff/stop/")
    assert page.evaluate("document.activeElement.name") == "address"
    keys.type(phone)
    keys.press("Enter")
    page.wait_for_url("**/staff/stop/whom/")
    assert page.evaluate("document.activeElement.textContent").strip() == "Stop everything now"
    assert mistakes(page.content()) == []
    keys.press("Enter")
    page.wait_for_url(re.compile("/staff/stop/[0-9A-Z-]{9}/"))

    reference = page.locator(".read-out").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", reference)
    assert f"Your reference is {reference}" in clerk.words
    clerk.goes_to(own_page)
    assert "Text me" in clerk.words or "stopped" in clerk.words


def test_whoever_signs_out_is_out(clerk):
    clerk.signs_in()
    clerk.page.get_by_role("button", name="Sign out").click()
    clerk.goes_to("/staff/")

    assert clerk.page.get_by_role("heading", level=1).inner_text() == "Sign in"
    assert [cookie["name"] for cookie in clerk.context.cookies() if cookie["name"] != "staff_csrf"] == []


def test_what_staff_get_stays_under_their_own_address(clerk):
    clerk.signs_in()

    assert {cookie["path"] for cookie in clerk.context.cookies()} == {"/staff"}
    assert all(cookie["httpOnly"] for cookie in clerk.context.cookies())
    clerk.goes_to("/")
    assert clerk.page.evaluate("document.cookie") == ""
