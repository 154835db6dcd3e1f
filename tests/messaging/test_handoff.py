"""The one door for messages: what it lets through, what it refuses, and what it never does twice."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from forecourt.adapters import keystore, texts
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


def expire_leases() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_message SET deadline = clock_timestamp() - interval '1 second'")


def wait_until_somebody_waits_for_a_lock() -> None:
    waiting = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
    )
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while not (cursor.execute(waiting), cursor.fetchone()[0])[1]:
            assert time.monotonic() < until, "nobody came for the lock"
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # the view stands still within a transaction
            time.sleep(0.005)


class Recorder:
    """A carrier that remembers what reached it, and fails on request."""

    host = ""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.failure: Exception | None = None
        self.pause = 0.0
        self.after = lambda: None

    def send(self, sender: str, recipient: str, body: str, deadline: float, reference: str) -> str:
        time.sleep(self.pause)
        if time.monotonic() > deadline:
            raise NotSent("too late")
        if self.failure:
            raise self.failure
        self.sent.append(reference)
        self.after()
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
    expire_leases()

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


def test_a_message_that_waited_for_a_stop_to_commit_hears_it(fresh_database, carrier, now):
    chen = phone_of("202-555-0142", now)
    tick(chen, now)
    message = queue(chen, now)
    sender = threading.Thread(target=lambda: (handoff.deliver(message.pk, now), connections.close_all()))

    with transaction.atomic():
        ledger.record(chen.pk, Verb.STOPPED, Channel.TEXT, "all", method="text", now=now, policy_version="2026-10-15")
        sender.start()
        wait_until_somebody_waits_for_a_lock()
    sender.join()

    message.refresh_from_db()
    assert (message.state, message.reason, carrier.sent) == ("refused", Reason.STOPPED, [])


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
        host = ""

        def send(self, *args):
            seen.append(connection.connection)
            return "SM1"

    monkeypatch.setattr(texts, "current", Slow)
    handoff.deliver(queue(chen, now).pk, now)

    assert seen == [None]


def test_a_provider_call_ends_before_its_lease(chen, carrier, now):
    handing = handoff.hand(queue(chen, now).pk, now)
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM deadline - clock_timestamp()) FROM messaging_message")
        lease = float(cursor.fetchone()[0])

    assert handing.deadline - began < lease - 0.9 * leases.MARGIN


def test_what_we_learn_too_late_is_better_than_unknown(chen, carrier, now):
    message = handoff.hand(queue(chen, now).pk, now).message
    expire_leases()
    jobs.give_up_expired_leases()  # while the worker was held up, after its provider had accepted

    settled = handoff.settle(message, "left", provider_id="SM1")

    assert (settled.state, settled.provider_id) == ("left", "SM1")


def test_an_attempt_that_was_given_up_cannot_speak_for_the_next_one(chen, carrier, now):
    first = handoff.hand(queue(chen, now).pk, now).message
    handoff.try_again(first, "no route")
    later = now + timedelta(days=1)
    second = handoff.hand(first.pk, later).message

    handoff.settle(first, "left", provider_id="SM-of-the-first")

    assert Message.objects.get(pk=first.pk).state == "handing"
    assert handoff.settle(second, "failed").state == "failed"


def test_a_message_whose_person_was_erased_fails_and_holds_nobody_up(fresh_database, carrier, at, now):
    chen, dana = phone_of("202-555-0142", now), phone_of("202-555-0143", now)
    tick(chen, now)
    tick(dana, now)
    gone, waiting = queue(chen, now), queue(dana, now)
    keystore.destroy(chen.pk)
    at.now = now + timedelta(minutes=1)

    jobs.deliver_overdue()

    gone.refresh_from_db()
    assert (gone.state, gone.reason) == ("failed", "no address")
    assert carrier.sent == [str(waiting.pk)]


def test_a_message_that_breaks_the_sweep_does_not_hold_up_those_behind_it(chen, carrier, at, now, monkeypatch):
    broken, waiting = queue(chen, now), queue(chen, now)
    deliver = handoff.deliver

    def fails(message_id):
        if message_id == broken.pk:
            raise RuntimeError("a bug of ours")
        return deliver(message_id)

    monkeypatch.setattr(handoff, "deliver", fails)
    at.now = now + timedelta(minutes=1)

    assert jobs.deliver_overdue() == 2
    assert carrier.sent == [str(waiting.pk)]


def test_a_body_that_cannot_be_opened_fails_before_anything_leaves(chen, carrier, now):
    message = queue(chen, now)
    Message.objects.filter(pk=message.pk).update(body=b"\x01" + bytes(40))

    assert handoff.deliver(message.pk, now).reason == "rejected Broken"
    assert carrier.sent == []


def test_a_long_sweep_keeps_looking_at_the_clock(chen, carrier, at, now):
    evening = now.replace(day=2, hour=1, minute=59, second=50)  # ten seconds before nine in New York
    first, second = queue(chen, evening), queue(chen, evening)
    at.now = evening
    Message.objects.update(queued_at=evening - timedelta(minutes=1))
    carrier.after = lambda: setattr(at, "now", evening + timedelta(seconds=30))

    jobs.deliver_overdue()

    assert carrier.sent == [str(first.pk)] or carrier.sent == [str(second.pk)]
    assert Message.objects.filter(state="queued", reason=Reason.QUIET_HOURS).count() == 1


def test_whoever_waits_for_a_stop_holds_no_connection_meanwhile(fresh_database, carrier, now, monkeypatch):
    chen = phone_of("202-555-0142", now)
    tick(chen, now)
    handoff.hand(queue(chen, now).pk, now)
    held = []
    monkeypatch.setattr(leases.time, "sleep", lambda seconds: held.append(connection.connection))

    assert stops.settled(chen.pk, patience=0.2) is False
    assert set(held) == {None}


def test_a_carrier_whose_host_the_policy_does_not_name_gets_nothing_until_it_does(chen, carrier, now, at):
    carrier.host = "api.some-other-carrier.example"
    message = handoff.deliver(queue(chen, now).pk, now)
    assert (message.state, carrier.sent) == ("queued", [])
    assert "does not list api.some-other-carrier.example" in message.reason

    carrier.host = "api.text-carrier.example"
    assert handoff.deliver(message.pk, message.due).state == "left"
