"""The flag cookie and the signal, on every request."""

import pytest
from django.test import Client

from forecourt.consent import switches
from forecourt.consent.choices import COOKIE, Answer
from forecourt.consent.models import Entry
from forecourt.edge import choices
from forecourt.people import browsers
from forecourt.policy.policy import Switch

pytestmark = pytest.mark.django_db
SIGNAL = {"Sec-GPC": "1"}
KEPT = "sale-signal.ads-signal"


def value(response) -> str:
    return response.cookies[COOKIE].value if COOKIE in response.cookies else ""


def test_a_first_visit_without_a_signal_brings_no_cookie(client: Client):
    assert not client.get("/contact/").cookies


def test_the_signal_is_kept_from_the_first_request_on_and_holds_no_number(client: Client):
    first, other = client.get("/contact/", headers=SIGNAL), Client().get("/contact/", headers=SIGNAL)

    assert value(first) == value(other) == KEPT
    flag = first.cookies[COOKIE]
    assert (flag["max-age"], flag["path"], flag["samesite"], flag["httponly"]) == (365 * 86_400, "/", "Lax", True)


def test_any_one_of_several_headers_is_the_signal(client: Client):
    assert value(client.get("/contact/", headers={"Sec-GPC": "0,1"})) == KEPT


@pytest.mark.parametrize("said", ["0", "", "true", "11", "1.0", "yes"])
def test_nothing_but_a_one_is_the_signal(client: Client, said: str):
    assert not client.get("/contact/", headers={"Sec-GPC": said}).cookies


def test_do_not_track_is_no_signal_and_changes_no_byte(client: Client):
    tracked, untracked = client.get("/links/"), client.get("/links/", headers={"DNT": "1"})

    assert untracked.content == tracked.content
    assert not untracked.cookies


def test_the_signal_stays_when_it_is_not_sent_later(client: Client):
    client.get("/contact/", headers=SIGNAL)

    page = client.get("/privacy/choices/")

    assert page.wsgi_request.choices.signal
    assert "received before, still honored" in page.content.decode()


def test_a_no_does_not_run_out_while_somebody_comes_back(client: Client):
    client.cookies[COOKIE] = "ads-no"

    assert value(client.get("/contact/")) == "ads-no"


def test_a_yes_is_not_repeated_so_that_a_late_answer_cannot_undo_a_no(client: Client):
    client.cookies[COOKIE] = "analytics-yes.ads-no"

    assert not client.get("/contact/").cookies


def test_files_bring_no_choices_along(client: Client):
    sheet = client.get("/contact/").content.decode().split('rel="stylesheet" href="')[1].split('"')[0]

    assert not client.get(sheet, headers=SIGNAL).cookies


def test_a_signal_after_a_yes_overrules_it_and_goes_into_the_ledger_once(client: Client, now):
    browser, token = browsers.add(now)
    switches.say([browser.pk], Switch.ADS, Answer.YES, "browser", now)
    client.cookies[COOKIE], client.cookies[browsers.COOKIE] = "ads-yes", token

    for _ in range(3):
        page = client.get("/privacy/choices/", headers=SIGNAL)

    assert "You had said yes." in page.content.decode()
    told = Entry.objects.filter(contact=browser.pk, scope="purpose:ads").order_by("seq").values_list("verb", "method")
    assert list(told) == [("granted", "browser"), ("withdrew", "signal")]


def test_a_browser_follows_the_no_of_an_address_that_it_left(client: Client, now):
    from forecourt.people import contacts

    browser, token = browsers.add(now)
    ada = contacts.find_or_add(contacts.read("ada@post.example"), source="test", notice="1", now=now)
    browsers.link(browser, ada, "interaction:1", now)
    switches.say([ada.pk], Switch.ADS, Answer.NO, "link", now)
    client.cookies[COOKIE], client.cookies[browsers.COOKIE] = "ads-yes", token

    assert client.get("/contact/").wsgi_request.choices.said_yes == frozenset()


def test_without_its_cookie_nothing_is_asked_of_the_database(client: Client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/.well-known/gpc.json", headers=SIGNAL)


def test_machines_are_told_that_the_signal_is_obeyed(client: Client):
    answer = client.get("/.well-known/gpc.json")

    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"gpc": True, "lastUpdate": "2026-10-15"}


@pytest.mark.parametrize("cookies", ["choices=ads-no; choices=ads-yes", "choices=ads-yes; choices=ads-no"])
def test_a_second_cookie_of_the_name_takes_back_no_no(client: Client, cookies: str):
    """As another path has it, or a neighbouring host that sets one for ours."""
    page = client.get("/privacy/choices/", headers={"Cookie": f"browser=known; {cookies}"})

    assert value(page) == "ads-no"
    assert page.wsgi_request.choices.said_no == {Switch.ADS}


def test_a_yes_to_ads_ends_with_the_number_by_which_a_later_no_finds_every_list(client: Client):
    client.cookies[COOKIE] = "sale-yes.ads-yes.analytics-yes"
    page = client.get("/models/")

    assert page.wsgi_request.choices.said_yes == {Switch.ANALYTICS}
    assert "murmur" not in page.content.decode() + page.headers["Content-Security-Policy"]


def test_the_signal_overrules_no_yes_that_had_ended(client: Client):
    client.cookies[COOKIE] = "ads-yes"

    assert value(client.get("/contact/", headers=SIGNAL)) == KEPT


@pytest.mark.parametrize(
    ("held", "age"),
    [("16+", "16+"), ("13-15", "13-15"), ("under-13", "under-13"), ("under-13+a-parents-yes", "under-13"), ("99", "")],
)
def test_an_age_that_was_answered_is_not_asked_again_and_a_parents_yes_makes_nobody_older(rf, held, age):
    request = rf.get("/")
    request.COOKIES["age"] = held

    assert choices.age_of(request) == age
