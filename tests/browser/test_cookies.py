"""What a real browser keeps of us: nothing unless it was asked for, and no longer than it was meant to."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.visitor import DESK, SWITCHES, Visitor, Way, find_chromium

DAY = 86_400
WITH_COOKIES = [Way(), Way("without JavaScript", scripts=False)]
REMEMBER = "Fill this in for me next time"


@pytest.fixture(params=WITH_COOKIES, ids=str)
def keeper(request, arrive) -> Visitor:
    """Somebody whose browser takes cookies, and who will ask for one."""
    visitor = arrive(request.param)
    visitor.asked_for_cookies = True
    return visitor


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def refuser(request, arrive) -> Visitor:
    """Somebody whose browser takes no cookie at all."""
    return arrive(Way("refusing cookies", cookies=False, scripts=request.param))


def books(visitor: Visitor, mailbox: str, *, remember: bool) -> None:
    visitor.chooses_a_dealer()
    visitor.fills_in(mailbox)
    visitor.page.get_by_label(REMEMBER).set_checked(remember)
    visitor.books()


def names(context: BrowserContext) -> set[str]:
    return {cookie["name"] for cookie in context.cookies()}


def test_a_form_fills_itself_in_where_that_was_ticked_and_forgets_at_one_press(keeper, mailbox):
    books(keeper, mailbox, remember=True)
    [cookie] = keeper.context.cookies()
    assert cookie["name"] == "form_memory"
    assert cookie["httpOnly"]
    assert cookie["expires"] - time.time() == pytest.approx(180 * DAY, abs=2 * DAY)

    keeper.chooses_a_dealer()
    page = keeper.page
    expect(page.get_by_label("Your name")).to_have_value("Ada Brightwater")
    expect(page.get_by_label("Email or mobile number")).to_have_value(mailbox)
    page.get_by_role("button", name="Forget this").click()

    expect(page.get_by_label("Your name")).to_have_value("")
    expect(page.get_by_label(REMEMBER)).not_to_be_checked()
    assert keeper.context.cookies() == []


def test_without_the_tick_the_next_visit_finds_empty_fields_and_no_cookie(visitor, mailbox):
    books(visitor, mailbox, remember=False)
    visitor.chooses_a_dealer()

    expect(visitor.page.get_by_label("Your name")).to_have_value("")
    assert "form_memory" not in names(visitor.context)


def test_the_page_of_cookies_shows_and_deletes_what_the_browser_has(keeper, mailbox):
    books(keeper, mailbox, remember=True)
    page = keeper.goes_to("/privacy/cookies/")
    assert "Your browser sent 1 cookie of ours" in keeper.words
    assert "It finds what we fill in for you, kept since" in keeper.words

    page.get_by_role("button", name="Delete form_memory").click()
    assert "Your browser sent us no cookie of ours" in keeper.words
    assert keeper.context.cookies() == []


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_of_cookies_fits_its_window(arrive, width):
    somebody = arrive(viewport=DESK | {"width": width})
    somebody.goes_to("/privacy/cookies/")

    assert somebody.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_with_every_cookie_refused_a_booking_goes_through_and_what_does_not_work_says_so(refuser, mailbox):
    books(refuser, mailbox, remember=True)
    assert "Your browser kept no cookie" in refuser.words
    assert "you type your name and how to reach you again" in refuser.words

    refuser.chooses_a_dealer()
    expect(refuser.page.get_by_label("Your name")).to_have_value("")
    refuser.goes_to("/privacy/cookies/")
    assert "Your browser sent us no cookie of ours" in refuser.words


def test_with_every_cookie_refused_signing_in_says_that_it_needs_one(refuser):
    page = refuser.goes_to("/staff/account/login/")
    page.get_by_label("Login name", exact=True).fill("desk-none")
    page.get_by_label("Password").fill("whatever it is")
    page.get_by_role("button", name="Sign in").click()

    assert "signing in here needs two" in refuser.words


def test_the_login_name_is_filled_in_next_time_and_never_the_password(guest):
    guest.is_staff = True
    handle = guest.site.handles[-1]
    gives_password(guest, handle, "Remember my login name")
    [cookie] = [cookie for cookie in guest.context.cookies() if cookie["name"] == "login_id"]
    assert cookie["path"] == "/staff/account/login/"

    guest.context.clear_cookies(name=re.compile("^staff_"))
    page = guest.goes_to("/staff/account/login/")
    expect(page.get_by_label("Login name", exact=True)).to_have_value(handle)
    expect(page.get_by_label("Password")).to_have_value("")
    assert page.evaluate("document.activeElement.name") == "password"

    gives_password(guest, handle, "This is a shared device")
    guest.context.clear_cookies(name=re.compile("^staff_"))
    guest.goes_to("/staff/account/login/")
    expect(page.get_by_label("Login name", exact=True)).to_have_value("")


def gives_password(visitor: Visitor, handle: str, box: str) -> None:
    page = visitor.goes_to("/staff/account/login/")
    page.get_by_label("Login name", exact=True).fill(handle)
    page.get_by_label("Password").fill(visitor.site.password)
    page.get_by_label(box).check()
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Now the code"


def test_a_browser_that_is_closed_and_opened_again_has_none_of_the_visits_cookies(site, playwright, tmp_path, mailbox):
    """A real profile on a real disk: what stays is what was asked to stay."""
    options = {
        "executable_path": find_chromium(), "args": SWITCHES, "base_url": site.url, "viewport": DESK, "locale": "en-US",
    }  # fmt: skip
    context = playwright.chromium.launch_persistent_context(str(tmp_path / "profile"), **options)
    somebody = Visitor(site, Way(), context, context.pages[0], is_staff=True)
    books(somebody, mailbox, remember=True)
    gives_password(somebody, site.handles[-1], "Remember my login name")
    assert names(context) == {"form_memory", "login_id", "staff_session", "staff_csrf"}
    context.close()

    context = playwright.chromium.launch_persistent_context(str(tmp_path / "profile"), **options)
    somebody = Visitor(site, Way(), context, context.pages[0], is_staff=True)
    assert names(context) == {"form_memory", "login_id"}
    somebody.goes_to("/staff/")
    assert somebody.page.get_by_role("heading", level=1).inner_text() == "Sign in"
    context.close()
