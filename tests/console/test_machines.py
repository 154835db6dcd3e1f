"""A letter, a call or an email that asks to know, delete or correct, given to our machines once a code showed who asks."""

import re
from datetime import timedelta

import pytest

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.inquiries.models import Inquiry
from forecourt.people import contacts, vault
from forecourt.people.models import Opening
from forecourt.requests import corrections, identity
from forecourt.requests.models import IdentityCheck, Pass, Request
from tests.accounts.at_home import browser, letter
from tests.cast import work
from tests.console.signing_in import PASSWORD
from tests.console.test_inquiries import address, text
from tests.console.test_inquiries import message as message
from tests.requests.asking import code_in, codes_leave, worked

ADA = "ada@example.com"
PAGE = re.compile(r"/privacy/requests/code/[\w-]+/")


@pytest.fixture
def asked(message, ada):
    def make(kind: str, way: str = "letter", **more) -> Inquiry:
        return message("Please do as the law says.", contact=ADA, way=way, kind=Case.Kind(kind), days=5, **more)

    return make


def send(desk, inquiry: Inquiry):
    return desk.post(address(inquiry, "code/"))


def page_in(mail: str) -> str:
    found = PAGE.search(mail.replace("=\r\n", ""))
    assert found
    return found[0]


def types_it(now) -> None:
    """Ada, at home, where the email brought her."""
    codes_leave(now)
    client = browser()
    answer = client.post(page_in(letter(ADA)), {"code": code_in(ADA)})
    assert answer.status_code == 303, answer.content.decode()


def once_more(desk) -> None:
    desk.post("/staff/account/again/", {"password": PASSWORD})


def start(desk, inquiry: Inquiry, **said):
    once_more(desk)
    return desk.post(address(inquiry, "machines/"), {"sure": "yes"} | said)


def the_request() -> Request:
    return Request.objects.select_related("case").get()


def test_the_desk_sends_a_code_and_asks_for_none(desk, asked, now):
    inquiry = asked("know")
    assert "They have to show that the address is theirs." in text(desk.get(address(inquiry)))

    send(desk, inquiry)
    codes_leave(now)

    mail = letter(ADA)
    assert "wrote us a letter" in mail
    assert inquiry.case.reference in mail
    assert "within 14 days" in mail
    assert "A code left" in text(desk.get(address(inquiry)))
    check = IdentityCheck.objects.get()
    assert (check.sent_by, check.kind, check.shown_at) == ("desk-4f2k", "know", None)
    assert check.good_until == now + timedelta(days=14)


def test_a_caller_types_it_while_they_are_on_the_phone(desk, asked, now):
    send(desk, asked("know", way="phone"))

    assert IdentityCheck.objects.get().good_until == now + timedelta(minutes=15)


def test_nothing_starts_before_the_code_came_back(desk, asked, now):
    inquiry = asked("delete")
    send(desk, inquiry)
    codes_leave(now)

    answer = start(desk, inquiry)

    assert (answer.status_code, "have not shown yet" in text(answer)) == (409, True)
    with pytest.raises(identity.NotNow):
        identity.start(inquiry, {}, now, by="desk-4f2k")
    assert not Request.objects.exists()


def test_a_letter_becomes_a_file_on_the_clock_of_its_first_day(desk, asked, at, now):
    inquiry = asked("know")
    send(desk, inquiry)
    types_it(now)
    assert "Let our machines answer" in text(desk.get(address(inquiry)))
    once_more(desk)
    assert "Make their file?" in text(desk.get(address(inquiry, "machines/")))

    after = start(desk, inquiry)

    request = the_request()
    assert (request.kind, request.received_at) == ("know", inquiry.case.opened_at)
    assert request.case.came_by == "letter"
    slip = text(desk.get(after["Location"]))
    assert request.case.reference in slip
    assert "/privacy/requests/case/" in slip
    assert "/privacy/requests/find/" in slip
    assert ADA not in slip
    inquiry.case.refresh_from_db()
    assert inquiry.case.outcome == "done"
    check = IdentityCheck.objects.get()
    assert (check.request, check.started_by, check.shown_at) == (request, "desk-4f2k", now)
    assert worked(request, at).answer == Request.Answer.ARCHIVE


def test_a_call_to_delete_is_carried_out_and_leaves_the_record(desk, asked, at, now):
    inquiry = asked("delete", way="phone")
    send(desk, inquiry)
    types_it(now)
    once_more(desk)
    assert "Delete everything of them?" in text(desk.get(address(inquiry, "machines/")))

    after = start(desk, inquiry)
    request = worked(the_request(), at)

    assert request.answer == Request.Answer.DELETED
    assert contacts.find(contacts.read(ADA)) is None
    assert "Read this out" in text(desk.get(after["Location"]))
    assert IdentityCheck.objects.get().shown_at == now


