"""Asking without an account: one field, one code, and the same answer whoever's address it is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from forecourt.accounts import throttle
from forecourt.cases.models import Case
from forecourt.messaging.models import Message
from forecourt.people import contacts, retention
from forecourt.people.models import Contact
from forecourt.policy import request_clocks
from forecourt.requests import actions, passes, paths
from forecourt.requests.models import Pass, Request
from tests.accounts.at_home import browser, letter
from tests.cast import ADA, BRUNO, Inbox, booked, work
from tests.requests.asking import START, asks, code_in, codes_leave, shows, the_request, words, worked

STRANGER = "edwin.larkspur@post.example"
KINDS = list(Request.Kind)


def test_the_page_says_what_can_be_asked_and_sets_no_cookie(client, db, at):
    answer = client.get(START)

    assert {"See it", "Correct it", "Delete it", "Leave us"} <= set(words_of_headings(answer))
    assert not answer.cookies


def words_of_headings(answer) -> list[str]:
    import re

    return re.findall(r"<h2[^>]*>([^<]+)</h2>", answer.content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_asks_for_one_address_and_nothing_else(client, db, at, kind):
    page = client.get(f"{START}{kind}/").content.decode()

    assert page.count("<input") == page.count('name="contact"') == 1
    assert client.post(f"{START}{kind}/", {"contact": ADA.contact, "why": "because"}).status_code == 422


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_that_nobody_has_gets_the_same_answer_no_message_and_no_row(drive, at, kind):
    before = Message.objects.count()
    known, there = asks(kind)
    unknown, elsewhere = asks(kind, STRANGER)

    assert words(known.get(there)) == words(unknown.get(elsewhere))
    codes_leave(at.now)
    assert Message.objects.count() == before + 1
    assert contacts.find(contacts.read(STRANGER)) is None
    assert not Pass.objects.exclude(sealed="").exists()
    assert unknown.post(elsewhere, {"code": "0000 0000"}).status_code == 422


def test_what_was_typed_wrong_is_told_kindly_and_stays(client, db, at):
    answer = client.post(f"{START}know/", {"contact": "ada at post"})

    assert answer.status_code == 422
    assert "with its area code, like 202-555-0142" in answer.content.decode()
    assert "ada at post" in answer.content.decode()


def test_five_wrong_codes_are_enough_and_the_right_one_works_once(drive, at):
    client, page = asks("know")
    codes_leave(at.now)
    right = code_in(ADA.contact)
    for _ in range(passes.MOST_TRIES):
        assert client.post(page, {"code": "1234 5678"}).status_code == 422
    assert client.post(page, {"code": right}).status_code == 422

    client, desk = shows("know", at)
    assert client.get(desk).status_code == 200


def test_a_code_that_is_late_opens_nothing_and_a_desk_closes_after_half_an_hour(drive, at):
    client, page = asks("know")
    codes_leave(at.now)
    at.now += passes.LASTS
    assert client.post(page, {"code": code_in(ADA.contact)}).status_code == 422

    client, desk = shows("know", at)
    at.now += passes.OPEN
    assert client.get(desk).status_code == 404
    retention.run(at.now)
    assert not Pass.objects.exists()


def test_asking_without_end_has_to_wait(drive, at):
    for _ in range(throttle.ASKED_HERE.most):
        asks("know")

    answer = browser().post(f"{START}know/", {"contact": ADA.contact})

    assert answer.status_code == 429
    assert ADA.contact in answer.content.decode()


def test_a_phone_is_asked_by_text(dealer, at):
    booked(BRUNO, dealer, at.now)
    work(at.now)
    client, page = asks("know", BRUNO.contact)
    codes_leave(at.now)

    import re

    code = re.findall(r"\b(\d{4} \d{4})\b", Inbox(BRUNO).last)[-1]
    answer = client.post(page, {"code": code})

    assert client.get(answer["Location"]).status_code == 200


def test_the_clock_began_with_the_question_and_the_answer_says_so_at_once(drive, at):
    asked_at = at.now
    client, page = asks("know")
    codes_leave(at.now)
    at.now += timedelta(minutes=10)
    desk = client.post(page, {"code": code_in(ADA.contact)})["Location"]
    done = client.post(desk)
    work(at.now)

    request, clock = the_request("know"), request_clocks.clock(asked_at)
    assert (request.received_at, request.acknowledged_at) == (asked_at, at.now)
    assert (request.acknowledge_by, request.answer_by) == (clock.acknowledge_by, clock.answer_by)
    assert request.case.due_at == clock.ends_at
    assert request.case.reference in words(client.get(done["Location"]))
    assert f"Request {request.case.reference}: we have it" in letter(ADA.contact)


def test_asking_twice_is_one_request(drive, at):
    for _ in range(2):
        client, desk = shows("know", at)
        client.post(desk)

    assert Request.objects.count() == Case.objects.filter(kind="know").count() == 1


def test_the_page_of_a_request_names_nobody_and_another_address_opens_nothing(drive, at):
    client, desk = shows("know", at)
    page = client.post(desk)["Location"]

    assert ADA.contact not in browser().get(page).content.decode()
    forged = reverse("requests:case", args=[f"{the_request('know').pk}.{'x' * 43}"])
    assert browser().get(forged).status_code == 404


def test_a_request_is_found_again_by_its_number_and_its_address_together(drive, dealer, at):
    booked(BRUNO, dealer, at.now)
    client, desk = shows("know", at)
    client.post(desk)
    number = worked(the_request("know"), at).case.reference

    def looks(reference: str) -> int:
        finder = browser()
        page = finder.post(f"{START}find/", {"reference": reference, "contact": ADA.contact})["Location"]
        codes_leave(at.now)
        return finder.get(finder.post(page, {"code": code_in(ADA.contact)})["Location"]).status_code

    assert (looks(number.lower().replace("-", " ")), looks("3467-CDFG")) == (200, 404)


def test_more_time_is_taken_once_with_a_reason_and_with_word_of_it(drive, at):
    client, desk = shows("know", at)
    page = client.post(desk)["Location"]
    request = the_request("know")

    longer = actions.extend(request, Request.Reason.MUCH, at.now)
    work(at.now)

    assert longer.answer_by - request_clocks.day_of(longer.received_at) == timedelta(days=90)
    assert longer.case.due_at > request.case.due_at
    assert "There is a lot to go through" in letter(ADA.contact)
    assert "There is a lot to go through" in words(client.get(page))
    with pytest.raises(actions.MayNotExtend):
        actions.extend(longer, Request.Reason.MUCH, at.now)


def test_after_the_first_days_no_more_can_be_taken_and_it_is_overdue(drive, at):
    client, desk = shows("know", at)
    client.post(desk)
    request = the_request("know")

    at.now = request.case.due_at
    with pytest.raises(actions.MayNotExtend):
        actions.extend(request, Request.Reason.MUCH, at.now)
    assert [one.pk for one in actions.overdue(at.now)] == [request.pk]
    assert not actions.overdue(at.now - timedelta(seconds=1))


def test_the_record_goes_after_two_years_and_not_before(drive, at):
    client, desk = shows("know", at)
    client.post(desk)
    request = worked(the_request("know"), at)

    last = request_clocks.forget_on(request.answered_at)
    assert actions.forget_old(at.now + (last - at.now.date()) - timedelta(days=1)) == 0
    assert actions.forget_old(at.now + (last - at.now.date()) + timedelta(days=1)) == 1
    assert not Request.objects.exists()
    assert paths.by_token(paths.path_of(request).split("/")[-2]) is None
    assert Contact.objects.count() == 1
