"""Pages behind a code or a link, read by axe: a request's, a parent's consent, the answer to a message. One journey reads several."""

import secrets

from playwright.sync_api import expect

from tests.browser.reading import faults, mistakes, sticking_out
from tests.browser.test_requests import CODE, asks_for_a_code, says_no, types_the_code
from tests.browser.visitor import Visitor


def read(visitor: Visitor) -> None:
    """Where the visitor is, without loading it again: what a press led to is read as it came."""
    page = visitor.page
    page.wait_for_load_state()
    found = mistakes(page.content()) + faults(page)
    assert not found, "\n".join([visitor.path, *found])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, sticking_out(page)


def test_the_pages_of_a_request_to_know_and_of_leaving_can_be_read_by_everybody(guest, mailbox):
    says_no(guest, mailbox)
    asks_for_a_code(guest, "know", mailbox)
    read(guest)
    page = guest.page
    page.get_by_label("The eight digits").fill("0000 0000")
    page.get_by_role("button", name="It is me").click()
    read(guest)
    types_the_code(guest, mailbox)
    read(guest)
    desk = page.url
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".reference")).to_be_visible()
    read(guest)
    guest.goes_to(desk)
    guest.waits_for("Your file is ready", patience=40)
    read(guest)
    guest.goes_to("/privacy/requests/desk/nothing-like-that/")
    read(guest)
    guest.goes_to("/privacy/requests/case/nothing-like-that/")
    read(guest)
    page = guest.goes_to("/privacy/requests/leaving/")
    page.get_by_role("textbox").last.fill(mailbox)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", name="It is over")).to_be_visible()
    read(guest)


def test_the_pages_of_correcting_and_deleting_can_be_read_by_everybody(guest, mailbox):
    guest.chooses_a_dealer()
    guest.fills_in(mailbox)
    guest.books()
    asks_for_a_code(guest, "correct", mailbox)
    page = guest.page
    types_the_code(guest, mailbox)
    page.get_by_label("Your name").fill("Robin Featherstonehaugh-Cholmondeley-" + "Llanfairpwllgwyngyll" * 2)
    page.get_by_label("Email address").fill("ada@")
    page.get_by_role("button", name="Correct it").click()
    read(guest)
    page.get_by_label("Email address").fill(mailbox)
    page.get_by_role("button", name="Correct it").click()
    expect(page.get_by_role("heading", name="Who was told")).to_be_visible()
    read(guest)

    other = f"bo.{secrets.token_hex(4)}@post.example"
    says_no(guest, other)
    asks_for_a_code(guest, "delete", other)
    types_the_code(guest, other)
    read(guest)
    page.get_by_role("button", name="Delete everything").click()
    guest.waits_for("What is gone", patience=40)
    read(guest)


def test_the_page_that_asks_a_parent_can_be_read_by_everybody(guest, mailbox):
    page = guest.goes_to("/privacy/children/asking/")
    page.get_by_role("textbox").last.fill(mailbox)
    page.get_by_role("button", name="Ask them").click()
    read(guest)
    guest.goes_to("/demo/mailbox/")
    guest.waits_for(mailbox, patience=40)
    page.get_by_role("article").filter(has_text=mailbox).get_by_role("link").click()
    page.locator("main a[href*='/privacy/children/consent/']").first.click()
    read(guest)
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("heading", name="One more step, tomorrow")).to_be_visible()
    read(guest)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Nothing is kept here any more")).to_be_visible()
    read(guest)


def test_the_page_on_which_an_answer_stands_can_be_read_by_everybody(guest, arrive):
    page = guest.goes_to("/contact/")
    page.get_by_label("A car of ours").check()
    page.get_by_label("Your message").fill(f"Does a cello fit? {'Contrabassoon' * 12}")
    page.get_by_role("button", name="Send it").click()
    own, number = guest.path, page.locator(".reference").inner_text()
    clerk = arrive(Visitor.usual())
    clerk.signs_in()
    desk = clerk.goes_to(f"/staff/case/{number}/")
    read(clerk)
    desk.get_by_role("button", name="Take it").click()
    read(clerk)
    desk.get_by_role("button", name="Answer", exact=True).click()
    expect(desk.locator(".error").first).to_be_visible()
    read(clerk)
    desk.get_by_label("Your answer").fill("With the seat folded, yes.")
    desk.get_by_role("button", name="Answer", exact=True).click()
    guest.goes_to(own)
    read(guest)
    desk.get_by_label("We answered it.").check()
    desk.get_by_role("button", name="Close it").click()
    read(clerk)
    guest.goes_to(own)
    expect(page.get_by_role("heading", name="We answered it.")).to_be_visible()
    read(guest)


def test_the_steps_by_which_a_letter_is_answered_can_be_read_by_everybody(guest, arrive, mailbox):
    clerk = arrive(Visitor.usual())
    clerk.signs_in()
    desk = clerk.goes_to("/staff/cases/new/")
    desk.get_by_label("Letter", exact=True).check()
    desk.get_by_label("What it asks for").select_option("know")
    desk.get_by_label("What they wrote or said").fill("What do you have about me?")
    desk.get_by_label("Email or phone number to answer to").fill(mailbox)
    desk.get_by_role("button", name="Open a case").click()
    desk.get_by_role("button", name="Send them a code").click()
    read(clerk)
    page = guest.goes_to("/demo/mailbox/")
    guest.waits_for(f"to {mailbox}", patience=40)
    mail = page.get_by_role("article").filter(has_text=mailbox).first
    code = CODE.search(mail.inner_text())
    assert code is not None
    mail.get_by_role("link").click()
    page.locator("main a[href*='/privacy/requests/code/']").first.click()
    page.get_by_label("The eight digits").fill(code[0])
    page.get_by_role("button", name="It is me").click()
    expect(page.get_by_role("heading", name="Get everything that we have")).to_be_visible()

    desk.reload()
    desk.get_by_role("link", name="Go on", exact=True).click()
    read(clerk)
    desk.get_by_label("Password").fill(clerk.site.password)
    desk.get_by_role("button", name="Go on").click()
    expect(desk.get_by_role("heading", name="Make their file?")).to_be_visible()
    read(clerk)
    desk.get_by_role("button", name="Make it").click()
    expect(desk.get_by_role("heading", name="What you asked for has begun")).to_be_visible()
    read(clerk)
