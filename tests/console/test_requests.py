"""The list of requests, and what staff do for a caller who has had enough."""

from datetime import timedelta

from forecourt.cases.models import Case
from forecourt.consent import switches
from forecourt.people import contacts
from forecourt.policy.policy import Switch
from forecourt.requests import actions
from forecourt.requests.models import Request
from tests.cast import ADA

PAGE = "/staff/requests/"


def asked(now, contact: str = ADA.contact) -> Request:
    who = contacts.find_or_add(contacts.read(contact), source="test", notice="2026-10-15", now=now)
    return actions.open_request(Request.Kind.CORRECT, who.pk, now, now)


def test_what_is_overdue_stands_first_and_says_so(desk, db, now):
    young = asked(now, "edwin.larkspur@post.example")
    old = asked(now - timedelta(days=46))

    page = desk.get(PAGE).content.decode()

    assert page.index(old.case.reference) < page.index(young.case.reference)
    assert page.count("overdue</strong>") == 1


def test_more_time_needs_a_reason_and_is_taken_once(desk, db, now):
    request = asked(now)
    place = f"{PAGE}{request.case.reference}/extension/"

    assert desk.post(place, {}).status_code == 422
    assert desk.post(place, {"reason": "others"}).status_code == 302
    assert desk.post(place, {"reason": "others"}).status_code == 409
    assert Request.objects.get().extension_reason == "others"


def test_a_request_is_not_closed_by_hand(desk, db, now):
    request = asked(now)
    desk.post(f"/staff/case/{request.case.reference}/taking/")

    assert desk.post(f"/staff/case/{request.case.reference}/closing/")["Location"] == PAGE
    assert Case.objects.get().closed_at is None


def test_a_caller_who_is_not_interested_any_more_is_out_of_everything_at_once(desk, db, now):
    case_page = desk.post("/staff/stop/leaving/", {"address": ADA.contact})["Location"]

    assert switches.of(contacts.find(contacts.read(ADA.contact)).pk).said_no == set(Switch)
    assert Case.objects.get().reference in case_page
    assert desk.post("/staff/stop/leaving/", {"address": "nobody"}).status_code == 400
