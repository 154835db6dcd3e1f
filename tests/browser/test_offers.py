"""A payment is reckoned and an offer found, in every way in which people come: without scripts, and with cookies refused."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import FLAG

pytestmark = pytest.mark.browser


def test_a_payment_is_reckoned_and_a_slip_answered_under_its_field(visitor):
    page = visitor.goes_to("/payments/")
    expect(page.locator("#loan ~ .pay-month")).to_contain_text("$451.40")

    page.get_by_label("Your state").select_option("CA")
    page.locator("[name=down]").fill("lots")
    page.get_by_role("button", name="Show the payments").click()
    expect(page.locator(".has-error")).to_contain_text("Enter dollars from $0")

    expect(page.locator("[name=down]")).to_have_value("lots")
    page.locator("[name=down]").fill("$2,490")
    page.get_by_role("button", name="Show the payments").click()
    expect(page.locator("#loan ~ .pay-month")).to_contain_text("$487.60")
    expect(page.locator(".has-error")).to_have_count(0)
    assert "down=%242%2C490" in page.url
    assert all(FLAG in offered for offered in visitor.cookies_offered())


def test_with_scripts_a_change_is_answered_without_a_new_page(guest):
    page = guest.goes_to("/payments/")
    page.evaluate("window.same = true")

    page.get_by_label("Months of the loan").select_option("72")

    expect(page.locator("#loan ~ .pay-month")).to_contain_text("$386.78")
    assert page.evaluate("window.same")


def test_offers_are_found_by_zip_and_lead_to_their_whole_terms(visitor):
    page = visitor.goes_to("/offers/")
    page.get_by_label("Where do you live?").fill("55802")
    page.get_by_role("button", name="Explore offers").click()
    expect(page.locator("#found")).to_contain_text("in Minnesota")

    page.get_by_role("link", name="Lease an Avocet Shoreline").click()

    expect(page.locator(".offer-top")).to_contain_text("$4,701.71 in all")
    expect(page.locator(".offer-top")).to_contain_text("a security deposit of $400.00")
