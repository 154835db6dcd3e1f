"""Not interested any more: one press, no proof, every channel."""

from datetime import timedelta

import pytest

from forecourt.cases.models import Case
from forecourt.consent import switches
from forecourt.interactions import reminders
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.policy.policy import Switch
from forecourt.policy.reasons import Reason
from forecourt.requests import leaving
from forecourt.sharing.models import Lead
from tests.accounts.at_home import browser
from tests.cast import ADA, CHEN, booked, work
from tests.requests.asking import START, words


def leaves(address: str, client=None):
    client = client or browser()
    answer = client.post(f"{START}leaving/", {"contact": address})
    assert answer.status_code == 303, answer.content.decode()
    return client.get(answer["Location"])


@pytest.mark.parametrize("person", [ADA, CHEN], ids=["email", "text"])
def test_a_message_of_the_next_minute_is_refused(dealer, at, person):
    drive = booked(person, dealer, at.now)
    work(at.now)

    leaves(person.contact)
    at.now = drive.remind_at
    reminders.remind(drive, at.now)
    work(at.now)

    late = Message.objects.filter(contact=drive.contact, queued_at__gte=at.now)
    assert [one.reason for one in late] in ([Reason.WITHDRAWN], [])
    assert not late.filter(state="left").exists()


def test_it_says_no_to_every_purpose_and_every_channel_and_tells_whoever_has_the_data(dealer, at):
    drive = booked(ADA, dealer, at.now)
    work(at.now)

    said = words(leaves(ADA.contact))

    assert switches.of(drive.contact_id).said_no == set(Switch)
    assert Lead.objects.filter(says_no=True, contact=drive.contact_id).exists()
    case = Case.objects.get(kind="not-interested")
    assert case.reference in said
    assert case.closed_at == at.now


def test_an_address_that_nobody_has_gets_the_same_answer_and_the_no_is_there_first(dealer, at):
    booked(ADA, dealer, at.now)
    known, unknown = words(leaves(ADA.contact)), words(leaves("edwin.larkspur@post.example"))

    cases = Case.objects.filter(kind="not-interested").values_list("reference", flat=True)
    for reference in cases:
        known, unknown = known.replace(reference, ""), unknown.replace(reference, "")
    assert known == unknown
    assert switches.of(contacts.find(contacts.read("edwin.larkspur@post.example")).pk).said_no == set(Switch)


def test_leaving_twice_is_leaving_once_until_something_new_was_asked(dealer, at):
    leaves(ADA.contact)
    leaves(ADA.contact)
    assert Case.objects.filter(kind="not-interested").count() == 1

    booked(ADA, dealer, at.now)
    leaves(ADA.contact)
    assert Case.objects.filter(kind="not-interested").count() == 2


def test_a_drive_that_is_booked_afterwards_is_answered(dealer, at):
    leaves(ADA.contact)
    at.now += timedelta(minutes=1)
    booked(ADA, dealer, at.now)
    work(at.now)

    assert Message.objects.filter(use="test-drive-confirmation-email", state="left").exists()


def test_the_page_of_another_case_is_no_page_of_leaving(db, at):
    assert browser().get(f"{START}left/nothing/").status_code == 404
    assert (
        leaving.left_before(contacts.find_or_add(contacts.read(ADA.contact), source="x", notice="y", now=at.now))
        is None
    )