def test_what_a_letter_corrects_is_typed_without_seeing_what_we_have(desk, asked, ada, now):
    vault.seal(ada.pk, corrections.NAME, "Ada Brightwater", source="test drive", notice="2026-10-15", now=now)
    inquiry = asked("correct")
    send(desk, inquiry)
    types_it(now)
    once_more(desk)

    page = text(desk.get(address(inquiry, "machines/")))
    assert "Their name, as it should be" in page
    assert "Brightwater" not in page
    assert "ZIP code" not in page
    assert start(desk, inquiry, name=" ").status_code == 422
    start(desk, inquiry, name="Ada  Lovelace")

    assert corrections.held(ada.pk, now) == {corrections.NAME: "Ada Lovelace"}
    assert the_request().kind == "correct"


def test_what_a_code_showed_counts_for_two_weeks(desk, asked, at, now):
    inquiry = asked("delete")
    send(desk, inquiry)
    types_it(now)
    once_more(desk)
    assert "Let our machines answer" in text(desk.get(address(inquiry)))

    at.now += timedelta(days=14)

    assert "Let our machines answer" not in text(desk.get(address(inquiry)))
    once_more(desk)
    assert desk.get(address(inquiry, "machines/")).status_code == 409
    with pytest.raises(identity.NotNow, match="have not shown yet"):
        identity.start(inquiry, {}, at.now, by="desk-4f2k")
    assert not Request.objects.exists()


def test_a_code_for_one_thing_starts_no_other(desk, asked, now):
    inquiry = asked("know")
    send(desk, inquiry)
    types_it(now)

    desk.post(address(inquiry, "kind/"), {"kind": "delete"})

    assert start(desk, inquiry).status_code == 409
    assert "Send them a code" in text(desk.get(address(inquiry)))


def test_a_new_code_takes_the_place_of_one_before(desk, asked, now):
    inquiry = asked("know")
    send(desk, inquiry)
    types_it(now)
    send(desk, inquiry)

    assert start(desk, inquiry).status_code == 409
    assert IdentityCheck.objects.count() == 1


def test_whoever_goes_on_by_themselves_is_not_asked_for_twice(desk, asked, now):
    inquiry = asked("know")
    send(desk, inquiry)
    codes_leave(now)
    client = browser()
    desk_of_theirs = client.post(page_in(letter(ADA)), {"code": code_in(ADA)})["Location"]
    client.post(desk_of_theirs)
    assert the_request().received_at == inquiry.case.opened_at

    start(desk, inquiry)

    assert IdentityCheck.objects.get().request == the_request()


def test_the_second_step_wants_to_know_once_more_who_is_at_the_desk(desk, asked, now):
    inquiry = asked("delete")
    send(desk, inquiry)
    types_it(now)
    page = address(inquiry, "machines/")

    for answer in (desk.get(page), desk.post(page, {"sure": "yes"})):
        assert answer["Location"].startswith("/staff/account/again/?next=")

    answer = desk.post("/staff/account/again/", {"password": PASSWORD, "next": page})
    assert answer["Location"] == page
    assert "Delete everything of them?" in text(desk.get(page))
    assert not Request.objects.exists()


def test_the_address_is_opened_for_the_case_and_that_is_written_down(desk, asked, ada, now):
    inquiry = asked("know")
    send(desk, inquiry)
    types_it(now)
    once_more(desk)
    before = Opening.objects.filter(subject=ada.pk).count()

    assert ADA in text(desk.get(address(inquiry, "machines/")))

    assert Opening.objects.filter(subject=ada.pk).count() == before + 1
    opened = Opening.objects.filter(subject=ada.pk).latest("pk")
    assert (opened.who, opened.case, opened.purpose) == ("desk-4f2k", inquiry.case.reference, "read-inquiry")


def test_only_whoever_has_the_case_takes_these_steps(desk, asked, now):
    inquiry = asked("delete")
    cases.hand_over(inquiry.case, "desk-two2", by="desk-4f2k", now=now)

    for answer in (send(desk, inquiry), start(desk, inquiry), desk.get(address(inquiry, "letter/"))):
        assert answer.status_code == 403
    assert not Pass.objects.exists()


@pytest.mark.parametrize("kind", ["question", "not-interested"])
def test_what_asks_for_nothing_of_the_kind_gets_no_code(desk, asked, kind):
    answer = send(desk, asked(kind))

    assert (answer.status_code, "Decide first" in text(answer)) == (409, True)


def test_whoever_left_no_address_is_told_where_to_ask(desk, message, now):
    inquiry = message("Delete me.", way="letter", kind=Case.Kind.DELETE)

    assert "They left none" in text(desk.get(address(inquiry)))
    assert send(desk, inquiry).status_code == 409
    slip = text(desk.get(address(inquiry, "letter/")))
    assert "/contact/messages/" in slip
    assert inquiry.case.reference in slip


def test_a_frozen_record_gets_no_code(desk, asked, ada, now):
    inquiry = asked("know")
    type(ada).objects.filter(pk=ada.pk).update(frozen_at=now)

    with pytest.raises(identity.NotNow):
        identity.send_code(inquiry, now, by="desk-4f2k")
    work(now)
    assert not Pass.objects.exists()


def test_codes_to_one_address_are_counted(desk, asked):
    inquiry = asked("know")

    answers = [send(desk, inquiry).status_code for _ in range(21)]

    assert set(answers[:20]) == {302}
    assert answers[20] == 409
