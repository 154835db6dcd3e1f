import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client

from forecourt.console import accounts, first_staff, undertakings
from tests.console.signing_in import SECRET, code, give_password, sign_in


def test_a_password_alone_reaches_the_set_up_page_and_nothing_else(newcomer):
    client = Client()

    give_password(client, newcomer.username)

    assert client.get("/staff/").headers["Location"] == "/staff/account/second-factor/app/"
    assert client.get("/staff/stop/").headers["Location"] == "/staff/account/second-factor/app/"
    assert b"Set up your second factor" in client.get("/staff/account/second-factor/app/").content


def test_setting_up_the_second_factor_opens_the_console_and_shows_recovery_codes(newcomer, monkeypatch):
    from allauth.mfa.totp.internal import auth as totp

    client = Client()
    monkeypatch.setattr(totp, "generate_totp_secret", lambda: SECRET)
    give_password(client, newcomer.username)
    client.get("/staff/account/second-factor/app/")

    done = client.post("/staff/account/second-factor/app/", {"code": code()}, follow=True)

    assert b"Recovery codes" in done.content
    assert client.get("/staff/").status_code == 200


def test_a_session_from_before_the_second_factor_was_set_up_has_to_show_it(newcomer):
    from allauth.mfa.totp.internal.auth import TOTP

    thief = Client()
    give_password(thief, newcomer.username)
    TOTP.activate(newcomer, SECRET)

    refused = thief.get("/staff/")

    assert refused.headers["Location"] == "/staff/account/login/?next=/staff/"
    assert thief.get("/staff/account/second-factor/app/").status_code == 302


def test_an_unknown_handle_gets_the_same_answer_as_a_wrong_password(clerk):
    wrong = give_password(Client(), clerk.username, "not the password").content.decode()
    unknown = give_password(Client(), "desk-none", "not the password").content.decode()

    assert "do not belong together" in wrong
    assert "do not belong together" in unknown


def test_after_five_wrong_passwords_the_right_one_waits_too(clerk):
    client = Client()
    for _ in range(5):
        give_password(client, clerk.username, "not the password")

    answer = give_password(client, clerk.username)

    assert b"Too many tries" in answer.content
    assert client.get("/staff/").status_code == 302


def test_wrong_codes_are_throttled(clerk):
    client = Client()
    give_password(client, clerk.username)
    for _ in range(10):
        client.post("/staff/account/code/", {"code": "000000"})

    client.post("/staff/account/code/", {"code": code()})

    assert client.get("/staff/").status_code == 302


def test_a_code_of_the_app_opens_one_session_and_no_second(clerk):
    sign_in(Client(), clerk)
    thief = Client()

    give_password(thief, clerk.username)
    thief.post("/staff/account/code/", {"code": code()})

    assert thief.get("/staff/").status_code == 302


def test_a_recovery_code_opens_one_session_and_no_second(clerk):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    spare = RecoveryCodes.activate(clerk).get_unused_codes()[0]
    owner, thief = Client(), Client()
    for client in (owner, thief):
        give_password(client, clerk.username)
        client.post("/staff/account/code/", {"code": spare})

    assert owner.get("/staff/").status_code == 200
    assert thief.get("/staff/").status_code == 302


def test_signing_in_begins_a_session_that_nobody_could_know_before(clerk):
    client = Client()
    client.get("/staff/account/login/")
    keys = [client.session.session_key]
    give_password(client, clerk.username)
    keys.append(client.session.session_key)
    client.post("/staff/account/code/", {"code": code()})
    keys.append(client.session.session_key)

    assert client.get("/staff/").status_code == 200
    assert keys[-1] not in keys[:-1]
    assert len(keys[-1]) * 5 >= 128  # a letter or digit of Django's keys holds five bits


def test_an_account_opens_with_an_undertaking_and_not_without(db, now):
    user = accounts.add("seven small wrens sing", chosen=True)

    with pytest.raises(accounts.NoUndertaking, match="Have version"):
        accounts.activate(user, now)

    assert not user.is_active


def test_an_undertaking_that_runs_out_shuts_a_running_session(desk, clerk, now, monkeypatch):
    assert desk.get("/staff/").status_code == 200
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: now + undertakings.in_force(now).lasts)

    shut = desk.get("/staff/")

    assert shut.status_code == 403
    assert b"This account is shut" in shut.content
    assert b"This account is shut" in give_password(Client(), clerk.username).content


