"""What somebody with bad intent sends to the staff's pages."""

import pytest
from django.test import Client

from forecourt.cases.models import Case
from forecourt.console import accounts, actions
from forecourt.people import contacts
from forecourt.people.models import Opening
from tests.console.signing_in import PASSWORD, code, give_password, sign_in


@pytest.fixture
def bruno(db, now):
    return contacts.find_or_add(contacts.read("202-555-0117"), source="test drive", notice="2026-10-15", now=now)


@pytest.mark.parametrize("typed", ["\0", "a\0b", "x" * 50_000, "\u202e", "%", "ß" * 8, "' OR 1=1 --"])
def test_no_case_number_makes_a_page_fall_over(desk, ada, typed):
    assert desk.get(f"/staff/contact/{ada.pk}/", {"case": typed}).status_code == 403
    assert desk.post("/staff/find/", {"typed": typed}).status_code in (400, 404)


def test_a_case_opens_the_contact_that_it_is_about_and_no_other(desk, clerk, ada, bruno, now):
    case = actions.open_case(bruno, Case.Kind.QUESTION, "phone", by=clerk, now=now)

    assert desk.get(f"/staff/contact/{ada.pk}/", {"case": case.reference}).status_code == 403
    assert not Opening.objects.filter(subject=ada.pk).exists()


def test_a_closed_case_opens_nothing_more(desk, clerk, ada, now):
    case = actions.open_case(ada, Case.Kind.QUESTION, "phone", by=clerk, now=now)
    desk.post(f"/staff/case/{case.reference}/closing/")

    assert desk.get(f"/staff/contact/{ada.pk}/", {"case": case.reference}).status_code == 403


def test_who_is_suspended_is_out_with_the_next_click(desk, clerk, ada):
    accounts.suspend(clerk)

    assert desk.get("/staff/").status_code in (302, 403)
    assert desk.post("/staff/find/", {"typed": "ada@example.com"}).status_code in (302, 403)


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_our_own_pages_alone(clerk, to):
    client = Client()
    client.post(f"/staff/account/login/?next={to}", {"login": clerk.username, "password": PASSWORD, "next": to})
    answer = client.post(f"/staff/account/code/?next={to}", {"code": code(), "next": to})

    assert answer.status_code == 302
    assert answer["Location"] == "/staff/"
    assert client.post("/staff/account/logout/", {"next": to})["Location"].startswith("/staff/")


def test_a_form_without_the_token_does_nothing(clerk, ada):
    client = Client(enforce_csrf_checks=True)
    assert give_password(client, clerk.username).status_code == 403

    client = sign_in(Client(), clerk)
    client.handler.enforce_csrf_checks = True
    assert client.post("/staff/stop/now/", {"contact": str(ada.pk)}).status_code == 403


def test_a_handle_that_does_not_exist_is_answered_like_a_wrong_password(clerk):
    known = give_password(Client(), clerk.username, "not the password").content
    unknown = give_password(Client(), "desk-none", "not the password").content

    assert known.replace(clerk.username.encode(), b"") == unknown.replace(b"desk-none", b"") or len(known) == len(
        unknown
    )
