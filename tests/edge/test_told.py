"""What happens at the doors leaves one line each: who came in by which way, who did not, what was refused. No line names anybody."""

import json
import logging
import sys

import pytest

from forecourt.accounts import sessions, throttle
from forecourt.edge.logs import IdsOnly, JsonLines
from forecourt.people import vault
from forecourt.security_log import Event, tell
from tests.accounts.at_home import browser, code_in, mail_codes, sign_in
from tests.accounts.conftest import ada as ada
from tests.cast import ADA
from tests.console.conftest import clerk as clerk
from tests.console.signing_in import give_password
from tests.console.signing_in import sign_in as staff_signs_in


@pytest.fixture(autouse=True)
def _hashed_in_a_moment(settings, monkeypatch):
    from forecourt.accounts import passwords

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    passwords._nobodys.cache_clear()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([59_000_000]))
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def told(caplog):
    """What was told so far, each as its facts."""
    caplog.set_level(logging.INFO, logger="forecourt.security")

    def facts() -> list[dict[str, str]]:
        return [record.security for record in caplog.records if record.name == "forecourt.security"]

    return facts


def number(account) -> str:
    return vault.number_of("visitor", str(account.pk))


def test_a_right_password_and_a_wrong_one_are_told(ada, told):
    sign_in(browser(), "not the password")
    sign_in(browser(), email="nobody@post.example")
    sign_in(browser())

    assert told() == [
        {"event": "sign-in-failed", "way": "password"},
        {"event": "sign-in-failed", "way": "password"},
        {"event": "signed-in", "way": "password", "account": number(ada)},
    ]


def test_a_mailed_code_and_a_wrong_one_are_told(ada, at, told):
    client = browser()
    page = client.post("/account/code/", {"email": ADA.contact})["Location"]
    mail_codes(at.now)

    client.post(page, {"code": "00000000"})
    client.post(page, {"code": code_in(ADA.contact)})

    assert [(one["event"], one["way"]) for one in told()] == [("sign-in-failed", "code"), ("signed-in", "code")]


def test_showing_again_who_one_is_is_told_and_so_are_new_ways_in_and_signing_out(ada, at, told):
    client = browser()
    sign_in(client)
    client.post("/account/confirmation/", {"password": "a guess"})
    client.post("/account/confirmation/", {"password": "seven small wrens sing"})
    client.post(
        "/account/ways/password/",
        {"password": "seven small wrens sing", "new_password": "nine larks over the ridge"},
    )
    client.post("/account/sign-out/")

    assert [one["event"] for one in told()] == [
        "signed-in", "confirming-failed", "confirmed", "signed-out", "ways-in-changed", "signed-out",
    ]  # fmt: skip
    assert {one["account"] for one in told()} == {number(ada)}


def test_a_refused_page_is_told_with_its_name(ada, told):
    browser().get("/account/")
    browser().get("/staff/stop/")

    assert told() == [
        {"event": "page-refused", "page": "accounts:home"},
        {"event": "page-refused", "page": "console:stop"},
    ]


def test_a_page_that_is_not_for_this_account_of_staff_is_told_with_its_number(clerk, at, told):
    desk = staff_signs_in(browser(), clerk)
    desk.get("/staff/who/")
    desk.get("/staff/cms/")

    mine = vault.number_of("staff", str(clerk.pk))
    assert [(one["event"], one.get("page"), one["account"]) for one in told()] == [
        ("second-factor-shown", None, mine),
        ("signed-in", None, mine),
        ("page-refused", "console:who", mine),
        ("page-refused", "wagtailadmin_home", mine),
    ]


def test_a_wrong_password_and_a_wrong_second_factor_of_staff_are_told(clerk, at, told):
    client = browser()
    give_password(client, clerk.username, "not the password")
    give_password(client, clerk.username)
    client.post("/staff/account/code/", {"code": "000000"})

    assert [one["event"] for one in told()] == ["sign-in-failed", "second-factor-failed"]
    assert clerk.username not in str(told())


