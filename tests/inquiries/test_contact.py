"""The contact page and a message's own page, without JavaScript and without cookies."""

import html
import re
import uuid
from datetime import timedelta

import pytest

from forecourt.cases.models import Case
from forecourt.consent.models import Entry
from forecourt.edge import public_pages
from forecourt.inquiries import actions, views
from forecourt.inquiries.actions import Outcome
from forecourt.inquiries.models import Inquiry, Line
from forecourt.messaging.models import Message
from forecourt.people import subjects
from forecourt.people.models import Contact
from forecourt.traffic.pace import Pace
from forecourt.web import forms, sitemap
from forecourt.web.brand import brand
from tests.cast import Inbox, Person, work

ADA = "ada.brightwater@post.example"


def read(answer) -> str:
    return html.unescape(answer.content.decode())


def test_the_page_has_phone_post_email_and_a_form_that_asks_little(client, db, at):
    page = client.get("/contact/")

    assert brand().phone in read(page)
    assert brand().place["street"] in read(page)
    assert brand().privacy_email in read(page)
    assert list(page.context["form"].fields) == ["nonce", "topic", "words", "contact"]
    assert not re.search(r"<input[^>]* (checked|selected)", read(page))
    assert not page.cookies
    assert not public_pages.is_public("/contact/", frozenset())
    assert "/contact/" in sitemap.paths(at.now)


def test_a_message_without_an_address_gets_a_number_and_a_page_of_its_own(send, client):
    sent = send()
    page = client.get(sent["Location"])
    inquiry = Inquiry.objects.get()

    assert sent.status_code == 303
    assert not sent.cookies
    assert inquiry.case.reference in read(page)
    assert "Does it come in green?" in read(page)
    assert "Answer due" in read(page)
    assert page["Cache-Control"] == "no-store"
    assert "noindex" in page["X-Robots-Tag"]
    assert (inquiry.contact, inquiry.case.contact) == (None, None)
    assert not Contact.objects.exists()
    assert not Message.objects.exists()


def test_an_address_gets_the_number_by_email_and_the_link_leads_to_the_same_page(send, client, at):
    sent = send(contact="Ada.Brightwater@post.example")
    work(at.now)

    letter = Inbox(Person("Ada", ADA)).last.replace("=\r\n", "")
    assert Inquiry.objects.get().case.reference in letter
    assert sent["Location"] in letter
    assert "green" not in letter


def test_pressing_twice_is_one_case_and_other_words_are_not_lost(send, at):
    nonce = forms.new_nonce("message", at.now)
    first, second = send(nonce=nonce), send(nonce=nonce)
    other = send(nonce=nonce, words="And in blue?")

    assert first["Location"] == second["Location"]
    assert Inquiry.objects.count() == 1
    assert other.status_code == 409
    assert "Press the button again" in read(other)
    assert "And in blue?" in read(other)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"words": "  "}, "Write what you would like to ask"),
        ({"words": "!!! ..."}, "Write what you would like to ask"),
        ({"words": "x" * 4001}, "longer than 4,000 letters"),
        ({"topic": "gossip"}, "choose Something else"),
        ({"contact": "ada@"}, "should look like name@example.com"),
        ({"nonce": "made up"}, "press the button again"),
        ({"rank": "admiral"}, "something that we do not ask for (rank)"),
    ],
)
def test_a_mistake_is_told_kindly_and_nothing_typed_is_lost(send, more, says):
    answer = send(**{"words": "Does it fit a cello?"} | more)

    assert answer.status_code == 422
    assert says in read(answer)
    assert (more.get("words") or "Does it fit a cello?").strip() in read(answer)
    assert not Inquiry.objects.exists()


def test_what_cannot_be_seen_is_taken_out_and_lines_stay(send):
    send(words="Green?\r\n\r\n\u202eenil dnoces\x07")

    inquiry = Inquiry.objects.get()
    assert actions.open_line(inquiry, inquiry.lines.get()) == "Green?\n\nenil dnoces"


def test_words_lie_sealed_and_the_case_names_nobody(send):
    send(words="ZEBRAFINCH wants to know", contact=ADA)

    line = Line.objects.get()
    assert b"ZEBRAFINCH" not in bytes(line.sealed)
    assert line.by == ""
    assert ADA not in str(list(Case.objects.values()))


