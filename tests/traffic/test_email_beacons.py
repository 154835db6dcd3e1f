"""An email tells that it was opened only if its own address said yes, then and still."""

import re
from email import message_from_bytes
from email.policy import default

import pytest

from forecourt.consent import switches
from forecourt.consent.choices import Answer
from forecourt.messaging import beacons, wire
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.policy.policy import Switch
from forecourt.traffic.models import View
from tests.cast import ADA, booked

BEACON = re.compile(r'src="([^"]*beacon[^"]*)"')


@pytest.fixture
def letter(dealer, at) -> Message:
    booked(ADA, dealer, at.now)
    return Message.objects.get(use="test-drive-confirmation-email")


def says(letter: Message, answer: Answer, now) -> None:
    switches.say([letter.contact_id], Switch.ANALYTICS, answer, "page", now)


def beacons_in(letter: Message) -> list[str]:
    raw = wire.email_bytes(letter, wire.outbox.open_body(letter), ADA.address)
    found = message_from_bytes(raw, policy=default).get_body(("html",))
    return BEACON.findall(found.get_content())


def test_without_a_yes_an_email_holds_no_beacon(letter, at):
    assert beacons_in(letter) == []

    says(letter, Answer.NO, at.now)
    assert beacons_in(letter) == []


def test_after_a_yes_it_holds_one_and_its_opening_is_noted_without_anybody(letter, at, client):
    says(letter, Answer.YES, at.now)
    (address,) = beacons_in(letter)
    answer = client.get(address[address.index("/beacon/") :], REMOTE_ADDR="203.0.113.9")

    assert answer.headers["Content-Type"] == "image/gif"
    view = View.objects.values().get()
    assert view.pop("id")
    assert view == {
        "kind": "test-drive-confirmation-email",
        "at": at.now.replace(minute=0, second=0, microsecond=0),
        "network": "203.0.113.0/24",
        "browser": "other",
        "came_from": "",
    }


def test_a_no_between_queue_and_leaving_is_heard(letter, at):
    says(letter, Answer.YES, at.now)
    says(letter, Answer.NO, at.now)

    assert beacons_in(letter) == []


def test_a_no_after_it_left_is_heard_as_it_is_opened(letter, at, client):
    says(letter, Answer.YES, at.now)
    (address,) = beacons_in(letter)
    says(letter, Answer.NO, at.now)

    assert client.get(address[address.index("/beacon/") :]).status_code == 204
    assert not View.objects.exists()


def test_a_no_of_the_browser_that_shows_it_counts_as_well(letter, at, client):
    says(letter, Answer.YES, at.now)
    (address,) = beacons_in(letter)
    client.cookies["choices"] = "analytics-no"

    assert client.get(address[address.index("/beacon/") :]).status_code == 204


@pytest.mark.parametrize("token", ["x", "A" * 43, "!!", "é"])
def test_an_address_that_we_did_not_make_finds_nothing(token, db, at, client):
    assert beacons.find(token) is None
    assert client.get(f"/beacon/email/{token}.gif").status_code == 204


def test_nobody_elses_yes_is_this_addresss(letter, at):
    other = contacts.find_or_add(contacts.read("bea@post.example"), source="form", notice="2026-10-15", now=at.now)
    switches.say([other.pk], Switch.ANALYTICS, Answer.YES, "page", at.now)

    assert beacons_in(letter) == []
