"""Somebody who books with an address that is not theirs can neither pester its owner nor take every car."""

from datetime import timedelta

import pytest

from forecourt.adapters import keystore
from forecourt.interactions import actions, limits
from forecourt.interactions.models import Hold, TestDrive
from forecourt.messaging.models import Message
from forecourt.people.models import Subject
from forecourt.policy.reasons import Reason
from forecourt.sharing.models import Lead
from tests.cast import ADA, BRUNO, CHEN, Inbox, booked, fields, first_slot, make_dealer, path, work

DAYS = (1, 2, 3, 4, 6, 7, 8, 9)


@pytest.fixture
def several(dealer, at):
    """Books that many drives for somebody, a day each."""

    def book(person, number):
        return [booked(person, dealer, at.now, first_slot(dealer, at.now, days)) for days in DAYS[:number]]

    return book


def test_one_address_cannot_hold_every_car_and_hears_how_to_go_on(dealer, at, client, several):
    several(ADA, limits.MOST_DRIVES)
    slot = f"{first_slot(dealer, at.now, 9):%Y-%m-%dT%H:%MZ}"
    answer = client.post("/test-drive/", fields(ADA, dealer, at.now, slot=slot))

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "one email address or phone number can have 4 test drives to come" in text
    assert f"call {dealer.name} at {dealer.phone}" in text
    assert TestDrive.objects.count() == limits.MOST_DRIVES
    assert Subject.objects.count() == limits.MOST_DRIVES + 1
    assert booked(BRUNO, dealer, at.now, first_slot(dealer, at.now, 9)).pk


def test_cancelling_and_booking_again_is_no_way_around_it(dealer, at, several):
    for drive in several(ADA, limits.MOST_DRIVES):
        actions.cancel(drive, at.now)
    with pytest.raises(actions.TooMany):
        booked(ADA, dealer, at.now)

    at.now += timedelta(days=1, minutes=1)
    assert booked(ADA, dealer, at.now, first_slot(dealer, at.now, 3)).pk


def test_a_drive_is_moved_so_often_and_then_by_phone(dealer, at, client):
    drive = booked(ADA, dealer, at.now)
    times = [first_slot(dealer, at.now, days) for days in DAYS if days != 4]
    for start in times[: limits.MOST_MOVES]:
        actions.reschedule(drive, start, at.now)
    answer = client.post(f"{path(drive)}time/", {"slot": f"{times[limits.MOST_MOVES]:%Y-%m-%dT%H:%MZ}"})

    assert answer.status_code == 409
    assert "A drive can be moved 6 times here. Call Wren of Salem" in answer.content.decode()
    assert set(Hold.objects.values_list("at", flat=True)) >= {times[limits.MOST_MOVES - 1]}


@pytest.mark.parametrize("person", [ADA, CHEN])
def test_nobody_gets_more_than_so_many_messages_a_day_whatever_is_booked_and_moved(person, dealer, at, client, several):
    drives = several(person, 3)
    work(at.now)
    for hour in (1, 2):
        for drive in drives:
            at.now += timedelta(minutes=1)
            actions.reschedule(drive, drive.starts_at + timedelta(hours=hour), at.now)
            work(at.now)

    assert len(Inbox(person).all) == limits.MOST_MESSAGES
    assert Message.objects.filter(state="refused", reason=Reason.TOO_MANY).count() == 3
    page = client.get(path(drives[2])).content.decode()
    assert "Nothing was sent about this now: 6 messages about bookings a day" in page
    assert "We are sending the same" not in page

    at.now += timedelta(days=1, minutes=1)
    actions.cancel(TestDrive.objects.get(pk=drives[2].pk), at.now)
    work(at.now)
    assert "ancelled" in Inbox(person).last


def test_the_dealer_hears_of_every_change_all_the_same(dealer, at, several):
    drives = several(ADA, 3)
    work(at.now)
    for drive in drives:
        for hour in (1, 2):
            actions.reschedule(drive, drive.starts_at + timedelta(hours=hour), at.now)
            work(at.now)

    assert Lead.objects.filter(state="left").count() == 9


def test_many_forms_at_once_do_not_slip_past_the_limit(fresh_database, now):
    from tests.interactions.test_booking import at_once

    dealer = make_dealer(now, capacity=9)
    start = first_slot(dealer, now)
    at_once([lambda: booked(ADA, dealer, now, start)] * 8)

    assert TestDrive.objects.count() == limits.MOST_DRIVES


def test_the_wait_does_not_tell_whether_an_address_is_known(dealer, at, monkeypatch):
    made = []
    monkeypatch.setattr(
        keystore, "create", lambda subject, create=keystore.create: made.append(subject) or create(subject)
    )
    booked(ADA, dealer, at.now)
    as_new = len(made)
    booked(ADA, dealer, at.now, first_slot(dealer, at.now, 2))

    assert len(made) == 2 * as_new
