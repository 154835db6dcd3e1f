"""Looking for a car as people do it: with the page's own script, without JavaScript, with cookies refused."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_car_is_found_and_asked_for_in_every_way_in_which_people_come(visitor):
    page = visitor.goes_to("/stock/")
    page.get_by_label("Near").fill("27284")
    page.get_by_role("button", name="Show cars").click()
    page.get_by_text("Narrow it down").click()
    page.get_by_label("Siskin", exact=False).first.check()
    page.get_by_role("button", name="Show these cars").click()

    expect(page).to_have_url(re.compile(r"/stock/\?line=siskin&near=27284$"))
    expect(page.locator("#found")).to_contain_text("cars near Kernersville, NC 27284")
    assert all("Siskin" in name for name in page.locator(".stock-row h3").all_text_contents())
    page.locator(".stock-row h3 a").first.click()
    expect(page.get_by_text(re.compile("^7WNS")).first).to_be_visible()
    page.get_by_role("link", name="Ask to drive it").click()
    expect(page).to_have_url(re.compile(r"/test-drive/\?car=siskin&dealer="))


def test_a_tick_shows_its_cars_at_once_and_the_way_back_undoes_it(guest):
    page = guest.goes_to("/stock/?line=pipit")
    before = page.locator("#found").inner_text()
    page.get_by_text("Narrow it down").click()

    page.locator("input[name=paint][value=gorse]").check()

    expect(page.locator("#found")).not_to_have_text(before)
    expect(page).to_have_url(re.compile(r"/stock/\?line=pipit&paint=gorse$"))
    expect(page.locator("input[name=paint][value=gorse]")).to_be_focused()
    page.go_back()
    expect(page.locator("#found")).to_have_text(before)
