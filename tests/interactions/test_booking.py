"""Booking a test drive: what is kept, what is sent, and what never happens twice."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections

from forecourt.consent.models import Entry, Wording
from forecourt.interactions import actions, links
from forecourt.interactions.models import Hold, TestDrive
from forecourt.messaging import stops
from forecourt.messaging.models import Message
from forecourt.sharing.models import Lead
from forecourt.web import forms
from tests.cast import ADA, BRUNO, CHEN, Inbox, booked, fields, first_slot, make_dealer, path, texted, wish, work


def test_a_booking_by_email_confirms_at_once_and_tells_the_dealer(dealer, at, client):
    answer = client.post("/test-drive/", fields(ADA, dealer, at.now))
    work(at.now)

    assert answer.status_code == 303
    drive = TestDrive.objects.get()
    assert answer["Location"] == path(drive)
    assert "Booked: Pipit, Sat Dec 5, 10:30 am" in Inbox(ADA).last
    assert path(drive) in Inbox(ADA).last.replace("=\r\n", "").replace("=3D", "=")
    assert Lead.objects.get().state == "left"
    assert list(Entry.objects.values_list("verb", "channel", "scope", "method")) == [
        ("asked", "all", drive.interaction, "form")
    ]


def test_a_phone_with_nothing_ticked_gets_nothing_and_loses_nothing(dealer, at, client):
    page = client.post("/test-drive/", fields(BRUNO, dealer, at.now), follow=True)
    work(at.now)

    assert Inbox(BRUNO).all == []
    assert Message.objects.count() == 0
    text = page.content.decode()
    assert "Nothing will be sent to you" in text
    assert "calendar.ics" in text
    assert "Move it to another time" in text
    assert Lead.objects.get().state == "left"


def test_a_ticked_box_allows_texts_about_this_booking_alone(dealer, at, client):
    client.post("/test-drive/", fields(CHEN, dealer, at.now))
    work(at.now)

    drive = TestDrive.objects.get()
    said = "Wren: your Pipit drive at Wren of Salem is booked for Sat Dec 5, 10:30 am. Move or cancel it: "
    ends = " Msg & data rates may apply. Reply HELP for help, STOP to end these."
    assert Inbox(CHEN).all == [f"{said}{links.address_of(drive)}{ends}"]
    granted = Entry.objects.get(verb="granted")
    assert (granted.channel, granted.scope) == ("text", drive.interaction)


def test_the_kept_wording_is_the_sentence_that_the_page_showed(dealer, at, client):
    page = client.get(f"/test-drive/?dealer={dealer.slug}").content.decode()
    booked(CHEN, dealer, at.now)

    said = Wording.objects.get(pk=Entry.objects.get(verb="granted").wording).text
    label, terms = said.split(". ", 1)
    assert label in page
    assert terms in page


def test_a_second_booking_does_not_show_the_first_ones_yes(dealer, at, client):
    booked(CHEN, dealer, at.now)
    second = booked(
        CHEN.__class__(CHEN.name, CHEN.contact), dealer, at.now, first_slot(dealer, at.now) + timedelta(hours=2)
    )

    assert "Nothing: you left us" in client.get(path(second)).content.decode()


def test_the_same_form_sent_twice_is_one_booking(dealer, at, client):
    sent = fields(ADA, dealer, at.now)
    first, second = (client.post("/test-drive/", sent) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert TestDrive.objects.count() == Lead.objects.count() == Message.objects.count() == 1


def test_a_used_form_with_another_contact_never_opens_the_first_booking(dealer, at, client):
    sent = fields(ADA, dealer, at.now)
    client.post("/test-drive/", sent)
    answer = client.post("/test-drive/", sent | {"contact": BRUNO.contact})

    assert answer.status_code == 409
    assert path(TestDrive.objects.get()) not in answer.content.decode()
    assert TestDrive.objects.count() == 1


def test_a_dealer_with_two_cars_takes_two_drives_at_a_time_and_no_third(dealer, at, client):
    for person in (ADA, BRUNO):
        booked(person, dealer, at.now)
    answer = client.post("/test-drive/", fields(CHEN, dealer, at.now))

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody took that time a moment ago" in page
    assert CHEN.name in page
    assert CHEN.contact in page
    assert 'aria-label="The nearest free times"' in page


def test_a_drive_keeps_its_car_until_it_is_back(db, now):
    dealer = make_dealer(now, capacity=1)
    start = first_slot(dealer, now)
    booked(ADA, dealer, now, start)

    with pytest.raises(actions.SlotTaken):
        booked(BRUNO, dealer, now, start + timedelta(minutes=30))
    assert booked(CHEN, dealer, now, start + timedelta(minutes=60)).pk


def test_what_fails_leaves_no_half_booking(db, now):
    dealer = make_dealer(now, capacity=1)
    booked(ADA, dealer, now)
    before = [model.objects.count() for model in (TestDrive, Hold, Lead, Message, Entry)]

    with pytest.raises(actions.SlotTaken):
        booked(CHEN, dealer, now)
    assert [model.objects.count() for model in (TestDrive, Hold, Lead, Message, Entry)] == before


def test_twelve_people_at_once_get_two_cars_and_no_more(fresh_database, now):
    dealer = make_dealer(now)
    outcomes = at_once(
        [lambda n=n: booked(ADA.__class__(f"Guest {n}", f"guest{n}@post.example"), dealer, now) for n in range(12)]
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SlotTaken"] * 10 + ["TestDrive"] * 2
    assert TestDrive.objects.filter(state="booked").count() == 2
    assert sorted(Hold.objects.values_list("bay", flat=True)) == [1, 1, 2, 2]


def test_one_form_sent_eight_times_at_once_is_one_booking(fresh_database, now):
    dealer = make_dealer(now, capacity=3)
    nonce = forms.new_nonce("test-drive", now)
    outcomes = at_once([lambda: actions.book(wish(ADA, dealer, now, nonce=nonce), now)] * 8)

    assert len({outcome.pk for outcome in outcomes}) == 1
    assert TestDrive.objects.count() == Lead.objects.count() == Message.objects.count() == 1


def test_drives_that_swap_their_times_at_once_never_share_a_car(fresh_database, now):
    dealer = make_dealer(now, capacity=1)
    start = first_slot(dealer, now)
    drives = [booked(ADA, dealer, now, start), booked(BRUNO, dealer, now, start + timedelta(hours=1))]
    moves = [
        lambda: actions.reschedule(drives[0], start + timedelta(minutes=30), now),
        lambda: actions.reschedule(drives[1], start + timedelta(minutes=30), now),
        lambda: actions.reschedule(drives[0], start + timedelta(hours=1), now),
        lambda: actions.reschedule(drives[1], start, now),
    ]
    outcomes = at_once(moves * 3)

    assert not [outcome for outcome in outcomes if not isinstance(outcome, (TestDrive, actions.SlotTaken))]
    times = sorted(TestDrive.objects.filter(state="booked").values_list("starts_at", flat=True))
    assert times[1] - times[0] >= timedelta(minutes=45)


def at_once(calls) -> list[object]:
    """What each call returned or raised, all started together in threads of their own."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[object] = [None] * len(calls)

    def run(place: int) -> None:
        try:
            barrier.wait()
            outcomes[place] = calls[place]()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_new_tick_after_stop_says_to_text_start(dealer, at, client):
    booked(CHEN, dealer, at.now)
    texted(client, CHEN, "STOP")
    second = booked(CHEN, dealer, at.now, first_slot(dealer, at.now) + timedelta(hours=2))
    work(at.now)

    assert "START" in client.get(path(second)).content.decode()
    confirmation = Message.objects.get(use="test-drive-confirmation-text", interaction=second.interaction)
    assert (confirmation.state, confirmation.reason) == ("refused", "stopped")


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2027-01-30", "our texts about test drives have ended"),
        ("2027-01-31", "all our texts to this phone have ended"),
    ],
)
def test_from_the_day_that_the_law_widens_stop_the_confirmation_says_so(dealer, at, client, day, ends):
    at.now = datetime.fromisoformat(f"{day}T18:00:00+00:00")
    texted(client, CHEN, "STOP")
    work(at.now)

    assert ends in Inbox(CHEN).last


def test_a_dealer_that_heard_of_a_drive_is_named_when_a_later_word_may_not_be_sent(dealer, at, client):
    drive = booked(ADA, dealer, at.now)
    work(at.now)
    stops.withdraw(drive.contact, "all", "all", method="link", now=at.now)
    actions.cancel(drive, at.now)
    work(at.now)

    assert "Call Wren of Salem to say so yourself." in client.get(path(drive)).content.decode()


def test_a_dealer_without_times_is_named_with_its_phone_and_another_way(db, at, client):
    dealer = make_dealer(at.now, by_appointment=True)
    page = client.get("/test-drive/", {"dealer": dealer.slug}).content.decode()

    assert "has no times to book here" in page
    assert "tel:+13365550101" in page
