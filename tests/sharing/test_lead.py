"""The one door for leads: to the chosen dealer, under a contract, once, with a receipt."""

from datetime import timedelta

import pytest
from lxml import etree

from forecourt.adapters import crm
from forecourt.adapters.outcomes import Unknown
from forecourt.consent import ledger
from forecourt.consent.models import Channel, Permit, Verb
from forecourt.messaging import stops
from forecourt.people import contacts, subjects, vault
from forecourt.people.models import Subject
from forecourt.policy import limits
from forecourt.policy.policy import Kind
from forecourt.policy.reasons import Reason
from forecourt.sharing import handoff, outbox, recipients
from forecourt.sharing.models import Lead, Receipt

DRIVE = "interaction:7f1c2f60-0000-4000-8000-000000000001"


class Recorder:
    """A dealer's system that remembers what reached it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.failure: Exception | None = None

    def send(self, endpoint: str, xml: bytes, deadline: float, reference: str) -> str:
        if self.failure:
            raise self.failure
        self.sent.append((endpoint, xml))
        return f"dealer-{len(self.sent)}"


@pytest.fixture
def dealer_system(monkeypatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(crm, "current", lambda: recorder)
    return recorder


def terms(now):
    return limits.required_terms(Kind.DEALER, now)


@pytest.fixture
def dealers(db, now):
    for code in ("boise", "salem"):
        recipients.register(code, "dealer", f"Wren of {code.title()}", f"https://{code}.example/leads")
    recipients.sign("salem", "2026", terms(now), now - timedelta(days=30), now + timedelta(days=30), now)


def lead(now, *, recipient="salem", chosen="salem", **more) -> Lead:
    contact = contacts.find_or_add(contacts.read("ada@example.com"), source="test-drive", notice="2026-10-15", now=now)
    submission = subjects.add(Subject.Kind.SUBMISSION, now)
    vault.seal(submission.pk, "user.name", "Ada <Lovelace> & Co", source="test-drive", notice="2026-10-15", now=now)
    ledger.record(contact.pk, Verb.ASKED, Channel.ALL, DRIVE, method="form", now=now, policy_version="2026-10-15")
    return outbox.queue_lead(
        "test-drive-lead",
        contact,
        submission,
        recipient=recipient,
        chosen=chosen,
        interaction=DRIVE,
        interaction_type="test-drive",
        model_year=2027,
        model_name="Pipit",
        wish="Test drive on Saturday, December 5, 2026 at 10:30 am",
        now=now,
        **more,
    )


def test_a_lead_reaches_the_chosen_dealer_once_and_leaves_one_receipt(dealers, dealer_system, now):
    wanted = lead(now)
    for _ in range(3):
        handoff.deliver(wanted.pk, now)

    [(endpoint, xml)] = dealer_system.sent
    assert endpoint == "https://salem.example/leads"
    adf = etree.fromstring(xml)
    assert adf.findtext(".//customer/contact/name") == "Ada <Lovelace> & Co"
    assert adf.findtext(".//customer/contact/email") == "ada@example.com"
    receipt = Receipt.objects.get(lead=wanted)
    assert receipt.fields == ["user.contact.email", "user.name", "vehicle.appointment", "vehicle.interest"]
    assert Permit.objects.get(pk=receipt.permit).recipient == "salem"


def test_a_lead_to_any_other_dealer_is_refused(dealers, dealer_system, now):
    refused = handoff.deliver(lead(now, recipient="salem", chosen="boise").pk, now)

    assert (refused.state, refused.reason) == ("refused", Reason.WRONG_RECIPIENT)
    assert dealer_system.sent == []


def test_without_a_contract_the_lead_waits_and_leaves_once_after_it_is_signed(dealers, dealer_system, now):
    waiting = handoff.deliver(lead(now, recipient="boise", chosen="boise").pk, now)
    assert (waiting.state, waiting.reason, dealer_system.sent) == ("waiting", Reason.NO_CONTRACT, [])

    recipients.sign("boise", "2026", terms(now), now - timedelta(days=1), now + timedelta(days=365), now)
    for _ in range(2):
        handoff.deliver(waiting.pk, now)
    assert len(dealer_system.sent) == 1


def test_a_contract_that_lacks_a_term_is_named_with_it(dealers, dealer_system, now):
    recipients.sign("boise", "2026", terms(now) - {"our-checks"}, now, now + timedelta(days=365), now)
    waiting = handoff.deliver(lead(now, recipient="boise", chosen="boise").pk, now)

    assert (waiting.state, waiting.reason, waiting.detail) == ("waiting", Reason.CONTRACT_TERM_MISSING, "our-checks")


def test_a_contract_that_has_ended_sends_nothing(dealers, dealer_system, now):
    waiting = handoff.deliver(lead(now).pk, now + timedelta(days=31))

    assert (waiting.state, waiting.reason) == ("waiting", Reason.CONTRACT_EXPIRED)


def test_stopping_messages_does_not_stop_the_lead_that_was_asked_for(dealers, dealer_system, now):
    wanted = lead(now)
    stops.withdraw(wanted.contact, Channel.EMAIL, DRIVE, method="link", now=now)

    assert handoff.deliver(wanted.pk, now).state == "left"


def test_stopping_everything_stops_the_lead_too(dealers, dealer_system, now):
    wanted = lead(now)
    stops.withdraw(wanted.contact, Channel.ALL, "all", method="phone", now=now)

    assert handoff.deliver(wanted.pk, now).reason == Reason.WITHDRAWN


def test_a_cancelled_booking_sends_no_lead(dealers, dealer_system, now):
    wanted = lead(now)
    outbox.end(DRIVE, "Test drive on Saturday", now, expires=now + timedelta(days=4))

    assert handoff.deliver(wanted.pk, now).reason == Reason.INTERACTION_OVER
    assert Lead.objects.count() == 1


def test_a_dealer_that_has_the_lead_is_told_of_the_change_and_of_the_cancellation(dealers, dealer_system, now):
    handoff.deliver(lead(now).pk, now)
    outbox.amend(DRIVE, "Test drive on Sunday", now, expires=now + timedelta(days=5))
    outbox.end(DRIVE, "Test drive on Sunday", now, expires=now + timedelta(days=5))
    for wanted in Lead.objects.filter(state=Lead.State.QUEUED):
        handoff.deliver(wanted.pk, now)

    assert [row.state for row in Lead.objects.order_by("change")] == ["left", "refused", "left"]
    assert b"Cancelled: Test drive on Sunday" in dealer_system.sent[-1][1]


def test_a_lead_whose_fate_is_unknown_is_never_sent_again(dealers, dealer_system, now):
    dealer_system.failure = Unknown("cut off")
    wanted = handoff.deliver(lead(now).pk, now)
    dealer_system.failure = None

    assert handoff.deliver(wanted.pk, now + timedelta(days=1)).state == "unknown"
    assert dealer_system.sent == []


def test_the_lead_says_nothing_of_consent_to_texts(dealers, dealer_system, now):
    handoff.deliver(lead(now).pk, now)

    [(_, xml)] = dealer_system.sent
    assert not {b"text", b"sms", b"consent"} & set(xml.lower().replace(b"<", b" ").replace(b">", b" ").split())


def test_a_lead_that_waits_for_a_contract_ends_with_its_date(dealers, dealer_system, now):
    waiting = lead(now, recipient="boise", chosen="boise", expires=now + timedelta(days=3))
    assert handoff.deliver(waiting.pk, now).state == "waiting"

    ended = handoff.deliver(waiting.pk, now + timedelta(days=3))

    assert (ended.state, ended.reason) == ("refused", Reason.NO_CONTRACT)


def test_leads_that_wait_long_let_those_behind_them_pass(dealers, dealer_system, now):
    waiting = handoff.deliver(lead(now, recipient="boise", chosen="boise").pk, now)

    assert waiting.due == now + handoff.PAUSE