def test_a_form_of_another_site_is_told(db, at, told):
    browser(**{"sec-fetch-site": "cross-site"}).post("/privacy/choices/sale/no/")

    assert [one["event"] for one in told()] == ["form-refused"]


def test_a_field_that_no_form_has_is_told(db, at, told):
    browser().post("/account/sign-in/", {"email": ADA.contact, "password": "x", "is_staff": "1"})

    assert told() == [{"event": "field-refused", "page": "accounts:sign_in"}]


def test_a_full_limit_is_told(ada, told):
    for _ in range(throttle.PASSWORD_HERE.most + 1):
        sign_in(browser(), "a guess")

    assert told()[-1] == {"event": "limit-full", "page": "accounts:sign_in"}


def test_a_full_limit_of_staff_is_told(clerk, at, told):
    for _ in range(6):
        give_password(browser(), clerk.username, "a guess")

    assert told()[-1] == {"event": "limit-full", "page": "account_login"}


def test_no_line_holds_an_address_a_login_name_or_what_was_typed(ada, clerk, at, told, caplog):
    sign_in(browser(), "my own secret", email=ADA.contact)
    sign_in(browser())
    staff_signs_in(browser(), clerk)
    browser().get("/account/?email=ada@example.com")

    lines = " ".join(IdsOnly().format(record) + JsonLines().format(record) for record in caplog.records)
    assert len(told()) == 5
    for typed in (ADA.contact, "ada", "my own secret", clerk.username, "127.0.0.1", "Firefox"):
        assert typed not in lines


def test_what_comes_from_outside_gets_into_no_fact(told):
    tell(Event.PAGE_REFUSED, page="accounts:home\nevent=signed-in", account="ada@example.com")

    assert told() == [{"event": "page-refused", "page": "-", "account": "-"}]


def test_the_number_of_an_account_is_its_own_and_says_nothing_without_the_key(ada, monkeypatch):
    assert sessions.number(ada) == number(ada) != vault.number_of("staff", str(ada.pk))
    before = number(ada)
    monkeypatch.setattr("forecourt.adapters.keystore.index_key", lambda: b"another key" * 3)

    assert number(ada) != before


def record(message: str, *arguments: object, **more: object) -> logging.LogRecord:
    made = {"name": "forecourt.security", "msg": message, "args": arguments, "levelname": "INFO", "levelno": 20}
    return logging.makeLogRecord(made | {"created": 1_796_140_800.25, "msecs": 250.0} | more)


def test_a_json_line_has_a_field_for_each_fact():
    told = JsonLines().format(record("event=%s", "signed-in", security={"event": "signed-in", "way": "code"}))

    assert json.loads(told) == {
        "at": "2026-12-01T16:00:00.250Z",
        "level": "INFO",
        "part": "forecourt.security",
        "says": "event=signed-in",
        "event": "signed-in",
        "way": "code",
    }


@pytest.mark.parametrize(
    "typed",
    ["ada@example.com", "/x/?email=ada", "+1 208 555 0142", "/m/Zx81kQ0vP2mN7sLd9aTe4w/", 'x"}\n{"level": "ERROR'],
)
def test_a_json_line_is_one_line_and_hides_what_a_line_for_people_hides(typed):
    told = JsonLines().format(record("Not Found: %s", typed))

    assert len(told.splitlines()) == 1
    assert json.loads(told)["level"] == "INFO"
    for hidden in ("ada", "0142", "Zx81"):
        assert hidden not in told


def test_a_json_line_of_an_error_tells_where_and_what_kind_without_its_message():
    complaint = "duplicate key: (ada@example.com) already exists"
    try:
        raise ValueError(complaint)
    except ValueError:
        told = json.loads(JsonLines().format(record("Internal Server Error", exc_info=sys.exc_info())))

    assert "builtins.ValueError" in told["trace"]
    assert "already exists" not in told["trace"]


def test_each_installation_chooses_how_its_log_is_written():
    from forecourt import environment, settings

    assert environment.LOG in settings.LOGGING["formatters"]
    assert settings.LOGGING["handlers"]["console"]["formatter"] == environment.LOG
    assert {"text", "json"} == set(settings.LOGGING["formatters"])
