"""Making an account and getting into it, by code and by password; and what nobody learns by trying."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecourt.accounts import passwords, sessions, throttle, tickets
from forecourt.accounts.models import Account, Session, Ticket
from forecourt.messaging.models import Message
from forecourt.people import contacts
from tests.accounts.at_home import HOME, NEWCOMER, PASSWORD, SIGN_IN, browser, code_in, letter, mail_codes, sign_in
from tests.cast import ADA

REGISTER, CODE, RESET = "/account/register/", "/account/code/", "/account/reset/"
WRONG = "do not belong together"


def ask(client, where: str, email: str, now) -> str:
    """Ask for a code and have it mailed; the page where it is typed."""
    page = client.post(where, {"email": email})["Location"]
    mail_codes(now)
    return page


def test_an_email_address_and_the_code_that_came_to_it_make_an_account(db, at):
    client = browser()

    page = ask(client, REGISTER, NEWCOMER, at.now)
    assert not Account.objects.exists()
    done = client.post(page, {"code": code_in(NEWCOMER)}, follow=True)

    assert "Your account is yours" in done.content.decode()
    account = Account.objects.get()
    assert account.contact == contacts.find(contacts.read(NEWCOMER))
    assert not account.user.has_usable_password()
    assert "All about you" in client.get(HOME).content.decode()


def test_nothing_is_there_before_the_mailbox_was_proven(db, at):
    client = browser()
    page = ask(client, REGISTER, NEWCOMER, at.now)

    for wrong in ("00000000", "", "1234"):
        assert client.post(page, {"code": wrong}).status_code == 422
    assert client.get(HOME).status_code == 401
    assert not Account.objects.exists()


def test_registering_an_address_that_has_an_account_signs_its_owner_in(ada, at):
    client = browser()

    page = ask(client, REGISTER, ADA.contact, at.now)
    assert "has an account already" in letter(ADA.contact)
    client.post(page, {"code": code_in(ADA.contact)})

    assert client.get(HOME).status_code == 200
    assert Account.objects.count() == 1


def test_a_code_signs_in_once_in_time_and_after_five_wrong_ones_not_at_all(ada, at):
    client, late, wrong = browser(), browser(), browser()
    page = ask(client, CODE, ADA.contact, at.now)
    code = code_in(ADA.contact)
    client.post(page, {"code": code})
    assert client.get(HOME).status_code == 200
    assert late.post(page, {"code": code}).status_code == 422

    page = ask(wrong, CODE, ADA.contact, at.now)
    code = code_in(ADA.contact)
    for _ in range(tickets.MOST_TRIES):
        wrong.post(page, {"code": "00000000" if code != "0000 0000" else "11111111"})
    assert wrong.post(page, {"code": code}).status_code == 422

    page = ask(late, CODE, ADA.contact, at.now)
    at.now += tickets.LASTS
    assert late.post(page, {"code": code_in(ADA.contact)}).status_code == 422


@pytest.mark.parametrize("where", [CODE, RESET])
def test_a_code_for_an_address_without_account_is_never_made(db, at, where):
    client = browser()

    page = ask(client, where, NEWCOMER, at.now)

    assert "No account has it" in letter(NEWCOMER)
    assert client.get(page).status_code == 200
    assert client.post(page, {"code": "12345678"}).status_code == 422
    assert not Account.objects.exists()


def test_a_reset_leads_to_a_new_password_and_signs_every_other_browser_out(home, ada, at):
    at.now += timedelta(hours=1)
    client = browser()
    page = ask(client, RESET, ADA.contact, at.now)

    assert client.post(page, {"code": code_in(ADA.contact)})["Location"].startswith("/account/ways/")
    client.post("/account/ways/password/", {"new_password": "nine larks over the ridge"})

    assert home.get(HOME).status_code == 401
    assert client.get(HOME).status_code == 200
    assert sign_in(browser()).status_code == 422
    assert sign_in(browser(), "nine larks over the ridge").status_code == 303
    mail_codes(at.now)
    assert "Your password was changed" in letter(ADA.contact)


def test_whoever_found_an_open_browser_changes_no_password_without_knowing_it(home, ada):
    fresh = {"new_password": "nine larks over the ridge"}
    for path in ("/account/ways/password/", "/account/ways/password/removal/"):
        for typed in (fresh, fresh | {"password": ""}, fresh | {"password": "not the password"}):
            assert home.post(path, typed).status_code == 422
    ada.user.refresh_from_db()
    assert ada.user.check_password(PASSWORD)

    assert home.post("/account/ways/password/", fresh | {"password": PASSWORD}).status_code == 303
    ada.user.refresh_from_db()
    assert ada.user.check_password("nine larks over the ridge")


def test_the_page_asks_for_the_password_that_stands_and_says_how_to_do_without(home, ada):
    page = home.get("/account/ways/").content.decode()

    assert "Your password now" in page
    assert 'href="/account/reset/"' in page


def test_who_guesses_the_password_that_stands_has_to_wait(home, ada):
    for _ in range(throttle.CONFIRMS.most):
        home.post("/account/ways/password/", {"password": "a guess", "new_password": "nine larks over the ridge"})

    full = home.post("/account/ways/password/", {"password": PASSWORD, "new_password": "nine larks over the ridge"})

    assert full.status_code == 429
    assert "Too many tries" in full.content.decode()


def test_a_code_to_sign_in_changes_no_password_and_one_for_a_reset_changes_it_once_and_soon(ada, at):
    signed_in, reset, late = browser(), browser(), browser()
    for client, where in ((signed_in, "/account/code/"), (reset, RESET), (late, RESET)):
        client.post(ask(client, where, ADA.contact, at.now), {"code": code_in(ADA.contact)})

    assert signed_in.post("/account/ways/password/", {"new_password": "nine larks over the ridge"}).status_code == 422
    assert reset.post("/account/ways/password/", {"new_password": "ten larks over the ridge"}).status_code == 303
    assert reset.post("/account/ways/password/", {"new_password": "six larks over the ridge"}).status_code == 422
    late.post(ask(late, RESET, ADA.contact, at.now), {"code": code_in(ADA.contact)})
    at.now += sessions.FRESH
    late.post("/account/confirmation/", {"password": "ten larks over the ridge"})
    assert late.post("/account/ways/password/", {"new_password": "two larks over the ridge"}).status_code == 422
    ada.user.refresh_from_db()
    assert ada.user.check_password("ten larks over the ridge")


@pytest.mark.parametrize("typed", ["short", "elevenchars", "12345678901234567890", "qwertyqwerty"])
def test_a_password_that_is_easy_to_guess_is_not_taken(home, ada, typed):
    answer = home.post("/account/ways/password/", {"password": PASSWORD, "new_password": typed})

    ada.user.refresh_from_db()
    assert answer.status_code == 422
    assert ada.user.check_password(PASSWORD)


def test_a_right_password_signs_in_and_leads_to_where_one_wanted_to_go(ada):
    client = browser()
    asked = client.get("/account/ways/")
    assert asked.status_code == 401

    assert 'name="next" value="/account/ways/"' in asked.content.decode()
    assert sign_in(client, next="/account/ways/")["Location"].startswith("/account/ways/")
    for elsewhere in ("https://evil.example/", "//evil.example/account/", "/account/..//evil.example", "/staff/"):
        assert sign_in(browser(), next=elsewhere)["Location"].startswith("/account/?")


def work_of(ask, hashed: list) -> tuple[list[str], int, int]:
    """The kind of each query and its table, how many hashes were computed, and the answer's status."""
    hashed.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    said = [re.sub(r'"s\d+_x\d+"', "", " ".join(query["sql"].split()[:3])) for query in queries.captured_queries]
    return said, len(hashed), answer.status_code


