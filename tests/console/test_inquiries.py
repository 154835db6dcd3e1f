"""The desk's inbox: what waits, a letter written down, one message read, answered and closed, and a call that may be recorded."""

import html
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent.models import Wording
from forecourt.inquiries import actions, recording
from forecourt.inquiries.actions import Outcome, Said
from forecourt.inquiries.models import Inquiry, Recording
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.models import Opening
from forecourt.requests import actions as requests
from forecourt.web import forms
from tests.cast import Inbox, Person, work

ADA = "ada@example.com"


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def message(db, now):
    """One that the clerk has taken."""

    def make(words="Does it come in green?", *, contact="", way="web", days=0, has="desk-4f2k", **more):
        said = Said(
            words=words,
            way=Case.Channel(way),
            nonce=uuid.uuid4(),
            received_at=now - timedelta(days=days),
            address=contacts.read(contact) if contact else None,
            **more,
        )
        inquiry = actions.take(said, now)
        if has:
            cases.take(inquiry.case, has, now)
        return inquiry

    return make


@pytest.fixture
def write(desk, now):
    def wrote(**more):
        values = {
            "nonce": forms.new_nonce("write-down", now),
            "came_by": "letter",
            "received": "2026-11-24",
            "kind": "question",
            "site": "not-said",
            "words": "Please tell me about the warranty.",
            "address": "",
        }
        return desk.post("/staff/cases/new/", values | more)

    return wrote


def address(inquiry: Inquiry, more: str = "") -> str:
    return f"/staff/inquiry/{inquiry.case.reference}/{more}"


# The inbox


def test_the_inbox_shows_the_late_ones_first_and_no_word_of_theirs(desk, message):
    fresh, late = message(topic="car"), message("ZEBRAFINCH", days=20)

    page = text(desk.get("/staff/cases/"))

    assert page.index(late.case.reference) < page.index(fresh.case.reference)
    assert page.count("late by 10\u00a0d") == 1
    assert "ZEBRAFINCH" not in page
    assert not Opening.objects.filter(who="desk-4f2k").exists()


def test_the_inbox_says_which_to_take_next(desk, message, ada, now):
    requests.open_request(requests.Kind.KNOW, ada.pk, now - timedelta(days=44), now)
    late, mine = message(days=20, has=""), message(days=25)
    message(days=3, has="")

    page = text(desk.get("/staff/cases/"))
    after = page[page.index("Next:") :]
    assert after.index(late.case.reference) < after.index("late by")
    assert mine.case.reference not in after[: after.index("late by")]
    assert "our machines" in page
    assert f"/staff/case/{late.case.reference}/" in text(desk.get("/staff/"))
    assert "Next:" not in text(desk.get("/staff/cases/?kind=claim"))


def test_a_case_says_what_to_do_next(desk, message, ada, now):
    inquiry = message()
    case = f"/staff/case/{inquiry.case.reference}/"
    assert "Yours to answer:" in text(desk.get(case))
    assert "They wait for an answer." in text(desk.get(address(inquiry)))

    actions.answer(inquiry, "Yes.", Case.Channel.WEB, now + timedelta(minutes=1), by="desk-4f2k")
    assert "Close it, unless something is left to do." in text(desk.get(address(inquiry)))
    actions.close(inquiry, Outcome.ANSWERED, now)
    assert "nothing is left to do" in text(desk.get(case))

    asked = requests.open_request(requests.Kind.KNOW, ada.pk, now, now)
    machines = text(desk.get(f"/staff/case/{asked.case.reference}/"))
    assert "Our machines answer it" in machines
    assert ">Take it<" not in machines


