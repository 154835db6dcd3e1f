"""Staff see in which browsers they are signed in, and end each or all but this one; whoever runs the machine ends anybody's."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.contrib.sessions.models import Session
from django.test import Client

from forecourt.console import visits
from forecourt.console.models import Visit
from forecourt.run.commands import people, staff
from tests.accounts import at_home
from tests.console.signing_in import PASSWORD, sign_in

PAGE, OTHERS = "/staff/browsers/", "/staff/browsers/others/end/"
AGAIN = "/staff/account/again/"


@pytest.fixture
def two(clerk, monkeypatch) -> tuple[Client, Client]:
    """The clerk's browsers, here and elsewhere, each signed in with a code of its own."""
    made = Client(headers={"user-agent": "Firefox/140.0"}), Client(headers={"user-agent": "Chrome/140.0"})
    for number, client in enumerate(made):
        counter = 59_000_000 + number
        monkeypatch.setattr(
            "allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda at=counter: iter([at])
        )
        assert sign_in(client, clerk).get("/staff/").status_code == 200
    return made


def shows_again(client: Client) -> None:
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 302


def visit_of(client: Client) -> Visit:
    return Visit.objects.get(session_id=client.session.session_key)


def test_staff_see_each_browser_in_which_they_are_signed_in(two):
    page = two[0].get(PAGE).content.decode()

    assert "<strong>Firefox</strong> (this one)" in page
    assert "Chrome" in page
    for client in two:
        assert client.session.session_key not in page


def test_one_is_ended_and_the_other_goes_on(two):
    here, elsewhere = two
    shows_again(here)

    here.post(f"{PAGE}{visit_of(elsewhere).pk}/end/")

    assert elsewhere.get("/staff/").status_code == 302
    assert here.get("/staff/").status_code == 200
    assert "Chrome" not in here.get(PAGE).content.decode()


def test_all_but_this_one_are_ended(two, desk_of_another):
    here, elsewhere = two
    shows_again(here)

    here.post(OTHERS)

    assert here.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 302
    assert desk_of_another.get("/staff/").status_code == 200


def test_whoever_has_not_just_shown_who_they_are_is_asked_first(two):
    here, elsewhere = two

    for path in (f"{PAGE}{visit_of(elsewhere).pk}/end/", OTHERS):
        assert here.post(path).headers["Location"].startswith(AGAIN)

    assert elsewhere.get("/staff/").status_code == 200


@pytest.fixture
def desk_of_another(db, now, two) -> Client:
    from allauth.mfa.totp.internal.auth import TOTP

    from forecourt.console import accounts
    from tests.console.signing_in import SECRET

    user = accounts.add(PASSWORD, handle="desk-0th3", chosen=True)
    accounts.sign(user, now)
    TOTP.activate(user, SECRET)
    client = sign_in(Client(), user)
    assert client.get("/staff/").status_code == 200
    return client


def test_nobody_ends_a_colleagues_by_its_number(two, desk_of_another):
    here, _ = two
    shows_again(here)

    here.post(f"{PAGE}{visit_of(desk_of_another).pk}/end/")

    assert desk_of_another.get("/staff/").status_code == 200


def test_signing_out_takes_the_row_along_and_time_does_too(two, clerk, now):
    here, _ = two
    here.post("/staff/account/logout/")
    assert list(Visit.objects.values_list("browser", flat=True)) == ["Chrome"]

    assert visits.of(clerk) != []
    Session.objects.update(expire_date=now - timedelta(days=9_999))
    assert visits.of(clerk) == []
    assert visits.forget_expired() == 1
    assert not Visit.objects.exists()
    assert not Session.objects.exists()


@pytest.fixture
def _ready(monkeypatch):
    """The commands find this database open."""
    monkeypatch.setattr("forecourt.run.ready.ready", nullcontext)


@pytest.mark.usefixtures("_ready")
def test_whoever_runs_the_machine_ends_the_sessions_of_one_account_or_of_all(two, desk_of_another, clerk):
    assert CliRunner().invoke(staff.command, ["sign-out", clerk.username]).exit_code == 0
    assert [client.get("/staff/").status_code for client in (*two, desk_of_another)] == [302, 302, 200]

    assert CliRunner().invoke(staff.command, ["sign-out", "--everybody"]).exit_code == 0
    assert desk_of_another.get("/staff/").status_code == 302
    assert not Session.objects.exists()


@pytest.mark.usefixtures("_ready")
def test_whoever_runs_the_machine_ends_a_visitors_sessions_or_everybodys(db, at):
    from forecourt.accounts import passwords, sessions, signing_in
    from forecourt.accounts.models import Session
    from forecourt.people import contacts

    client = at_home.browser()
    for email in ("ada@example.com", at_home.NEWCOMER):
        contact = contacts.find_or_add(contacts.read(email), source="account", notice="2026-10-15", now=at.now)
        passwords.set_on(signing_in.open_account(contact, "2026-10-15", at.now).user, at_home.PASSWORD)
    other = at_home.browser()
    at_home.sign_in(client, email="ada@example.com")
    at_home.sign_in(other, email=at_home.NEWCOMER)

    numbers = [
        sessions.number(row.account) for row in Session.objects.select_related("account").order_by("began_at", "pk")
    ]
    assert CliRunner().invoke(people.command, ["number", "ada@example.com"]).output.strip() in numbers
    assert CliRunner().invoke(people.command, ["number", "nobody@example.com"]).exit_code == 1
    assert CliRunner().invoke(people.command, ["sign-out", "ada@example.com"]).exit_code == 0
    assert [one.get("/account/").status_code for one in (client, other)] == [401, 200]
    assert CliRunner().invoke(people.command, ["sign-out", "--everybody"]).exit_code == 0
    assert other.get("/account/").status_code == 401


@pytest.mark.usefixtures("_ready")
def test_the_list_of_staff_tells_whom_the_log_means(clerk, at):
    from forecourt.console import accounts

    told = CliRunner().invoke(staff.command, ["list"]).output

    assert f"{clerk.username:<12}{accounts.number(clerk)}" in told


@pytest.mark.parametrize("command", [staff.command, people.command])
def test_nobody_is_signed_out_by_a_command_that_names_nobody(command):
    assert CliRunner().invoke(command, ["sign-out"]).exit_code == 2
    assert CliRunner().invoke(command, ["sign-out", "desk-4f2k", "--everybody"]).exit_code == 2