def test_undertakings_cannot_be_changed(clerk):
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE console_undertaking SET until = until + interval '1 year'")


def test_a_login_cannot_hold_a_name_or_an_email_address(clerk):
    with pytest.raises(IntegrityError, match="only_a_handle"), transaction.atomic():
        User.objects.filter(pk=clerk.pk).update(email="somebody@example.com")


def test_second_factors_and_sessions_lie_sealed(newcomer, clerk, desk):
    setting_up = Client()
    give_password(setting_up, newcomer.username)
    setting_up.get("/staff/account/second-factor/app/")

    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    sessions = "".join(Session.objects.values_list("session_data", flat=True))

    assert SECRET not in stored
    assert "mfa.totp" not in sessions
    assert clerk.username not in sessions
    assert setting_up.session["mfa.totp.secret"] not in sessions


def test_the_only_second_factor_stays(desk, clerk):
    desk.post("/staff/account/second-factor/app/removal/")

    assert accounts.has_second_factor(clerk)


def test_staff_cookies_end_with_the_browser_and_stay_under_staff(clerk):
    client = sign_in(Client(), clerk)

    assert set(client.cookies) == {"staff_session", "staff_csrf"}
    for cookie in client.cookies.values():
        assert cookie["path"] == "/staff"
        assert cookie["httponly"]
        assert not cookie["expires"]
        assert not cookie["max-age"]
        assert cookie["samesite"] in ("Lax", "Strict")


def test_staff_pages_are_kept_by_no_cache(desk):
    assert desk.get("/staff/").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(clerk):
    client = Client(enforce_csrf_checks=True)

    assert give_password(client, clerk.username).status_code == 403


def test_signing_out_ends_the_session(desk):
    desk.post("/staff/account/logout/")

    assert desk.get("/staff/").status_code == 302


def test_the_first_account_signs_in_with_what_was_printed(db, now, settings, tmp_path):
    settings.VAR = tmp_path
    made = first_staff.ensure(now)
    client = Client()

    give_password(client, made.handle, made.password)
    client.post("/staff/account/code/", {"code": first_staff.demo_code()})

    assert client.get("/staff/").status_code == 200
    assert made.address.startswith(f"otpauth://totp/{made.handle}?secret={made.secret}&issuer=Wren%20staff")


def test_the_first_account_is_made_once_and_outside_the_demo_shown_once(db, now, settings, tmp_path):
    settings.VAR = tmp_path
    settings.DEMO = False
    first_staff.ensure(now)

    assert first_staff.ensure(now + timedelta(days=1)) is None
    assert User.objects.count() == 1
    with pytest.raises(first_staff.DemoOnly):
        first_staff.demo_code()


def test_the_demo_shows_the_first_account_again(db, now, settings, tmp_path):
    settings.VAR = tmp_path
    settings.DEMO = True

    assert first_staff.ensure(now) == first_staff.ensure(now)
    assert (tmp_path / "demo-staff").stat().st_mode & 0o077 == 0


def test_whoever_is_no_editor_is_told_so_and_not_sent_round(desk):
    page = desk.get("/staff/cms/")

    assert page.status_code == 403
    assert "Editors change the pages" in page.content.decode()
    assert 'href="/staff/cms/"' not in page.content.decode()


def test_a_suspended_account_is_out_at_once(desk, clerk):
    accounts.suspend(clerk)

    assert desk.get("/staff/").status_code == 302


def test_starting_again_takes_the_old_factor_and_open_sessions_away(desk, clerk):
    accounts.start_again(clerk, "another password for wrens")

    assert desk.get("/staff/").status_code == 302
    assert not Authenticator.objects.filter(user=clerk).exists()


def test_the_cms_reaches_no_other_host(db, now, settings, tmp_path):
    settings.VAR = tmp_path
    made = first_staff.ensure(now)
    client = Client()
    give_password(client, made.handle, made.password)
    client.post("/staff/account/code/", {"code": first_staff.demo_code()})

    page = client.get("/staff/cms/")

    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "http" not in page.headers["Content-Security-Policy"]


def test_an_editor_reaches_the_pages(db, now):
    from allauth.mfa.totp.internal.auth import TOTP

    editor = accounts.add("seven small wrens sing", groups=[accounts.EDITORS], chosen=True)
    accounts.sign(editor, now)
    TOTP.activate(editor, SECRET)

    assert sign_in(Client(), editor).get("/staff/cms/").status_code == 200
