"""A caller says stop: three steps, one reference number, nothing leaves afterwards."""

import re
import uuid

import pytest

from forecourt.cases.models import Case
from forecourt.consent import policies, standing
from forecourt.consent.models import Entry, Wording
from forecourt.console import actions
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.decide import Facts, Refused, decide


@pytest.fixture
def waiting(ada, now):
    """A reminder that Ada asked for, due tomorrow."""
    from datetime import timedelta

    from forecourt.consent import ledger
    from forecourt.people import vault

    booking = f"interaction:{uuid.uuid4()}"
    ledger.record(
        ada.pk, "asked", "email", booking, method="form", now=now, policy_version="2026-10-15", interaction=booking
    )
    number = uuid.uuid4()
    return Message.objects.create(
        id=number, contact=ada, channel="email", use="test-drive-reminder-email", interaction=booking,
        interaction_type="test-drive", body=vault.seal_text(ada.pk, "message.body", number, "{}"),
        link_digest=number.bytes, queued_at=now, due=now + timedelta(days=1),
    )  # fmt: skip


def stop_by_phone(desk, typed: str) -> str:
    """The three steps as a browser takes them; returns the last page."""
    first = desk.get("/staff/stop/")
    assert b"Who is calling?" in first.content
    second = desk.post("/staff/stop/whom/", {"address": typed})
    hidden = dict(re.findall(r'type="hidden" name="(address|contact)" value="([^"]+)"', second.content.decode()))
    return desk.post("/staff/stop/now/", hidden, follow=True).content.decode()


def test_a_stop_by_phone_gives_a_reference_and_refuses_what_waits(desk, ada, waiting):
    page = stop_by_phone(desk, " Ada@Example.com ")

    case = Case.objects.get()
    waiting.refresh_from_db()
    assert case.reference in page
    assert "It is done." in page
    assert (waiting.state, waiting.reason) == ("refused", "withdrawn")
    assert (case.kind, case.came_by, case.opened_by.username) == ("phone-stop", "phone", "desk-4f2k")
    assert case.outcome == "stopped; refused while waiting: 1"
    assert case.closed_at


def test_a_stop_by_phone_is_in_the_ledger_with_its_words_and_who_took_it(desk, ada):
    stop_by_phone(desk, "ada@example.com")

    entry = Entry.objects.get(contact=ada.pk)
    assert (entry.verb, entry.channel, entry.scope, entry.method, entry.by) == (
        "withdrew",
        "all",
        "all",
        "phone",
        "desk-4f2k",
    )
    assert Wording.objects.get(pk=entry.wording).text == actions.STOP_WORDING


def test_a_stop_for_an_address_never_seen_holds_for_what_comes_later(desk, now):
    page = stop_by_phone(desk, "(503) 555-0148")

    contact = contacts.find(contacts.read("+15035550148"))
    policy = policies.in_force(now)
    facts = Facts(standing=standing.of(contact.pk), interaction="interaction:x", interaction_type="test-drive")
    assert "Stop everything" in page
    for use in ("test-drive-confirmation-text", "test-drive-reminder-email"):
        assert isinstance(decide(policy, use, facts, now), Refused)


def test_nothing_is_stored_before_the_last_step(desk):
    page = desk.post("/staff/stop/whom/", {"address": "new@example.com"}).content.decode()

    assert "We have never seen this address" in page
    assert Contact.objects.count() == 0
    assert Case.objects.count() == 0


def test_the_second_step_says_how_much_waits_and_not_what_about(desk, ada, waiting):
    page = desk.post("/staff/stop/whom/", {"address": "ada@example.com"}).content.decode()

    assert "1 message to it is waiting now" in page
    assert "remind you of the test drive" not in page


def test_what_cannot_be_read_is_answered_with_what_to_type(desk):
    page = desk.post("/staff/stop/whom/", {"address": "ada@"}).content.decode()

    assert "It should look like name@example.com" in page
    assert 'value="ada@"' in page


def test_from_a_persons_page_the_address_need_not_be_typed(desk, ada):
    page = desk.get(f"/staff/contact/{ada.pk}/stop/").content.decode()

    assert f'name="contact" value="{ada.pk}"' in page
    assert "ada@example.com" not in page


def test_a_stop_twice_is_two_cases_and_no_error(desk, ada):
    stop_by_phone(desk, "ada@example.com")
    stop_by_phone(desk, "ada@example.com")

    assert Case.objects.count() == 2


def test_a_message_in_the_providers_hands_keeps_the_case_open_and_is_said(desk, ada, waiting, monkeypatch):
    monkeypatch.setattr("forecourt.messaging.stops.settled", lambda contact_id: False)

    page = stop_by_phone(desk, "ada@example.com")

    assert "already in its provider’s hands" in page
    assert Case.objects.get().closed_at is None
