"""Writing to us in a real browser, in every way in which people come, and the desk that reads it and answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


def test_a_message_is_sent_after_a_mistake_and_taken_back(visitor, mailbox):
    page = visitor.goes_to("/contact/")
    page.get_by_label("Your message").fill("Does the Pipit come in green?")
    page.get_by_label("Email or phone number").fill("ada@")
    page.get_by_role("button", name="Send it").click()

    # The first page of a new server takes its time.
    expect(page.get_by_text("Choose one; if none fits")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("should look like name@example.com")).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value("Does the Pipit come in green?")
    page.get_by_label("A car of ours").check()
    page.get_by_label("Email or phone number").fill(mailbox)
    page.get_by_role("button", name="Send it").click()

    expect(page.get_by_role("heading", name="We have it")).to_be_visible(timeout=15_000)
    expect(page.locator(".reference")).to_have_text(REFERENCE)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Taken back")).to_be_visible()
    assert not visitor.foreign_requests()


def test_the_desk_takes_a_message_and_its_answer_stands_on_the_page(guest, arrive):
    page = guest.goes_to("/contact/")
    page.get_by_label("A car of ours").check()
    page.get_by_label("Your message").fill("Does a cello fit?")
    page.get_by_role("button", name="Send it").click()
    own, number = guest.path, page.locator(".reference").inner_text()
    clerk = arrive(Visitor.usual())
    clerk.signs_in()
    desk = clerk.goes_to("/staff/cases/")
    desk.get_by_role("link", name=number, exact=True).click()
    desk.get_by_role("button", name="Take it").click()
    desk.get_by_label("Your answer").fill("With the seat folded, yes.")
    desk.get_by_role("button", name="Answer", exact=True).click()
    desk.get_by_label("We answered it.").check()
    desk.get_by_role("button", name="Close it").click()

    page = guest.goes_to(own)
    expect(page.get_by_role("heading", name="We answered it.")).to_be_visible()
    expect(page.get_by_text("With the seat folded, yes.")).to_be_visible()