def test_the_inbox_is_filtered_by_what_and_how_and_closed_ones_are_gone(desk, message, now):
    by_email, letter = message(way="email"), message(way="letter", kind=Case.Kind.DELETE)
    closed = message()
    actions.close(closed, Outcome.NO_QUESTION, now)

    assert letter.case.reference not in text(desk.get("/staff/cases/?came_by=email"))
    assert by_email.case.reference in text(desk.get("/staff/cases/?came_by=email"))
    assert by_email.case.reference not in text(desk.get("/staff/cases/?kind=delete"))
    assert letter.case.reference in text(desk.get("/staff/cases/?kind=nonsense&came_by=pigeon"))
    assert closed.case.reference not in text(desk.get("/staff/cases/"))


def test_a_proposal_is_shown_as_one_and_a_person_decides(desk, message):
    inquiry = message("Please delete my data")
    assert "perhaps: request to delete" in text(desk.get("/staff/cases/"))

    desk.post(address(inquiry, "kind/"), {"kind": "delete"})

    inquiry.refresh_from_db()
    assert (inquiry.case.kind, inquiry.proposed) == ("delete", "")
    assert desk.post(address(inquiry, "kind/"), {"kind": "claim"}).status_code == 404


# Writing down


def test_a_letter_becomes_a_case_whose_clock_started_when_it_reached_us(desk, write, clerk):
    after = write(address=ADA)
    inquiry = Inquiry.objects.select_related("case").get()

    assert after["Location"] == address(inquiry)
    assert inquiry.case.opened_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert inquiry.case.due_at == datetime(2026, 12, 4, tzinfo=UTC)
    assert (inquiry.case.came_by, inquiry.case.opened_by) == ("letter", clerk)
    assert "Please tell me about the warranty." in text(desk.get(address(inquiry)))


def test_a_letter_that_names_no_site_is_taken_and_noted(desk, write):
    assert write().status_code == 302

    inquiry = Inquiry.objects.get()
    assert inquiry.site == "not-said"
    assert "site not said" in text(desk.get("/staff/cases/"))
    desk.post(address(inquiry, "site/"), {"site": "dealer"})
    inquiry.refresh_from_db()
    assert inquiry.site == "dealer"


def test_no_inquiry_is_without_its_site(message):
    inquiry = message()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(site="")


def test_what_came_today_came_now(write, now):
    write(received="2026-12-01", came_by="phone")
    assert Case.objects.get().opened_at == now


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"received": "2026-12-24"}, "That day is still to come"),
        ({"received": "yesterday"}, "Enter a day, such as"),
        ({"words": ""}, "in their words if you can"),
        ({"address": "ada@"}, "should look like name@example.com"),
        ({"came_by": "web"}, "valid choice"),
        ({"nonce": "made up"}, "press the button again"),
    ],
)
def test_a_mistake_at_the_desk_is_told_and_nothing_typed_is_lost(write, more, says):
    answer = write(**more)

    assert answer.status_code == 422
    assert says in text(answer)
    if "words" not in more:
        assert "Please tell me about the warranty." in text(answer)
    assert not Case.objects.exists()


def test_pressing_twice_is_one_case_and_another_letter_is_not_lost(write, now):
    nonce = forms.new_nonce("write-down", now)
    first, second = write(nonce=nonce), write(nonce=nonce)
    other = write(nonce=nonce, words="Another letter")

    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert other.status_code == 409
    assert "Another letter" in text(other)


# Reading, answering, closing


def test_reading_is_written_down_with_the_case(desk, message):
    inquiry = message(contact=ADA)

    page = text(desk.get(address(inquiry)))

    assert "Does it come in green?" in page
    assert ADA in page
    looked = Opening.objects.filter(who="desk-4f2k", case=inquiry.case.reference, purpose="read-inquiry")
    assert set(looked.values_list("subject", flat=True)) == {inquiry.submission_id, inquiry.contact_id}


