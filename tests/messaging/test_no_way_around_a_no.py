"""Sequences of words after which a text must not leave, whoever types what in between. What a phone said, only that phone undoes."""

import pytest

from forecourt.consent.models import Channel
from forecourt.console import actions as console
from forecourt.interactions import actions, reminders
from forecourt.interactions.models import TestDrive
from forecourt.messaging import outbox, stops
from forecourt.messaging.models import Message
from tests.cast import CHEN, Inbox, booked, first_slot, path, texted, work


@pytest.fixture
def drive(dealer, at) -> TestDrive:
    made = booked(CHEN, dealer, at.now)
    work(at.now)
    return made


def link(drive: TestDrive) -> str:
    first = Message.objects.filter(interaction=drive.interaction).earliest("queued_at")
    return f"/m/{outbox.open_body(first).link.rsplit('/', 2)[1]}/"


def books_again(drive, dealer, at, client):
    booked(CHEN, dealer, at.now, first_slot(dealer, at.now, 6))


def moves_it(drive, dealer, at, client):
    actions.reschedule(drive, first_slot(dealer, at.now, 7), at.now)


def cancels_it(drive, dealer, at, client):
    actions.cancel(drive, at.now)


def presses_the_switch(drive, dealer, at, client):
    client.post(f"{path(drive)}texts/", {"texts": "no"})
    client.post(f"{path(drive)}texts/", {"texts": "yes"})


def resumes_by_link(drive, dealer, at, client):
    assert client.post(f"{link(drive)}resumption/", {"confirm": "yes"}).status_code == 409


def asks_for_codes(drive, dealer, at, client):
    for _ in range(3):
        client.post(f"{link(drive)}dealers/")


def waits_for_the_reminder(drive, dealer, at, client):
    drive.refresh_from_db()
    at.now = drive.remind_at
    reminders.remind_all(at.now)


TRICKS = [
    books_again,
    moves_it,
    cancels_it,
    presses_the_switch,
    resumes_by_link,
    asks_for_codes,
    waits_for_the_reminder,
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
@pytest.mark.parametrize("words", ["STOP", "stop all", "wrong number"])
def test_nothing_is_texted_after_the_phone_said_no(words, trick, drive, dealer, at, client):
    texted(client, CHEN, words)
    work(at.now)
    heard = len(Inbox(CHEN).all)
    trick(drive, dealer, at, client)
    work(at.now)

    assert len(Inbox(CHEN).all) == heard


@pytest.mark.parametrize("trick", [moves_it, cancels_it, waits_for_the_reminder], ids=lambda trick: trick.__name__)
def test_nothing_is_texted_after_somebody_stopped_everything_on_the_phone(
    trick, drive, dealer, at, client, django_user_model
):
    clerk = django_user_model.objects.create_user("desk-4f2k", password="seven small wrens sing")
    console.stop_everything(drive.contact, by=clerk, now=at.now)
    heard = len(Inbox(CHEN).all)
    trick(drive, dealer, at, client)
    work(at.now)

    assert len(Inbox(CHEN).all) == heard


def test_a_start_to_another_number_of_ours_undoes_nothing_here(drive, dealer, at, client):
    texted(client, CHEN, "STOP")
    contact = drive.contact
    stops.receive(incoming(CHEN, "START", "event"), at.now)
    work(at.now)
    heard = len(Inbox(CHEN).all)
    moves_it(drive, dealer, at, client)
    work(at.now)

    assert len(Inbox(CHEN).all) == heard
    assert stops.withdraw(contact, Channel.TEXT, "all", method="link", now=at.now)


def incoming(person, words: str, kind: str):
    from forecourt.adapters.texts import Incoming
    from forecourt.web.brand import brand

    return Incoming("SM" + "0" * 30 + "42", person.address, brand().text_senders[kind], words)
