"""A claim in a real browser, in every way in which people come: a file that a real file field sends, and a page of one's own."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PROOF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


def file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_claim_is_sent_after_a_mistake_and_taken_back(visitor, mailbox):
    page = visitor.goes_to("/programs/military/")
    page.get_by_role("link", name="Claim the military price").first.click()
    page.get_by_label("I served").check()
    page.get_by_label("Your name").fill("Ada Brightwater")
    page.get_by_label("Email or mobile number").fill(mailbox)
    page.get_by_label("Your document").set_input_files(file("photo.heic", b"\0\0\0\x18ftypheic\0\0"))
    page.get_by_role("button", name="Send it").click()

    expect(page.locator(".error")).to_contain_text("Send a screenshot")
    expect(page.get_by_label("I served")).to_be_checked()
    expect(page.get_by_label("Your name")).to_have_value("Ada Brightwater")
    page.get_by_label("Your document").set_input_files(file("proof.pdf", PROOF))
    page.get_by_role("button", name="Send it").click()

    expect(page.get_by_role("heading", name="We have it")).to_be_visible()
    expect(page.locator(".reference")).to_have_text(REFERENCE)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Taken back")).to_be_visible()


def test_what_is_far_too_large_is_answered_and_not_cut_off(guest, mailbox):
    page = guest.goes_to("/programs/military/form/")
    page.get_by_label("I served").check()
    page.get_by_label("Your document").set_input_files(file("large.pdf", PROOF + b" " * 7_000_000))
    page.get_by_role("button", name="Send it").click()

    expect(page.locator(".error").first).to_contain_text("larger than 5 MB")


def test_a_request_for_credit_has_its_notice_first_and_a_number_after(visitor, mailbox):
    page = visitor.goes_to("/programs/financial-services/form/")
    notice, first = page.get_by_role("heading", name="Before you begin"), page.get_by_label("Pipit")
    assert notice.bounding_box()["y"] < first.bounding_box()["y"]
    first.check()
    page.get_by_label("How much").fill("$18,000")
    page.get_by_label("48 months").check()
    page.get_by_label("Your name").fill("Ada Brightwater")
    page.get_by_label("Email or mobile number").fill(mailbox)
    page.get_by_role("button", name="Send it to Tern Credit").click()

    expect(page.locator(".reference")).to_have_text(REFERENCE)
