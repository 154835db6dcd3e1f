"""Logging out, devices that others use, and showing once more who one is."""

from datetime import timedelta

import pytest
from django.urls import URLPattern, reverse

from forecourt.accounts import closing, sessions, urls
from forecourt.accounts.models import Account, Session, Ticket, Tried
from forecourt.proof import access
from tests.accounts.at_home import HOME, SIGN_IN, browser, code_in, letter, mail_codes, sign_in
from tests.cast import ADA

# Who gets to which address at all stands in forecourt/proof/access.toml; these ask once more who it is, after a while.
FRESH = {
    "new_passkey_challenge",
    "add_passkey",
    "remove_passkey",
    "second_factor",
    "set_password",
    "remove_password",
    "closure",
    "end_session",
}
ANY = {"token": "x" * 32, "session_id": "00000000-0000-0000-0000-000000000001", "passkey_id": 1, "which": "sale"}


def address(room: URLPattern) -> str:
    return reverse(f"accounts:{room.name}", kwargs={name: ANY[name] for name in room.pattern.converters})


def is_for_anybody(room: URLPattern) -> bool:
    rule = access.access().rule(str(room.pattern))
    assert rule is not None
    return rule.outcomes["nobody"] == "in"


@pytest.mark.parametrize("room", urls.urlpatterns, ids=lambda room: room.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_matters_asks_once_more_after_a_while(home, ada, at, room, method):
    stranger = getattr(browser(), method)(address(room))
    assert (stranger.status_code == 401) == (not is_for_anybody(room))
    if stranger.status_code == 401:
        assert ADA.contact not in stranger.content.decode()

    Session.objects.update(confirmed_at=at.now - sessions.FRESH)
    stale = getattr(home, method)(address(room))
    asked = stale.status_code == 303 and stale["Location"].startswith("/account/confirmation/?")
    assert asked == (room.name in FRESH)
    assert Account.objects.filter(pk=ada.pk).exists()


def test_after_logging_out_the_old_cookie_opens_nothing_anywhere(home, ada):
    token = home.cookies["account"].value

    answer = home.post("/account/sign-out/")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert str(answer.cookies["account"]["max-age"]) == "0"
    assert "You are logged out" in home.get(answer["Location"]).content.decode()
    for room in urls.urlpatterns:
        if not is_for_anybody(room):
            thief = browser()
            thief.cookies["account"] = token
            assert thief.get(address(room)).status_code == 401


def test_a_session_is_asked_for_on_every_request_so_that_another_server_ends_it_too(home, ada):
    Session.objects.filter(account=ada).delete()  # what another server's Log out does

    answer = home.get(HOME)

    assert answer.status_code == 401
    assert str(answer.cookies["account"]["max-age"]) == "0"


def test_logging_out_everywhere_ends_all_and_logging_out_here_ends_one(home, ada):
    other = browser()
    sign_in(other)
    third = browser()
    sign_in(third)

    third.post("/account/sign-out/")
    assert [client.get(HOME).status_code for client in (home, other, third)] == [200, 200, 401]
    other.post("/account/sign-out/", {"everywhere": "yes"})
    assert [client.get(HOME).status_code for client in (home, other)] == [401, 401]


def test_one_browser_can_log_another_out_and_nobody_elses(home, ada):
    other = browser()
    sign_in(other)
    mine = (
        Session.objects.order_by("began_at", "pk").exclude(digest=sessions.digest(home.cookies["account"].value)).get()
    )

    home.post(f"/account/browsers/{mine.pk}/end/")

    assert [client.get(HOME).status_code for client in (home, other)] == [200, 401]


def test_a_form_of_another_site_or_of_nobody_knows_where_does_nothing(home):
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        assert home.post("/account/ways/password/removal/", headers=headers).status_code == 403
    quiet = type(home)()
    quiet.cookies = home.cookies
    assert quiet.post("/account/ways/password/removal/").status_code == 403
    assert (
        quiet.post(
            "/account/browsers/00000000-0000-0000-0000-000000000001/end/", headers={"origin": "null"}
        ).status_code
        == 403
    )


def test_pages_of_an_account_are_kept_nowhere(home):
    for page in (HOME, "/account/ways/", SIGN_IN, "/account/closure/", "/account/confirmation/"):
        answer = home.get(page)
        assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin"), page


def test_a_shared_device_remembers_nothing_and_an_hour_without_a_click_ends_it(ada, at):
    client = browser()
    sign_in(client, remember_login="on")
    assert "account_login_id" in client.cookies

    sign_in(client, remember_login="on", shared_device="on")

    assert not client.cookies["account_login_id"].value
    for _ in range(3):
        at.now += timedelta(minutes=59)
        assert client.get(HOME).status_code == 200
    at.now += timedelta(minutes=60)
    assert client.get(HOME).status_code == 401


def test_a_session_ends_after_half_a_day_without_a_click_and_after_a_week_whatever_happens(home, ada, at):
    for _ in range(15):
        at.now += timedelta(hours=11)
        assert home.get(HOME).status_code == 200
    at.now += timedelta(hours=11)
    assert home.get(HOME).status_code == 401
    sign_in(home)
    at.now += timedelta(hours=12)
    assert home.get(HOME).status_code == 401


def test_the_address_alone_is_filled_in_after_a_tick_and_lasting_cookies_open_nothing(ada):
    client = browser()
    sign_in(client, remember_login="on")
    lasting = {name: held.value for name, held in client.cookies.items() if held["max-age"]}
    assert "account" not in lasting

    other = browser()
    for name, value in lasting.items():
        other.cookies[name] = value

    page = other.get(HOME)
    assert page.status_code == 401
    assert f'value="{ADA.contact}"' in page.content.decode()
    assert 'type="password" name="password"' in page.content.decode()


def test_before_what_matters_a_password_shows_again_who_it_is(home, at):
    at.now += sessions.FRESH
    assert ADA.contact not in home.get(HOME).content.decode()
    asked = home.get("/account/closure/")
    assert asked["Location"] == "/account/confirmation/?next=%2Faccount%2Fclosure%2F"

    assert home.post("/account/confirmation/", {"password": "wrong", "next": HOME}).status_code == 422
    done = home.post("/account/confirmation/", {"password": "seven small wrens sing", "next": "/account/closure/"})

    assert done["Location"] == "/account/closure/"
    assert home.get("/account/closure/").status_code == 200
    assert ADA.contact in home.get(HOME).content.decode()


def test_so_does_a_code_and_only_its_own_accounts(home, at):
    at.now += sessions.FRESH
    page = home.post("/account/confirmation/code/", {"next": "/account/closure/"})["Location"]
    mail_codes(at.now)

    assert browser().post(page.replace("confirmation/", ""), {"code": code_in(ADA.contact)}).status_code == 422
    assert home.post(page, {"code": "00000000"}).status_code == 422
    assert (
        home.post(page, {"code": code_in(ADA.contact), "next": "/account/closure/"})["Location"] == "/account/closure/"
    )
    assert home.get("/account/closure/").status_code == 200


def test_guessing_while_somebody_is_signed_in_waits_as_well(home, at):
    answers = [home.post("/account/confirmation/", {"password": "wrong"}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_closing_leaves_no_row_by_which_anybody_could_sign_in(home, ada, at):
    from django.contrib.auth.models import User

    other = browser()
    sign_in(other)

    asked = home.post("/account/closure/")
    assert "Keep it" in asked.content.decode()
    assert Account.objects.exists()
    done = home.post("/account/closure/", {"sure": "yes"})

    assert done["Clear-Site-Data"]
    assert not any(model.objects.exists() for model in (Account, Session, Ticket, User))
    assert other.get(HOME).status_code == 401
    assert sign_in(browser()).status_code == 422
    mail_codes(at.now)
    assert "Your account is closed" in letter(ADA.contact)


def test_what_has_run_out_goes(home, at):
    browser().post("/account/code/", {"email": ADA.contact})
    at.now += timedelta(days=7)

    closing.forget_expired(at.now)

    assert not any(model.objects.exists() for model in (Session, Ticket, Tried))


def test_nobody_is_signed_in_among_staff_and_no_staff_here(home, ada, at):
    from forecourt.console import accounts as staff

    desk = staff.add("eleven small wrens sing")
    staff.sign(desk, at.now)

    assert home.get("/staff/").status_code == 302
    wrong = home.post("/staff/account/login/", {"login": ada.user.username, "password": "seven small wrens sing"})
    assert "sessionid" not in wrong.cookies
    assert home.get("/staff/").status_code != 200
    assert sign_in(browser(), "eleven small wrens sing", f"{desk.username}@post.example").status_code == 422
