"""Build Your Own as people press it: with the page's own engine, without JavaScript, with cookies refused. All come to the same car."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def press(page, option):
    page.locator(f"[data-option='{option}']").click()
    expect(page.locator(f"[data-option='{option}']")).to_have_attribute("aria-pressed", re.compile("true|false"))


def total(page):
    return page.locator(".build-sum [data-total]").inner_text()


def test_a_car_is_built_press_by_press_in_every_way_in_which_people_come(visitor):
    page = visitor.goes_to("/build/siskin/")
    assert total(page) == "$24,900"

    for option in ("spruce", "roof-white", "five-16-dark", "city-pack"):
        press(page, option)
        expect(page.locator(f"[data-option='{option}']")).to_have_attribute("aria-pressed", "true")

    expect(page.locator("[data-option='siskin-long-song']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-option='heated-wheel'] [data-price]")).to_have_text("included")
    expect(page.locator(".build-sum [data-total]")).to_have_text("$29,530")
    assert 'fill="#14604f"' in page.locator("[data-picture]").inner_html()
    assert page.url.endswith("b=spruce.roof-white.five-16-dark.city-pack")


def test_what_cannot_be_had_is_explained_and_taken_with_its_change(visitor):
    page = visitor.goes_to("/build/siskin/?b=battery-42")

    press(page, "five-16-dark")
    expect(page.locator("#answer")).to_contain_text("needs a change")
    expect(page.locator(".build-answer")).to_contain_text("16-inch Five, dark needs Siskin Long Song.")
    page.get_by_role("button", name="Take it with this change").click()

    expect(page.locator("[data-option='five-16-dark']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-option='battery-54']")).to_have_attribute("aria-pressed", "true")


def test_undo_goes_back_one_press_and_asks_the_server_nothing_but_picture_and_payment(guest):
    page = guest.goes_to("/build/pipit/")
    press(page, "gorse")
    press(page, "tow-bar")
    expect(page.locator("[data-weeks]")).to_contain_text("Tow bar takes longer")
    guest.requests.clear()

    page.get_by_role("link", name="Undo").click()

    expect(page.locator("[data-option='tow-bar']")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-option='gorse']")).to_have_attribute("aria-pressed", "true")
    page.wait_for_load_state("networkidle")
    asked = {request.url.split("?")[0].rstrip("/").rsplit("/", 1)[1] for request in guest.requests}
    assert asked <= {"car.svg", "payment", "mark.svg"}


def test_the_page_and_the_server_show_one_and_the_same_after_any_presses(guest):
    page = guest.goes_to("/build/linnet/")
    for option in (
        "linnet-far-field",
        "heather",
        "roof-glass",
        "head-up",
        "journey-pack",
        "sport-pack",
        "heather",
        "armrest",
        "armrest",
    ):
        if "option-closed" not in (page.locator(f"[data-option='{option}']").get_attribute("class") or ""):
            press(page, option)
    state = "els => els.map(el => [el.dataset.option, el.ariaPressed, el.className, el.value, el.innerText])"
    by_the_page = page.locator("[data-option]").evaluate_all(state)
    # What it comes to a month is asked of the server, and may still be on its way.
    words = page.locator(".build-sum > :not([data-payment])").all_inner_texts()

    page.reload()
    page.wait_for_load_state("networkidle")
    plain = page.context.request.get(page.url).text()

    assert page.locator("[data-option]").evaluate_all(state) == by_the_page
    assert page.locator(".build-sum > :not([data-payment])").all_inner_texts() == words
    for option, has, _, value, _ in by_the_page:
        assert re.search(rf'value="{re.escape(value)}"[^>]*data-option="{option}" aria-pressed="{has}"', plain), option


def test_a_car_is_saved_by_one_press_with_scripts_and_without_and_where_cookies_are_refused(visitor):
    visitor.asked_for_cookies = True
    page = visitor.goes_to("/build/siskin/")
    press(page, "gorse")
    expect(page.locator("[data-option='gorse']")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Save this car, with a cookie").click()

    expect(page.locator(".notice").first).to_contain_text(
        re.compile("Saved on this device|Your browser kept no cookie")
    )
    assert "b=gorse" in page.url
    expect(page.locator("[data-option='gorse']")).to_have_attribute("aria-pressed", "true")


def test_a_saved_car_is_named_shared_and_deleted_by_keyboard(guest):
    page = guest.goes_to("/build/siskin/?b=gorse")
    page.get_by_role("button", name="Save this car").press("Enter")
    page.get_by_role("link", name="Your saved cars").first.press("Enter")

    page.locator("summary", has_text="Name it").press("Enter")
    page.get_by_label("Your name for it").fill("Weekdays")
    page.get_by_label("Your name for it").press("Enter")
    expect(page.locator("h2", has_text="Weekdays")).to_be_visible()
    page.locator("summary", has_text="Share it").press("Enter")
    page.get_by_role("button", name="Make a link").press("Enter")
    expect(page.locator(".saved-link")).to_contain_text("/build/shared/")
    page.get_by_role("button", name="Delete Weekdays").press("Enter")

    expect(page.locator("main")).to_contain_text("None is saved on this device")
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "saved_builds"]


def test_a_press_keeps_the_focus_and_is_said_once(guest):
    page = guest.goes_to("/build/siskin/")
    page.wait_for_load_state("networkidle")  # a press before the engine is there goes to the server
    page.locator("[data-option='spruce']").focus()
    page.keyboard.press("Enter")

    expect(page.locator("[data-said]")).to_have_text("Spruce chosen. $25,350")
    assert page.evaluate("document.activeElement.dataset.option") == "spruce"
    expect(page.locator("[data-payment]")).to_contain_text("$2,535 down")
    payment = page.locator("[data-payment]").inner_text()
    page.reload()
    assert page.locator("[data-payment]").inner_text() == payment

    page.get_by_role("link", name="Undo").press("Enter")
    expect(page.locator("[data-said]")).to_have_text(re.compile(r"Undone\."))
    assert page.evaluate("document.activeElement.id") == "sum"


def test_the_answer_to_a_closed_option_gets_the_focus(guest):
    page = guest.goes_to("/build/siskin/?b=battery-42")
    page.locator("[data-option='five-16-dark']").press("Enter")

    expect(page.locator("#answer")).to_be_focused()
