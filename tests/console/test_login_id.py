"""Remember my login name on this device; this is a shared device."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from forecourt.proof import surplus
from tests.console.signing_in import PASSWORD, code, sign_in

LOGIN = "/staff/account/login/"


@pytest.fixture
def gives(clerk):
    def send(client, **more):
        return client.post(LOGIN, {"login": clerk.username, "password": PASSWORD, **more})

    return send


def shown(client: Client) -> tuple[str, bool, str]:
    """What the page to sign in has filled in: the login name, the box, and the password as it came."""
    client.cookies.pop("staff_session", None)  # the browser was closed since
    page = client.get(LOGIN)
    form = page.context["form"]
    return form["login"].value() or "", bool(form["remember_login"].value()), str(form["password"])


def test_without_the_tick_nothing_is_filled_in_next_time(gives):
    client = Client()
    gives(client)

    assert "login_id" not in client.cookies
    assert shown(client)[:2] == ("", False)


def test_with_it_the_login_name_is_filled_in_and_never_the_password(gives, clerk):
    client = Client()
    gives(client, remember_login="on")
    login, ticked, password = shown(client)

    assert (login, ticked) == (clerk.username, True)
    assert "value=" not in password
    assert 'autocomplete="current-password"' in password
    assert 'autocomplete="username"' in client.get(LOGIN).content.decode()
    assert PASSWORD not in client.cookies["login_id"].value


def test_the_cookie_goes_to_the_page_to_sign_in_alone_and_ends_on_its_day(gives):
    client = Client()
    gives(client, remember_login="on")
    cookie = client.cookies["login_id"]

    assert cookie["path"] == LOGIN
    assert cookie["max-age"] == 180 * 86_400
    assert cookie["httponly"]


def test_a_wrong_password_remembers_nothing(clerk):
    client = Client()
    client.post(LOGIN, {"login": clerk.username, "password": "not it", "remember_login": "on"})

    assert "login_id" not in client.cookies


@pytest.mark.parametrize("more", [{}, {"shared_device": "on"}, {"shared_device": "on", "remember_login": "on"}])
def test_no_tick_or_a_shared_device_forgets_what_was_remembered(gives, more):
    client = Client()
    gives(client, remember_login="on")
    del client.cookies["staff_session"]  # the browser was closed
    gives(client, **more)

    assert not client.cookies["login_id"].value
    assert shown(client)[0] == ""


def test_a_name_that_we_did_not_sign_is_not_filled_in(db):
    client = Client()
    client.cookies["login_id"] = "desk-evil:AAAA"

    assert shown(client)[0] == ""


def ends_in() -> timedelta:
    return Session.objects.get().expire_date - timezone.now()


def test_on_a_shared_device_an_hour_without_a_click_ends_the_session_and_a_click_begins_it_anew(gives):
    client = Client()
    gives(client, shared_device="on")
    client.post("/staff/account/code/", {"code": code()})
    assert ends_in() <= timedelta(hours=1)

    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=2))
    assert client.get("/staff/").status_code == 200
    assert timedelta(minutes=59) < ends_in() <= timedelta(hours=1)

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/staff/").status_code == 302


def test_a_session_of_a_shared_device_ends_with_the_browser_all_the_same(gives):
    client = Client()
    gives(client, shared_device="on")

    assert not client.cookies["staff_session"]["max-age"]
    assert not client.cookies["staff_session"]["expires"]


def test_elsewhere_a_session_lasts_the_working_day(gives):
    client = Client()
    gives(client)

    assert ends_in() > timedelta(hours=7)


def test_signing_out_takes_every_cookie_of_the_visit_with_it(clerk):
    client = sign_in(Client(), clerk)
    answer = client.post("/staff/account/logout/")

    gone = {name for name, cookie in answer.cookies.items() if str(cookie["max-age"]) == "0"}
    assert gone == {"staff_session", "staff_csrf", "wagtail_sidebar_collapsed"}
    assert not any(cookie.value for cookie in answer.cookies.values())


def test_after_signing_out_the_next_one_can_sign_in(clerk, gives):
    client = sign_in(Client(), clerk)
    client.post("/staff/account/logout/")

    assert gives(client).headers["Location"] == "/staff/account/code/"


def test_a_browser_without_cookies_is_told_so_where_it_signs_in(db):
    answer = Client(enforce_csrf_checks=True).post(LOGIN, {"login": "desk-4f2k", "password": "x"})

    assert answer.status_code == 403
    assert "Your browser kept no cookie" in answer.content.decode()


def test_a_cookie_that_was_dropped_stands_on_the_desk_until_the_day_after(desk, now):
    surplus.saw("visitor", "the cookie visitor is not in the policy", now)
    page = desk.get("/staff/work/").content.decode()

    assert "Cookies that were dropped" in page
    assert "<code>visitor</code>" in page
    assert desk.get("/staff/").context["figures"].surplus_cookies == 1
    assert surplus.ringing(now + timedelta(days=1)).exists()
    assert not surplus.ringing(now + timedelta(days=2)).exists()