def test_nobody_reads_what_is_in_other_hands_and_whoever_comes_first_takes_it(desk, message):
    theirs, free = message("ZEBRAFINCH", has="desk-9zzz"), message("ZEBRAFINCH", has="")
    for inquiry in (theirs, free):
        refused = desk.get(address(inquiry))
        assert refused.status_code == 403
        assert "ZEBRAFINCH" not in text(refused)
        assert desk.post(address(inquiry, "answer/"), {"words": "Hm", "way": "web"}).status_code == 403
        assert desk.post(address(inquiry, "closing/"), {"outcome": "done"}).status_code == 403
        assert inquiry.lines.count() == 1

    taken = desk.post(f"/staff/case/{free.case.reference}/taking/", follow=True)

    assert taken.redirect_chain[-1][0] == address(free)
    assert "ZEBRAFINCH" in text(taken)
    assert desk.post(f"/staff/case/{theirs.case.reference}/taking/").status_code == 409


def test_a_case_leads_to_its_message_and_ends_there(desk, message):
    inquiry = message()

    assert "Read the message" in text(desk.get(f"/staff/case/{inquiry.case.reference}/"))
    assert desk.post(f"/staff/case/{inquiry.case.reference}/closing/")["Location"] == address(inquiry)
    inquiry.case.refresh_from_db()
    assert inquiry.case.closed_at is None


def test_an_answer_goes_out_by_email_and_stands_on_the_page(desk, client, message, now):
    inquiry = message(contact=ADA)

    desk.post(address(inquiry, "answer/"), {"words": "In three greens.", "way": "email"})
    work(now)

    assert "In three greens." in Inbox(Person("Ada", ADA)).last
    assert inquiry.case.reference in Inbox(Person("Ada", ADA)).last
    page = text(client.get(f"/contact/messages/{actions.token_of(inquiry.nonce)}/"))
    assert "In three greens." in page


def test_whoever_stopped_our_emails_after_asking_gets_none_and_reads_it_on_the_page(desk, client, message, now):
    from forecourt.consent.models import Channel
    from forecourt.messaging import stops

    inquiry = message(contact=ADA)
    stops.withdraw(inquiry.contact, Channel.ALL, "all", method="phone", now=now)
    desk.post(address(inquiry, "answer/"), {"words": "In three greens.", "way": "email"})
    work(now)

    assert Message.objects.get(use="inquiry-answer-email").state == "refused"
    page = text(client.get(f"/contact/messages/{actions.token_of(inquiry.nonce)}/"))
    assert "In three greens." in page


def test_without_an_email_address_there_is_no_answer_by_email(desk, message):
    inquiry = message(contact="202-555-0117")

    assert "By email, and on their page" not in text(desk.get(address(inquiry)))
    refused = desk.post(address(inquiry, "answer/"), {"words": "Yes", "way": "email"})
    assert refused.status_code == 422
    with pytest.raises(actions.NotNow):
        actions.answer(inquiry, "Yes", Case.Channel.EMAIL, inquiry.entered_at, by="desk-4f2k")


def test_it_closes_with_a_sentence_that_the_person_reads_and_then_nobody_looks(desk, client, message):
    inquiry = message()
    too_early = desk.post(address(inquiry, "closing/"), {"outcome": "answered"})
    assert too_early.status_code == 409
    assert "Nothing was answered yet" in text(too_early)

    desk.post(address(inquiry, "answer/"), {"words": "I called: yes.", "way": "phone"})
    closed = text(desk.post(address(inquiry, "closing/"), {"outcome": "answered"}, follow=True))

    assert Outcome.ANSWERED.label in closed
    assert "Does it come in green?" not in closed
    assert Outcome.ANSWERED.label in text(client.get(f"/contact/messages/{actions.token_of(inquiry.nonce)}/"))


@pytest.mark.parametrize(
    ("step", "fields"),
    [("answer/", {"words": "Late", "way": "web"}), ("closing/", {"outcome": "done"}), ("kind/", {"kind": "know"})],
)
def test_whoever_comes_second_is_told_that_it_is_closed(desk, message, now, step, fields):
    inquiry = message()
    actions.close(inquiry, Outcome.NO_QUESTION, now)

    late = desk.post(address(inquiry, step), fields)

    assert late.status_code == 409
    assert "was closed a moment before" in text(late)
    inquiry.case.refresh_from_db()
    assert (inquiry.case.outcome, inquiry.case.kind) == ("no-question", "question")


