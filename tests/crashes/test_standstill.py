"""A worker that stood still for a day: what came due meanwhile is sent once if it is still of use, else recorded as too late."""

import threading
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from forecourt.adapters import texts
from forecourt.adapters.models import Kept
from forecourt.interactions import reminders
from forecourt.interactions.models import Reminder
from forecourt.messaging import jobs as messages
from forecourt.messaging.models import Message
from forecourt.sharing import jobs as leads
from tests.cast import Person, booked, first_slot, make_dealer, texted, work

SOON = Person("Ada Brightwater", "202-555-0150", texts=True)
LATER = Person("Bruno Quillfeather", "202-555-0151", texts=True)
STOPPED = Person("Chen Marrowby", "202-555-0152", texts=True)


@pytest.fixture
def phones(monkeypatch) -> Counter:
    """How many texts reached each number."""
    received: Counter = Counter()

    class Phones:
        host = ""

        def send(self, sender: str, recipient: str, body: str, deadline: float, reference: str) -> str:
            received[recipient] += 1
            return f"SM{received.total()}"

    monkeypatch.setattr(texts, "current", Phones)
    return received


def workers_wake() -> None:
    """Four at once, as they do: each looks for what time owes, and delivers what waits."""

    def one() -> None:
        from forecourt.adapters import clock

        reminders.remind_all(clock.now())
        messages.sweep(0)
        leads.sweep(0)
        connections.close_all()

    workers = [threading.Thread(target=one) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_a_worker_that_stood_still_for_a_day_sends_what_is_of_use_once_and_records_the_rest(
    fresh_database, at, client, phones
):
    dealer = make_dealer(at.now, capacity=9)
    drives = {
        SOON: booked(SOON, dealer, at.now, first_slot(dealer, at.now, 2)),
        LATER: booked(LATER, dealer, at.now, first_slot(dealer, at.now, 3)),
        STOPPED: booked(STOPPED, dealer, at.now, first_slot(dealer, at.now, 3)),
    }
    work(at.now)
    assert set(phones.values()) == {1}, "each has its confirmation"

    # The worker stands still from here on. Meanwhile the first drive is over, and somebody says stop.
    at.now = drives[LATER].starts_at - timedelta(hours=7)  # 3:30 at night
    assert at.now.astimezone(ZoneInfo(dealer.zone)).hour == 3
    texted(client, STOPPED, "STOP")
    phones.clear()
    workers_wake()
    assert phones[LATER.address] == 0, "a text waits for the morning, whatever was missed"

    at.now = drives[LATER].starts_at - timedelta(hours=2)
    for _ in range(2):
        workers_wake()

    outcomes = dict(Reminder.objects.values_list("drive", "outcome"))
    assert outcomes[drives[SOON].pk] == Reminder.Outcome.TOO_LATE
    assert phones[LATER.address] == 1
    assert phones[SOON.address] == 0
    reminder = Message.objects.get(interaction=drives[STOPPED].interaction, use="test-drive-reminder-text")
    assert (reminder.state, reminder.reason) == ("refused", "stopped")
    assert Reminder.objects.count() == 3
    assert not Kept.objects.filter(medium="text", way="out").exists(), "nothing went round the phones above"
