"""Somebody writes in a person's name: the permission that the person signed is read, and noted with the case."""

from datetime import timedelta

import pytest

from forecourt.agents import actions as agents
from forecourt.agents.models import Permission
from forecourt.cases import actions as cases
from forecourt.cases.models import Case


@pytest.fixture
def letter(desk, clerk, now) -> Case:
    case = cases.open_case(Case.Kind.DELETE, came_by=Case.Channel.LETTER, contact=None, by=None, now=now)
    cases.take(case, clerk.username, now)
    return case


def place(case: Case) -> str:
    return f"/staff/case/{case.reference}/permission/"


def test_whoever_has_the_case_notes_the_day_and_it_stands_on_the_case(desk, letter, now):
    assert desk.post(place(letter), {"signed_on": "2026-11-20", "is_theirs": "on"}).status_code == 302

    page = desk.get(f"/staff/case/{letter.reference}/").content.decode()
    assert "of 2026-11-20, read by desk-4f2k" in page
    noted = Permission.objects.get()
    assert (noted.case, noted.at) == (letter.pk, now)


def test_a_case_that_a_machine_opened_asks_for_no_paper(desk, clerk, now):
    case = cases.open_case(Case.Kind.DELETE, came_by=Case.Channel.AGENT, contact=None, by=None, now=now)
    cases.take(case, clerk.username, now)

    assert "Somebody else writes" not in desk.get(f"/staff/case/{case.reference}/").content.decode()


def test_a_wrong_day_is_mended(desk, letter):
    desk.post(place(letter), {"signed_on": "2026-11-02", "is_theirs": "on"})
    assert 'value="2026-11-02"' in desk.get(f"/staff/case/{letter.reference}/").content.decode()

    desk.post(place(letter), {"signed_on": "2026-11-20", "is_theirs": "on"})

    assert str(Permission.objects.get().signed_on) == "2026-11-20"


@pytest.mark.parametrize(
    ("said", "answer"),
    [("2026-12-03", "still to come"), ("", "stands beside the signature"), ("soon", "Enter a valid date")],
)
def test_a_day_that_cannot_be_is_asked_again(desk, letter, said, answer):
    page = desk.post(place(letter), {"signed_on": said, "is_theirs": "on"})

    assert page.status_code == 422
    assert answer in page.content.decode()
    assert not Permission.objects.exists()


def test_what_somebody_else_signed_is_no_permission_and_the_day_that_was_typed_stays(desk, letter):
    page = desk.post(place(letter), {"signed_on": "2026-11-20"})

    assert page.status_code == 422
    words = page.content.decode()
    assert "counts for the person who signed it" in words
    assert 'value="2026-11-20"' in words
    assert not Permission.objects.exists()


def test_a_case_in_nobodys_hands_takes_none(desk, db, now):
    case = cases.open_case(Case.Kind.DELETE, came_by=Case.Channel.LETTER, contact=None, by=None, now=now)

    assert desk.post(place(case), {"signed_on": "2026-11-20", "is_theirs": "on"}).status_code == 403
    assert not Permission.objects.exists()


def test_a_closed_case_takes_none(desk, letter, now):
    cases.close_case(letter, "answered", now)

    assert desk.post(place(letter), {"signed_on": "2026-11-20", "is_theirs": "on"}).status_code == 409
    assert not Permission.objects.exists()


def test_it_goes_with_the_records_of_requests(desk, letter, now):
    desk.post(place(letter), {"signed_on": "2026-11-20", "is_theirs": "on"})

    assert agents.forget_permissions(now + timedelta(days=729)) == 0
    assert agents.forget_permissions(now + timedelta(days=765)) == 1
