"""A test drive booked by every kind of browser, and what the demo's phone and mailbox show of it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.keys import Keys
from tests.browser.visitor import Visitor


def answers_on_the_phone(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_label("Your answer").fill(words)
    visitor.page.get_by_role("button", name="Send").click()


def test_somebody_books_with_texts_reads_one_and_stops_them(visitor, phone):
    visitor.chooses_a_dealer()
    visitor.fills_in(phone, texts=True)
    own_page = visitor.books()
    assert re.search(f"text.* the number ending in {phone[-2:]}", visitor.words), visitor.words

    visitor.goes_to(f"/demo/phone/?number={phone}")
    visitor.waits_for("drive at .* is booked .*STOP to end")
    answers_on_the_phone(visitor, "stop")
    visitor.waits_for("You: stop")
    assert re.search("You: stop .*texts about test drives have ended", visitor.words), visitor.words

    visitor.goes_to(own_page)
    assert "this phone told us STOP" in visitor.words


def test_somebody_books_by_email_stops_the_emails_by_their_link_and_takes_it_back(visitor, mailbox):
    visitor.chooses_a_dealer()
    visitor.fills_in(mailbox)
    own_page = visitor.books()

    page = visitor.goes_to("/demo/mailbox/")
    visitor.waits_for(f"to {mailbox}")
    page.get_by_role("article").filter(has_text=f"to {mailbox}").get_by_role("link").click()
    page.locator("main a[href*='/m/']").click()
    link = visitor.path
    assert page.get_by_role("heading", level=1).inner_text() == "Stop these emails"
    page.get_by_role("button", name="Stop emails about this test drive").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Stopped"
    assert "none is on its way" in visitor.words

    visitor.goes_to(own_page)
    assert "you stopped these emails" in visitor.words
    visitor.goes_to(link)
    page.get_by_role("button", name="Get emails about this test drive again").click()
    page.get_by_role("button", name="Yes, start again").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Started again"


def test_somebody_who_left_a_number_and_ticked_nothing_has_everything_on_screen(visitor, phone):
    visitor.chooses_a_dealer()
    visitor.fills_in(phone)
    visitor.books()

    page = visitor.page
    assert "Nothing will be sent to you" in visitor.words
    expect(page.get_by_role("link", name="Add to your calendar")).to_be_visible()
    with page.expect_download() as calendar:
        page.get_by_role("link", name="Add to your calendar").click()
    assert calendar.value.suggested_filename.endswith(".ics")
    assert "allowed no texts" in visitor.words
    visitor.goes_to(f"/demo/phone/?number={phone}")
    assert "Wren:" not in visitor.words


def test_a_booking_is_moved_and_then_cancelled_from_its_own_page(visitor, phone):
    visitor.chooses_a_dealer()
    visitor.fills_in(phone)
    visitor.books()
    before = visitor.page.get_by_role("heading", level=1).inner_text()

    visitor.page.locator("summary", has_text="Move it to another time").click()
    visitor.picks(5)
    visitor.page.get_by_role("button", name="Move my drive").click()
    after = visitor.page.get_by_role("heading", level=1).inner_text()
    assert after != before

    visitor.page.locator("summary", has_text="Cancel it").click()
    visitor.page.get_by_role("button", name="Cancel this drive").click()
    assert visitor.page.locator(".eyebrow").inner_text() == "Cancelled"
    assert "Nobody expects you any more" in visitor.words


def test_pressing_the_button_twice_makes_one_booking(guest, phone):
    page = guest.chooses_a_dealer()
    guest.fills_in(phone)
    form = page.locator("form.booking").evaluate("form => new URLSearchParams(new FormData(form)).toString()")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": guest.site.url}

    answers = [
        guest.context.request.post("/test-drive/", data=form, headers=headers, max_redirects=0) for _ in range(2)
    ]

    assert [answer.status for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1


def test_going_back_gives_a_fresh_form_and_the_first_drive_stands(guest, phone):
    page = guest.chooses_a_dealer()
    guest.fills_in(phone)
    first = guest.books()

    page.go_back()
    guest.fills_in(phone, name="Ada again", nth=3)
    second = guest.books()

    assert first != second
    guest.goes_to(first)
    assert page.locator(".eyebrow").inner_text() == "Booked"


def test_a_time_that_somebody_else_took_meanwhile_costs_nothing_that_was_typed(arrive, phones):
    slow, *quick = [arrive() for _ in range(4)]
    for one in (slow, *quick):
        one.chooses_a_dealer("99501")
        one.fills_in(next(phones), name="Quick and slow", nth=20)
    booked = 0
    for one in quick:
        one.page.get_by_role("button", name=re.compile("^Book ")).click()
        booked += one.page.locator(".eyebrow").count()
    assert booked, "nobody could book"

    slow.page.get_by_role("button", name=re.compile("^Book ")).click()
    assert "Somebody took that time a moment ago" in slow.words
    expect(slow.page.get_by_label("Your name")).to_have_value("Quick and slow")
    expect(slow.page.get_by_role("group", name="The nearest free times").get_by_role("radio")).to_have_count(3)


def test_a_form_with_errors_says_what_to_do_and_keeps_what_was_typed(visitor):
    page = visitor.chooses_a_dealer()
    chosen = visitor.picks(12)
    page.get_by_label("Your name").fill("Ada Brightwater")
    page.get_by_label("Email or mobile number").fill("ada@nowhere")
    page.get_by_role("button", name=re.compile("^Book ")).click()

    assert page.title().startswith("Error: ")
    assert "What you entered is still there" in visitor.words
    field = page.get_by_label("Email or mobile number")
    expect(field).to_have_value("ada@nowhere")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Your name")).to_have_value("Ada Brightwater")
    expect(page.locator(f"input[name=slot][value='{chosen}']").last).to_be_checked()
    expect(page.get_by_label(re.compile("^Text me"))).not_to_be_checked()


def test_a_military_zip_is_told_what_it_is_and_asked_for_a_place(visitor):
    page = visitor.goes_to("/test-drive/")
    page.get_by_label("Where are you?").fill("09012")
    page.get_by_role("button", name="Show dealers").click()

    assert "military" in visitor.words.lower()
    expect(page.get_by_label("Where are you?")).to_have_value("09012")


def test_a_drive_is_booked_with_the_keyboard_alone_and_focus_is_always_seen(guest, phone):
    page = guest.goes_to("/test-drive/")
    keys = Keys(page)
    keys.to("Skip to the content").press("Enter")
    keys.to(role="radio").press("Space")
    keys.to("Where are you?").type("27284")
    keys.press("Enter")
    page.wait_for_url(re.compile("zip=27284"))
    keys.to("Choose a time").press("Enter")
    page.wait_for_url(re.compile("dealer="))
    keys.to("free")
    keys.to(role="radio", name="slot").press("Space")
    keys.to("Your name").type("Ada Brightwater")
    keys.to("Email or mobile number").type(phone)
    keys.to("Text me").press("Space")
    keys.to("Book ", role="submit").press("Enter")

    expect(page.locator(".eyebrow")).to_have_text("Booked")
    assert phone[-2:] in guest.words


def test_the_longest_dealer_name_fits_every_page_that_shows_it(guest):
    page = guest.goes_to("/dealers/")
    longest = max(guest.site.dealers, key=lambda dealer: len(dealer[1]))
    for path in (f"/dealers/{longest[0]}/", f"/test-drive/?dealer={longest[0]}", f"/dealers/?place={longest[2]}"):
        guest.goes_to(path)
        assert longest[1] in guest.words
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, wide(page)


def wide(page: Page) -> list[str]:
    """What sticks out."""
    return page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.tagName + '.' + e.className).slice(0, 8)"
    )