def test_a_machine_is_slowed_down_and_another_place_is_not(send, client, at, monkeypatch):
    monkeypatch.setattr(views, "sending", Pace(most=2))
    answers = [send(words=f"Question {nth}") for nth in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "Question 2" in read(answers[2])
    values = {"nonce": forms.new_nonce("message", at.now), "topic": "car", "words": "From elsewhere"}
    assert client.post("/contact/", values, REMOTE_ADDR="203.0.113.9").status_code == 303


def test_one_address_can_have_so_many_open_and_without_it_everybody_can_go_on(send, monkeypatch):
    monkeypatch.setattr(views, "sending", Pace(most=100))
    for nth in range(actions.MOST_OPEN):
        send(words=f"Question {nth}", contact=ADA)

    enough = send(words="One more", contact=ADA)
    assert enough.status_code == 409
    assert "Leave the address out" in read(enough)
    assert send(words="One more").status_code == 303


def test_numbers_go_to_one_address_three_times_a_day_at_the_most(send, at):
    for nth in range(5):
        send(words=f"Question {nth}", contact=ADA)

    assert Message.objects.filter(use="inquiry-received-email").count() == 3


def test_a_browser_of_a_child_is_asked_for_nothing(client, db, at):
    client.cookies["age"] = "under-13"
    page = client.get("/contact/")

    assert "form" not in page.context or page.context.get("form") is None
    assert "under 13" in read(page)
    values = {"nonce": forms.new_nonce("message", at.now), "topic": "car", "words": "Hello"}
    assert client.post("/contact/", values).status_code == 403
    assert not Inquiry.objects.exists()


def test_what_the_browser_refuses_the_address_refuses_too(client, db, at):
    values = {"nonce": forms.new_nonce("message", at.now), "topic": "car", "words": "In green?", "contact": ADA}

    assert client.post("/contact/", values, headers={"Sec-GPC": "1"}).status_code == 303
    assert Entry.objects.filter(verb="withdrew", scope="purpose:sale").exists()


# Its own page


def test_the_answer_stands_on_the_page_and_the_reason_when_it_is_closed(send, client, at):
    where = send()["Location"]
    inquiry = Inquiry.objects.get()
    actions.answer(inquiry, "In three greens.\n\nCome and see.", Case.Channel.WEB, at.now, by="desk-4f2k")
    assert "In three greens." in read(client.get(where))
    assert "desk-4f2k" not in read(client.get(where))

    actions.close(inquiry, Outcome.ANSWERED, at.now)

    page = read(client.get(where))
    assert Outcome.ANSWERED.label in page
    assert "In three greens." in page
    assert "Take it back" not in page


def test_taking_it_back_destroys_the_words_and_keeps_the_number(send, client):
    where = send()["Location"]
    key = Inquiry.objects.get().submission_id

    after = read(client.post(f"{where}withdrawal/", follow=True))

    inquiry = Inquiry.objects.get()
    assert "Taken back" in after
    assert "Does it come" not in after
    assert inquiry.case.reference in after
    assert subjects.is_erased(key)
    assert not Line.objects.exists()
    assert client.post(f"{where}withdrawal/").status_code == 303


def test_taking_back_what_was_closed_says_that_it_stands(send, client, at):
    where = send()["Location"]
    actions.close(Inquiry.objects.get(), Outcome.NO_QUESTION, at.now)

    late = client.post(f"{where}withdrawal/")

    assert late.status_code == 409
    assert "What was answered then stands" in read(late)


def test_a_late_answer_says_whose_fault_it_is(send, client, at):
    where = send()["Location"]
    at.now += timedelta(days=11)

    assert "that is our fault" in read(client.get(where))


def test_guessed_pages_open_nothing(client, db, at):
    for nth in range(200):
        assert client.get(f"/contact/messages/{actions.token_of(uuid.UUID(int=nth))}/").status_code == 404
    assert client.get("/contact/messages/x/").status_code == 404


def test_looking_never_changes_anything(send, client):
    where = send()["Location"]
    before = str(Inquiry.objects.values().get())

    client.get(where)
    client.head(where)

    assert str(Inquiry.objects.values().get()) == before
    assert client.get(f"{where}withdrawal/").status_code == 405


def test_what_is_frozen_is_shown_to_nobody_and_the_page_says_so(send, client, at):
    where = send(contact=ADA)["Location"]
    Contact.objects.update(frozen_at=at.now)

    page = client.get(where)

    assert page.status_code == 200
    assert "frozen while we look into it" in read(page)
    assert "Does it come" not in read(page)


# Forgetting


def test_words_go_a_year_after_the_answer_and_the_case_a_year_later(written, at):
    inquiry = written(contact=ADA)
    actions.answer(inquiry, "Yes.", Case.Channel.WEB, at.now, by="desk-4f2k")
    actions.close(inquiry, Outcome.ANSWERED, at.now)
    still_open = written("Still open?")
    key, closed = inquiry.submission_id, at.now

    assert actions.forget_words(closed + actions.KEEP_WORDS - timedelta(seconds=1)) == 0
    assert actions.forget_words(closed + actions.KEEP_WORDS) == 1
    inquiry.refresh_from_db()
    assert (inquiry.contact, inquiry.case.contact, inquiry.submission) == (None, None, None)
    assert subjects.is_erased(key)
    assert actions.forget_past(closed + actions.KEEP_CASE - timedelta(seconds=1)) == 0
    assert actions.forget_past(closed + actions.KEEP_CASE) == 1
    assert list(Case.objects.all()) == [still_open.case]


def test_of_what_was_taken_back_the_number_goes_after_a_month(written, at):
    actions.withdraw(written(), at.now)

    assert actions.forget_past(at.now + actions.KEEP_TAKEN_BACK - timedelta(seconds=1)) == 0
    assert actions.forget_past(at.now + actions.KEEP_TAKEN_BACK) == 1
    assert not Case.objects.exists()