@pytest.fixture
def hashed(monkeypatch) -> list:
    """Every hash of a password that is computed."""
    made: list = []
    for name in ("encode", "verify"):
        original = getattr(hashers.Argon2PasswordHasher, name)
        monkeypatch.setattr(
            hashers.Argon2PasswordHasher,
            name,
            lambda *args, _original=original, **more: made.append(1) or _original(*args, **more),
        )
    return made


@pytest.fixture
def with_care(settings, ada) -> None:
    """Passwords are hashed as in earnest."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    passwords._nobodys.cache_clear()
    passwords.set_on(ada.user, PASSWORD)


def test_a_wrong_password_costs_the_same_queries_and_one_hash_whoever_it_is_for(ada, at, with_care, hashed):
    passkeys_only = Account.objects.get(pk=ada.pk)
    sign_in(browser(), "warm", "warm.up@post.example")

    known = work_of(lambda: sign_in(browser(), "wrong horse battery"), hashed)
    unknown = work_of(lambda: sign_in(browser(), "wrong horse battery", NEWCOMER), hashed)
    passkeys_only.user.set_unusable_password()
    passkeys_only.user.save()
    without = work_of(lambda: sign_in(browser(), "wrong horse battery"), hashed)

    assert known == unknown == without
    assert known[1] == 1


@pytest.mark.parametrize("where", [REGISTER, CODE, RESET])
def test_asking_for_a_code_costs_the_same_whoever_it_is_for(ada, at, hashed, where):
    """And looks nobody up: that is the worker's to do, out of anybody's sight."""
    browser().post(where, {"email": "warm.up@post.example"})

    known = work_of(lambda: browser().post(where, {"email": ADA.contact}), hashed)
    unknown = work_of(lambda: browser().post(where, {"email": NEWCOMER}), hashed)

    assert known == unknown
    assert not any("people_contact" in words for words in known[0])


def test_the_answers_are_the_same_words(ada, at):
    for where in (REGISTER, CODE, RESET):
        pages = []
        for email in (ADA.contact, NEWCOMER):
            client = browser()
            sent = client.post(where, {"email": email})
            pages.append((sent.status_code, client.get(sent["Location"]).content))
        assert pages[0] == pages[1]
    wrong = [sign_in(browser(), "wrong horse battery", email) for email in (ADA.contact, NEWCOMER)]
    assert wrong[0].content.replace(ADA.contact.encode(), b"") == wrong[1].content.replace(NEWCOMER.encode(), b"")
    assert WRONG in wrong[0].content.decode()


def test_after_ten_wrong_passwords_even_the_right_one_waits_but_not_for_its_owner_elsewhere_and_not_for_good(ada, at):
    for _ in range(10):
        assert sign_in(browser(), "wrong horse battery").status_code == 422
    refused = sign_in(browser())

    assert refused.status_code == 429
    assert "Wait 15 minutes" in refused.content.decode()
    owner = browser()
    assert (
        owner.post(SIGN_IN, {"email": ADA.contact, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9").status_code == 303
    )
    at.now += timedelta(minutes=15)
    assert sign_in(browser()).status_code == 303


def test_a_right_password_starts_the_count_anew(ada):
    for _ in range(3):
        for _ in range(9):
            sign_in(browser(), "wrong horse battery")
        assert sign_in(browser()).status_code == 303


def test_codes_to_one_mailbox_have_an_end(ada, at):
    answers = [browser().post(CODE, {"email": ADA.contact}).status_code for _ in range(6)]

    assert answers == [303] * 5 + [429]
    mail_codes(at.now)
    assert Message.objects.filter(use="account-code-email").count() == 5


def test_what_was_typed_comes_back_with_a_sentence_that_helps(db, at):
    client = browser()

    answer = client.post(REGISTER, {"email": "ada@nowhere"})
    assert answer.status_code == 422
    assert 'value="ada@nowhere"' in answer.content.decode()
    assert "name@example.com" in answer.content.decode()
    assert PASSWORD not in sign_in(client, email="nobody@post.example").content.decode()
    assert client.post(REGISTER, {"email": NEWCOMER, "role": "admin"}).status_code == 422
    assert not Ticket.objects.exists()


def test_signing_in_again_leaves_one_session_and_a_new_token(home, ada):
    before = home.cookies["account"].value

    sign_in(home)

    assert home.cookies["account"].value != before
    assert Session.objects.filter(account=ada).count() == 1


def test_the_token_lies_in_the_browser_alone(home):
    token = home.cookies["account"].value

    session = Session.objects.get()
    assert token.encode() not in bytes(session.digest)
    assert (home.cookies["account"]["httponly"], home.cookies["account"]["max-age"]) == (True, "")


def test_where_the_browser_keeps_no_cookie_the_page_says_so(ada):
    client = browser()
    after = sign_in(client)["Location"]
    client.cookies.clear()

    said = client.get(after).content.decode()

    assert "You cannot sign in to an account" in said
