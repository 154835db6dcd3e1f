"""The page of cookies: what each says, and forgetting them with what lies behind."""

import pytest
from django.http import QueryDict

from forecourt.consent import policies, switches
from forecourt.people import browsers, memory
from forecourt.people.models import Memory
from forecourt.policy.policy import Switch
from forecourt.rights import my_cookies
from tests.cast import ADA, fields

PAGE = "/privacy/cookies/"
DELETION = "/privacy/cookies/deletion/"


@pytest.fixture
def page(db, at, client):
    return lambda **more: client.get(PAGE, **more).content.decode()


def ours_that_stay() -> list[str]:
    rows = policies.book().versions[0].cookies.values()
    return [row.name for row in rows if row.lifetime is not None and not row.host]


def delete(client, name: str):
    return client.post(DELETION, {"name": name}, follow=True)


def test_a_newcomer_has_none_and_every_declared_cookie_is_explained(page, client):
    shown = page()
    declared = policies.book().versions[0].cookies

    assert "None. Your browser sent us no cookie of ours" in shown
    assert "Delete all" not in shown
    assert not client.cookies
    for cookie in declared.values():
        assert f'id="cookie-{cookie.name}"' in shown
        assert cookie.host or f'id="without-{cookie.name}"' in shown
        assert f"It {cookie.reason}" in shown


def test_it_says_in_words_what_was_chosen(page, client):
    client.cookies["choices"] = "sale-no.ads-signal.analytics-yes"
    shown = page()

    assert "Selling or sharing your data: no, said by you" in shown
    assert "Targeted advertising: no, from your browser’s signal" in shown
    assert "Counting visits: yes, said by you" in shown


def test_it_says_which_car_was_looked_at(page, client):
    client.cookies["recent"] = "pipit.2026-11-22"

    assert "You last looked at the pipit, on November 22, 2026." in page()


def test_it_says_which_dealer_was_picked(page, client, dealer):
    client.cookies["my_dealer"] = dealer.slug

    assert f"Your dealer: {dealer.name}." in page()


def test_every_cookie_that_stays_is_told_in_words_of_its_own():
    assert set(ours_that_stay()) <= set(my_cookies.SAYS)


def test_it_says_what_a_form_remembers_and_until_when(page, client, dealer, at):
    client.post("/test-drive/", fields(ADA, dealer, at.now, remember="on"), follow=True)

    assert "kept since December 1, 2026, until May 30, 2027" in page()


@pytest.mark.parametrize("value", ["", "zzz", "<script>", "sale-yes." * 99])
@pytest.mark.parametrize("name", ["choices", "form_memory", "browser", "age", "recent", "staff_session", "_ga"])
def test_no_value_of_a_cookie_makes_the_page_fall_over_or_stands_on_it_as_code(page, client, name, value):
    client.cookies[name] = value

    assert "<script>" not in page()


def test_names_that_are_not_ours_are_named_and_not_explained(page, client):
    client.cookies["_ga"] = "GA1.2.3"
    shown = page()

    assert "not ours to explain: <code>_ga</code>" in shown
    assert "GA1.2.3" not in shown


def test_a_deleted_cookie_is_absent_from_the_next_request_and_what_lay_behind_it_is_destroyed(client, dealer, at):
    client.post("/test-drive/", fields(ADA, dealer, at.now, remember="on"), follow=True)
    token = client.cookies["form_memory"].value
    shown = delete(client, "form_memory")

    assert "form_memory" not in shown.wsgi_request.COOKIES or not shown.wsgi_request.COOKIES["form_memory"]
    assert not Memory.objects.exists()
    assert memory.about(token, at.now) is None


def test_all_of_them_go_at_one_press(client, dealer, at):
    client.post("/test-drive/", fields(ADA, dealer, at.now, remember="on"), follow=True)
    client.cookies["choices"] = "analytics-yes"
    answer = client.post(DELETION, {"name": "all"})

    gone = {name for name, cookie in answer.cookies.items() if str(cookie["max-age"]) == "0"}
    assert set(ours_that_stay()) == gone
    assert QueryDict(answer.headers["Location"].partition("?")[2]).getlist("deleted") == ["choices", "form_memory"]


def test_the_login_name_is_deleted_where_it_lies(client, db, at):
    answer = client.post(DELETION, {"name": "login_id"})

    assert answer.cookies["login_id"]["path"] == "/staff/account/login/"
    assert str(answer.cookies["login_id"]["max-age"]) == "0"


@pytest.mark.parametrize("name", ["age", "staff_session", "_ga", "", "x" * 500])
def test_what_ends_with_the_visit_and_what_is_not_ours_is_not_deleted_here(client, db, at, name):
    client.cookies["age"] = "under-13"

    assert not client.post(DELETION, {"name": name}).cookies


def test_deleting_a_yes_takes_it_back_where_it_was_told(client, db, at):
    browser, token = browsers.add(at.now)
    switches.say([browser.pk], Switch.ADS, "yes", "page", at.now)
    client.cookies["choices"] = "ads-yes"
    client.cookies["browser"] = token
    answer = client.post(DELETION, {"name": "browser"})

    assert Switch.ADS in switches.of(browser.pk).said_no
    assert browsers.find(token) is None
    assert "ads-no" in answer.cookies["choices"].value


def test_a_signal_brings_its_flag_back_and_the_page_says_so(client, db, at):
    client.cookies["choices"] = "sale-signal.ads-signal"
    answer = client.post(DELETION, {"name": "choices"}, follow=True, headers={"sec-gpc": "1"})

    assert "It comes again with the same no." in answer.content.decode()


def test_the_page_is_kept_by_no_cache(client, db, at):
    assert "no-store" in client.get(PAGE).headers["Cache-Control"]


def test_another_field_is_refused(client, db, at):
    assert client.post(DELETION, {"name": "all", "email": "x"}).status_code == 422


def test_the_policy_page_shows_the_same_table(client, db, at):
    from forecourt.consent import policies

    shown = client.get("/privacy/").content.decode()

    for name in policies.book().versions[0].cookies:
        assert f'id="cookie-{name}"' in shown