def test_only_the_person_can_say_that_they_took_it_back(desk, message):
    inquiry = message()
    assert desk.post(address(inquiry, "closing/"), {"outcome": "withdrawn"}).status_code == 422


def test_an_email_is_saved_as_it_came_and_shown_by_no_browser(desk, message):
    inquiry = message(way="email", original=b"From: ada@example.com\n\n<script>1</script>")
    line = inquiry.lines.get()

    answer = desk.get(address(inquiry, f"original/{line.pk}/"))

    assert answer.content == b"From: ada@example.com\n\n<script>1</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == f'attachment; filename="{inquiry.case.reference}.eml"'
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert Opening.objects.filter(who="desk-4f2k", fields=["inquiry.original"]).exists() or Opening.objects.filter(
        who="desk-4f2k", subject=inquiry.submission_id
    )
    assert desk.get(address(message(), f"original/{uuid.uuid4()}/")).status_code == 404


# A call


@pytest.fixture
def call(message):
    return message(way="phone")


def steps(desk, inquiry, *said: str) -> list[int]:
    return [desk.post(address(inquiry, "call/"), {"step": step}).status_code for step in said]


def test_nothing_is_recorded_before_the_notice_was_read_out(desk, call):
    assert recording.NOTICE in text(desk.get(address(call)))
    assert steps(desk, call, "yes") == [409]
    assert not Recording.objects.exists()


def test_told_and_agreed_it_is_on_and_who_told_which_words_is_kept(desk, call, now):
    assert steps(desk, call, "told", "yes") == [302, 302]

    held = Recording.objects.get()
    assert held.is_on
    assert (held.told_by, held.told_at, held.agreed_at) == ("desk-4f2k", now, now)
    assert Wording.objects.get(pk=held.wording).text == recording.NOTICE


def test_a_no_leaves_everything_else_and_is_not_asked_again(desk, call):
    assert steps(desk, call, "told", "no", "yes") == [302, 302, 409]

    assert not Recording.objects.get().is_on
    answered = desk.post(address(call, "answer/"), {"words": "Yes, four years.", "way": "phone"})
    assert answered.status_code == 302


def test_a_no_in_the_middle_switches_it_off(desk, call):
    steps(desk, call, "told", "yes")
    assert "They want it off" in text(desk.get(address(call)))
    assert steps(desk, call, "no", "yes") == [302, 409]

    held = Recording.objects.get()
    assert not held.is_on
    assert held.stopped_at
    assert "Not recorded" in text(desk.get(address(call)))


def test_with_the_case_the_recording_ends(desk, call, now):
    steps(desk, call, "told", "yes")
    actions.close(call, Outcome.DONE, now)
    assert not Recording.objects.get().is_on


def test_a_letter_is_no_call(desk, message):
    letter = message(way="letter")
    assert steps(desk, letter, "told") == [409]
    assert "Recording this call" not in text(desk.get(address(letter)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"started_at": "now"},
        {"agreed_at": "before", "started_at": "now"},
        {"agreed_at": "now", "started_at": "before"},
        {"agreed_at": "now", "started_at": "now", "refused_at": "now"},
        {"wording": ""},
        {"told_by": ""},
    ],
)
def test_the_database_itself_refuses_any_other_order(call, now, wrong):
    times = {"now": now, "before": now - timedelta(minutes=5)}
    facts = {"wording": "w", "told_by": "desk-4f2k", "told_at": now}

    with pytest.raises(IntegrityError), transaction.atomic():
        Recording.objects.create(case=call.case, **facts | {key: times.get(said, said) for key, said in wrong.items()})
