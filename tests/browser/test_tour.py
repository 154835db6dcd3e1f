"""The tour, taken by a newcomer: book, read, say stop, watch the next text be refused; then break promises and mend them.

And its second chapter: come as nobody, see what a signal does, break the way to a no.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import WAYS, Visitor

# A break is looked at twice, some by a real browser; the page has to be back before anybody goes away.
PATIENCE = 90_000


def test_the_tour_works_from_the_booking_to_the_refused_reminder_in_every_way_in_which_people_come(arrive, phones):
    newcomers = [(arrive(way), next(phones)) for way in WAYS]
    day = ""
    for visitor, phone in newcomers:
        day = books_by_the_tour(visitor, phone, day)
        answers_stop(visitor, phone)

    visitor, _ = newcomers[-1]
    page = visitor.goes_to("/demo/")
    assert "You said stop" in visitor.words
    page.get_by_role("button", name="Go to the reminder").click(timeout=PATIENCE)
    newest = page.locator(".tour-events li").first
    expect(newest).to_contain_text("Refused")
    expect(newest).to_contain_text("You told us to stop")
    for visitor, phone in newcomers:
        visitor.goes_to(f"/demo/phone/?number={phone}")
        visitor.waits_for(
            "Not sent: A text to remind you of the test drive that you booked was refused. You told us to stop"
        )


def books_by_the_tour(visitor: Visitor, phone: str, day: str) -> str:
    """The first free time of that day, or of the last one that has times for all; answers with the day. The clock then goes to the
    last one's reminder, by which nobody's drive is over yet."""
    page = visitor.goes_to("/demo/")
    page.locator("#book").get_by_role("link").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Where are you?").fill("27284")
    page.get_by_role("button", name="Show dealers").click()
    page.get_by_role("link", name="Choose a time").first.click()
    free = [str(each.get_attribute("value")) for each in page.locator("input[name=slot]").all()]
    day = day or [value for value in free if len(of_the_day(value, free)) >= len(WAYS)][-1]
    visitor.fills_in(phone, texts=True, nth=free.index(of_the_day(day, free)[0]))
    visitor.books()
    return day


def of_the_day(slot: str, free: list[str]) -> list[str]:
    return [value for value in free if value[:10] == slot[:10]]


def answers_stop(visitor: Visitor, phone: str) -> None:
    page = visitor.goes_to("/demo/")
    visitor.waits_for("Left Text to confirm")
    page.locator("#read").get_by_role("link", name="Phone").click()
    visitor.goes_to(f"/demo/phone/?number={phone}")
    visitor.waits_for("is booked for")
    page.get_by_label("Your answer").fill("please leave me alone")
    page.get_by_role("button", name="Send").click()
    assert "texts about test drives have ended" in visitor.words


@pytest.mark.parametrize(
    ("code", "promise", "finding"),
    [
        ("stop", "P-3F-5", "a text left after STOP"),
        ("lead", "P-3-6", "a lead left under a contract that ran out"),
    ],
)
def test_a_broken_promise_is_seen_on_the_checks_page_and_recovers_when_mended(guest, code, promise, finding):
    page = guest.goes_to("/demo/")
    card = page.locator(f"#break-{code}")
    card.get_by_role("button", name="Break it").click(timeout=PATIENCE)
    try:
        expect(card.get_by_role("status")).to_contain_text(re.compile(finding, re.IGNORECASE))

        guest.goes_to("/privacy/checks/")
        assert re.search(f"{promise}.*under review since|under review since.*{promise}", guest.words), guest.words
        guest.goes_to(f"/privacy/checks/{promise}/")
        assert "under review since" in guest.words
        assert finding in guest.words.lower() or finding in guest.words
    finally:
        guest.goes_to("/demo/")
        card.get_by_role("button", name="Mend it").click(timeout=PATIENCE)

    expect(card.get_by_role("button", name="Break it")).to_be_visible()
    guest.goes_to(f"/privacy/checks/{promise}/")
    assert "under review since" not in guest.words
    assert re.search("checked|repaired", guest.words, re.IGNORECASE)


def test_a_covered_link_is_covered_for_everybody_and_a_browser_that_looks_notices(guest):
    page = guest.goes_to("/demo/")
    card = page.locator("#break-link")
    card.get_by_role("button", name="Break it").click(timeout=PATIENCE)
    try:
        expect(card.get_by_role("status")).to_contain_text("Something lies on top of the link to the policy")
        guest.goes_to("/models/")
        assert page.evaluate(ON_TOP, "/privacy/") == "NAV"
        guest.goes_to("/privacy/checks/")
        assert re.search("S-37.*under review since|under review since.*S-37", guest.words), guest.words
    finally:
        guest.goes_to("/demo/")
        card.get_by_role("button", name="Mend it").click(timeout=PATIENCE)

    guest.goes_to("/models/")
    assert page.evaluate(ON_TOP, "/privacy/") == "A"


def test_the_second_chapter_shows_what_a_signal_does_to_a_page(guest):
    page = guest.goes_to("/demo/")
    page.get_by_role("link", name="No means no").click()
    assert "Your browser sends us no cookie, and nobody else knows that you are here" in guest.words
    page.get_by_role("link", name="One page, four browsers").click()

    came, with_signal, after_yes, overruled = page.locator(".tour-browsers section").all_inner_texts()
    assert "Nobody but us" in came
    assert "No cookie" in came
    assert "Set-Cookie: choices=sale-signal.ads-signal" in with_signal
    assert "tags.murmur.localhost" in after_yes
    assert "Nobody but us" in overruled
    assert "sale-overruled" in overruled


def test_a_banner_over_the_way_to_a_no_lies_there_at_once_and_is_noticed_until_it_is_mended(guest):
    """The page was kept from before; the second browser looks while the check still runs."""
    second = guest.context.new_page()
    second.goto("/models/")
    assert second.evaluate(ON_TOP, "/privacy/choices/") == "A"
    page = guest.goes_to("/demo/no/")
    card = page.locator("#break-banner")
    card.get_by_role("button", name="Break it").click(no_wait_after=True)
    try:
        second.wait_for_timeout(500)
        second.goto("/models/")
        assert second.evaluate(ON_TOP, "/privacy/choices/") != "A"
        expect(card.get_by_role("status")).to_contain_text("The link to the choices is covered", timeout=PATIENCE)
        second.goto("/privacy/checks/S-31/")
        expect(second.locator("main")).to_contain_text("under review since")
    finally:
        guest.goes_to("/demo/no/")
        card.get_by_role("button", name="Mend it").click(timeout=PATIENCE)

    second.goto("/models/")
    assert second.evaluate(ON_TOP, "/privacy/choices/") == "A"
    second.goto("/privacy/checks/S-31/")
    expect(second.locator("main")).to_contain_text("a check failed")


ON_TOP = """(path) => {
    const link = document.querySelector(`footer a[href='${path}']`);
    link.scrollIntoView();
    const box = link.getBoundingClientRect();
    return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2).tagName;
}"""


def test_another_site_cannot_press_the_tours_buttons(guest):
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}

    answer = guest.context.request.post("/demo/break/stop/", headers=headers)

    assert answer.status == 403
    guest.goes_to("/demo/")
    expect(guest.page.get_by_role("button", name="Mend it")).to_have_count(0)
