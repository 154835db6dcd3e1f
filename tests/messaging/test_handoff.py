"""The one door for messages: what it lets through, what it refuses, and what it never does twice."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from forecourt.adapters import texts
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.consent import closures, leases, ledger
from forecourt.consent.models import Channel, Permit, Verb
from forecourt.messaging import handoff, jobs, outbox, stops
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.reasons import Reason

DRIVE = "interaction:7f1c2f60-0000-4000-8000-000000000001"
ABOUT = outbox.About(interaction=DRIVE, type="test-drive", zones=("America/New_York",))


def phone_of(number: str, now) -> Contact:
    return contacts.find_or_add(contacts.read(number), source="test-drive", notice="2026-10-15", now=now)


def tick(contact: Contact, now, scope: str = DRIVE) -> None:
    ledger.record(contact.pk, Verb.GRANTED, Channel.TEXT, scope, method="form", now=now, policy_version="2026-10-15")


def queue(contact: Contact, now, **more) -> Message:
    return outbox.queue(
        "test-drive-reminder-text",
        contact,
        about=ABOUT,
        template="started",
        context={"type": "test-drive", "sender": "+12025550100"},
        now=now,
        data=("user.contact.phone_number",),
        **more,
    )


@pytest.fixture
def chen(db, now) -> Contact:
    """Chen ticked the box for texts about one test drive."""
    contact = phone_of("202-555-0142", now)
    tick(contact, now)
    return contact


class Recorder:
    """A carrier that remembers what reached it, and fails on request."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.failure: Exception | None = None
        self.pause = 0.0

    def send(self, sender: str, recipient: str, body: str, deadline: float, reference: str) -> str:
        time.sleep(self.pause)
        if time.monotonic() > deadline:
            raise NotSent("too late")
        if self.failure:
            raise self.failure
        self.sent.append(reference)
        return f"SM{len(self.sent)}"


@pytest.fixture
def carrier(monkeypatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(texts, "current", lambda: recorder)
    return recorder


def test_a_text_that_was_asked_for_leaves_once_with_its_permit(chen, carrier, now):
    message = queue(chen, now)

    for _ in range(3):
        handoff.deliver(message.pk, now)

    message.refresh_from_db()
    assert (message.state, carrier.sent) == ("left", [str(message.pk)])
    permit = Permit.objects.get(pk=message.permit)
    assert (permit.use, permit.seqs, permit.as_of) == ("test-drive-reminder-text", [1], 1)


def test_a_text_that_nobody_ticked_is_refused_with_its_reason(db, carrier, now):
    message = queue(phone_of("202-555-0143", now), now)

    assert handoff.deliver(message.pk, now).reason == Reason.NEVER_ASKED
    assert carrier.sent == []
    assert not Permit.objects.exists()


def test_a_stop_refuses_what_waits_at_once(chen, carrier, now):
    message = queue(chen, now)
    stops.withdraw(chen, Channel.TEXT, DRIVE, method="link", now=now)

    message.refresh_from_db()
    assert (message.state, message.reason) == ("refused", Reason.WITHDRAWN)


def test_outside_the_hours_a_text_waits_for_the_morning(chen, carrier, now):
    night = now.replace(hour=3)
    message = handoff.deliver(queue(chen, night).pk, night)

    assert (message.state, message.reason) == ("queued", Reason.QUIET_HOURS)
    assert message.due == now.replace(hour=13, minute=0)
    assert handoff.deliver(message.pk, message.due).state == "left"


def test_a_text_that_would_come_too_late_is_dropped_visibly(chen, carrier, now):
    night = now.replace(hour=3)
    message = queue(chen, night, expires=night + timedelta(hours=2))

    assert handoff.deliver(message.pk, night).state == "refused"


def test_a_closed_promise_pauses_the_text_until_it_opens(chen, carrier, now):
    closures.close("P-3F-5", "a text left after STOP", now)
    message = handoff.deliver(queue(chen, now).pk, now)
    assert (message.state, message.reason) == ("queued", Reason.CLOSED)

    closures.reopen("P-3F-5", now)
    assert handoff.deliver(message.pk, message.due).state == "left"


@pytest.mark.parametrize(
    ("failure", "state", "tries"),
    [(Rejected("21610"), "failed", 1), (Unknown("cut off"), "unknown", 1), (NotSent("no route"), "queued", 1)],
)
def test_only_what_certainly_did_not_leave_is_tried_again(chen, carrier, now, failure, state, tries):
    carrier.failure = failure
    message = handoff.deliver(queue(chen, now).pk, now)
    assert message.state == state

    carrier.failure = None
    later = handoff.deliver(message.pk, now + timedelta(days=365 if state != "queued" else 0, hours=1))
    assert later.state == ("left" if state == "queued" and later.due <= now + timedelta(hours=1) else state)


def test_a_lease_that_ran_out_is_shown_as_unknown_and_never_sent_again(chen, carrier, now):
    message = queue(chen, now)
    handoff.hand(message.pk, now)  # and then this worker dies
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_message SET deadline = clock_timestamp() - interval '1 second'")

    assert jobs.give_up_expired_leases() == 1
    handoff.deliver(message.pk, now)
    jobs.deliver_overdue()

    message.refresh_from_db()
    assert (message.state, carrier.sent) == ("unknown", [])


def test_a_stop_waits_for_the_message_that_is_already_out_and_for_no_other(fresh_database, carrier, now):
    chen = phone_of("202-555-0142", now)
    tick(chen, now)
    carrier.pause = 0.3
    first, second = queue(chen, now), queue(chen, now)
    sender = threading.Thread(target=lambda: (handoff.deliver(first.pk, now), connections.close_all()))
    sender.start()
    while not Message.objects.filter(state="handing").exists():
        time.sleep(0.005)

    stops.withdraw(chen, Channel.TEXT, DRIVE, method="link", now=now)
    assert stops.settled(chen.pk)
    assert carrier.sent == [str(first.pk)], "acknowledged only when the first was out"

    sender.join()
    assert handoff.deliver(second.pk, now).state == "refused"
    assert carrier.sent == [str(first.pk)]


def test_two_workers_with_the_same_message_send_it_once(fresh_database, carrier, now):
    chen = phone_of("202-555-0142", now)
    tick(chen, now)
    message = queue(chen, now)
    workers = [
        threading.Thread(target=lambda: (handoff.deliver(message.pk, now), connections.close_all())) for _ in range(6)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert carrier.sent == [str(message.pk)]


def test_no_connection_is_held_while_the_provider_takes_its_time(fresh_database, monkeypatch, now):
    chen = phone_of("202-555-0142", now)
    tick(chen, now)
    seen = []

    class Slow:
        def send(self, *args):
            seen.append(connection.connection)
            return "SM1"

    monkeypatch.setattr(texts, "current", Slow)
    handoff.deliver(queue(chen, now).pk, now)

    assert seen == [None]


def test_a_provider_call_ends_before_its_lease(db):
    lease = leases.take()

    assert lease.deadline - time.monotonic() < leases.SECONDS
