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


def test_undo_goes_back_one_press_and_asks_the_server_nothing_but_the_picture(guest):
    page = guest.goes_to("/build/pipit/")
    press(page, "gorse")
    press(page, "tow-bar")
    expect(page.locator("[data-weeks]")).to_contain_text("Tow bar takes longer")
    guest.requests.clear()

    page.get_by_role("link", name="Undo").click()

    expect(page.locator("[data-option='tow-bar']")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-option='gorse']")).to_have_attribute("aria-pressed", "true")
    page.wait_for_load_state("networkidle")
    assert {request.url.split("?")[0].rsplit("/", 1)[1] for request in guest.requests} <= {"car.svg", "mark.svg"}


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
    words = page.locator(".build-sum").inner_text()

    page.reload()
    page.wait_for_load_state("networkidle")
    plain = page.context.request.get(page.url).text()

    assert page.locator("[data-option]").evaluate_all(state) == by_the_page
    assert page.locator(".build-sum").inner_text() == words
    for option, has, _, value, _ in by_the_page:
        assert re.search(rf'value="{re.escape(value)}"[^>]*data-option="{option}" aria-pressed="{has}"', plain), option
