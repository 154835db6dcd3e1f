"""A password that somebody handed over opens the page to choose another one, and nothing else."""

import pytest
from django.test import Client

from forecourt.console import accounts, first_staff
from tests.console.signing_in import SECRET, give_password, sign_in

HANDED, OWN = "k4rJ-handed-over", "nine larks over the ridge"
PAGE = "/staff/account/password/"


@pytest.fixture
def recruit(db, now):
    """Signed, and has set up the app; the password is the one that was handed over."""
    from allauth.mfa.totp.internal.auth import TOTP

    user = accounts.add(HANDED, handle="desk-n3w2")
    accounts.sign(user, now)
    TOTP.activate(user, SECRET)
    return user


def with_both(user, password: str) -> Client:
    client = Client()
    give_password(client, user.username, password)
    from tests.console.signing_in import code

    client.post("/staff/account/code/", {"code": code()})
    return client


def choose(client: Client, new: str, old: str = HANDED):
    return client.post(PAGE, {"oldpassword": old, "password1": new, "password2": new})


def test_whoever_has_a_handed_password_chooses_another_one_before_anything_else(recruit):
    client = with_both(recruit, HANDED)

    for path in ("/staff/", "/staff/stop/", "/staff/cases/", "/staff/browsers/", "/staff/cms/"):
        assert client.get(path).headers["Location"] == PAGE
    assert client.post("/staff/find/", {"typed": "x"}).headers["Location"] == PAGE
    assert "Choose a password of your own" in client.get(PAGE).content.decode()

    assert choose(client, OWN).status_code == 302
    assert client.get("/staff/").status_code == 200
    recruit.refresh_from_db()
    assert recruit.check_password(OWN)


@pytest.mark.parametrize("new", [HANDED, "short", "wrenwrenwrenwren", "passwordpassword"])
def test_the_handed_one_again_or_one_that_is_easy_to_guess_is_none_of_ones_own(recruit, new):
    client = with_both(recruit, HANDED)

    assert choose(client, new).status_code == 200
    assert client.get("/staff/").headers["Location"] == PAGE
    recruit.refresh_from_db()
    assert recruit.check_password(HANDED)


def test_one_that_was_chosen_is_not_asked_for_again(clerk):
    assert sign_in(Client(), clerk).get("/staff/").status_code == 200
    assert not accounts.must_choose_password(clerk)


def test_starting_again_hands_over_a_password_that_has_to_go_too(clerk):
    accounts.start_again(clerk, HANDED)

    assert accounts.must_choose_password(clerk)


def test_the_first_account_chooses_its_own_where_it_is_no_demo(db, now, settings, tmp_path):
    settings.VAR, settings.DEMO = tmp_path, False

    made = first_staff.ensure(now)

    assert accounts.must_choose_password(accounts.User.objects.get(username=made.handle))


def test_what_a_demo_showed_has_to_go_when_it_is_a_demo_no_more(db, now, settings, tmp_path):
    settings.VAR, settings.DEMO = tmp_path, True
    made = first_staff.ensure(now)
    user = accounts.User.objects.get(username=made.handle)
    assert not accounts.must_choose_password(user)

    settings.DEMO = False
    first_staff.ensure(now)

    assert accounts.must_choose_password(user)
    assert not (tmp_path / "demo-staff").exists()
