"""A no against everything that happens at the same time: after the jobs ran, no network counts anybody who said no."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.consent import switches
from forecourt.people import browsers, contacts, pseudonyms
from forecourt.people.models import Contact
from forecourt.policy.policy import Switch
from forecourt.rights import choosing
from forecourt.sharing import events, handoff, optouts, outbox
from forecourt.sharing.models import Membership, Share
from tests.sharing.network import Network, connect

BOTH = (Switch.SALE, Switch.ADS)
NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
PEOPLE = ("ada", "phone", "desk")


def email(now) -> Contact:
    return contacts.find_or_add(contacts.read("ada.brightwater@post.example"), source="test", notice="1", now=now)


def work(now: datetime) -> None:
    due = Share.objects.filter(state__in=outbox.UNSENT, due__lte=now).order_by("due", "requested_at")
    for row_id in list(due.values_list("pk", flat=True)):
        handoff.deliver_share(row_id, now)


def together(*deeds) -> None:
    """All at once, each on a connection of its own; whatever one of them raises is raised here."""
    start, failures = threading.Barrier(len(deeds)), []

    def do(deed) -> None:
        try:
            start.wait()
            deed()
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def test_a_no_while_the_join_is_in_hand_waits_for_it_and_takes_it_back(fresh_database, monkeypatch, now):
    network, ada = connect(monkeypatch), email(now)
    choosing.allow(ada.pk, BOTH, "test", now)
    in_hand, said = threading.Event(), threading.Event()
    network.before = lambda told: (in_hand.set(), said.wait(5))
    sender = threading.Thread(
        target=lambda: (handoff.deliver_share(Share.objects.get().pk, now), connections.close_all())
    )
    sender.start()
    in_hand.wait(5)

    choosing.refuse([ada.pk], BOTH, "test", now)
    removal = Share.objects.get(kind="removal")
    assert handoff.deliver_share(removal.pk, now).state == "queued", "it would overtake the join"
    assert network.heard == []
    said.set()
    assert optouts.settled([ada.pk])
    assert network.kinds() == ["join"], "acknowledged only when nothing is in hand any more"

    sender.join()
    work(now + timedelta(minutes=1))
    assert network.members == set()


def test_many_yeses_at_once_join_once(fresh_database, monkeypatch, now):
    network, ada = connect(monkeypatch), email(now)

    together(*[partial(choosing.allow, ada.pk, BOTH, "test", now)] * 8)
    together(*[partial(work, now)] * 4)

    assert network.kinds() == ["join"]
    assert Membership.objects.count() == 1


def test_yes_and_no_at_once_end_as_the_ledger_says(fresh_database, monkeypatch, now):
    network, ada = connect(monkeypatch), email(now)
    for turn in range(12):
        moment = now + timedelta(hours=turn)
        together(
            partial(choosing.allow, ada.pk, BOTH, "test", moment),
            partial(choosing.refuse, [ada.pk], BOTH, "test", moment),
            partial(work, moment),
        )
        for minutes in (1, 3):
            work(moment + timedelta(minutes=minutes))

        may = BOTH[0] in switches.of(ada.pk).said_yes
        assert bool(network.members) == may
        choosing.refuse([ada.pk], BOTH, "test", moment)
        work(moment + timedelta(minutes=5))


def test_a_browser_that_is_linked_while_somebody_says_no_leaves_as_well(fresh_database, monkeypatch, now):
    network, ada = connect(monkeypatch), email(now)
    for turn in range(8):
        moment = now + timedelta(hours=turn)
        browser, _ = browsers.add(moment)
        choosing.allow(browser.pk, BOTH, "test", moment)
        choosing.allow(ada.pk, BOTH, "test", moment)
        work(moment)

        together(
            partial(choosing.refuse, [ada.pk], BOTH, "test", moment),
            partial(books, browser, ada, moment),
        )
        for minutes in (1, 3):
            work(moment + timedelta(minutes=minutes))

        assert network.members == set()


def books(browser: Contact, contact: Contact, now: datetime) -> None:
    """What a booking does about choices, without the drive."""
    with transaction.atomic():
        switches.lock([browser.pk, contact.pk])
        browsers.link(browser, contact, "interaction:1", now)
        if refused := switches.spread(contact.pk, "browser", now):
            optouts.tell([browser.pk, contact.pk], tuple(refused), now)
        for whom in (browser, contact):
            events.queue(whom, "test-drive-booked", "interaction:1", now)


FAILURES = {"": None, "not sent": NotSent("no route"), "rejected": Rejected("http-400"), "unknown": Unknown("cut off")}
STEPS = st.one_of(
    st.tuples(st.just("yes"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("no"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("books"), st.sampled_from(PEOPLE[1:])),
    st.tuples(st.just("deletes cookies"), st.sampled_from(PEOPLE[1:])),
    st.tuples(st.just("network"), st.sampled_from(list(FAILURES))),
    st.tuples(st.just("one job"), st.integers(0, 5)),
    st.tuples(st.just("worker dies with"), st.integers(0, 5)),
    st.tuples(st.just("jobs"), st.just("")),
    st.tuples(st.just("reminders"), st.just("")),
)


class Story:
    """Three who may turn out to be one person, a network that fails, and workers that die."""

    def __init__(self, network: Network) -> None:
        self.network, self.now = network, NOW
        self.tokens = {}
        self.people = {"ada": email(NOW)}
        for name in PEOPLE[1:]:
            self.people[name], self.tokens[name] = browsers.add(NOW)
        self.names = {name: pseudonyms.of(token, "murmur") for name, token in self.tokens.items()}
        self.names["ada"] = "ada.brightwater@post.example"

    def does(self, what: str, which) -> None:
        self.now += timedelta(minutes=1)
        match what:
            case "yes":
                choosing.allow(self.people[which].pk, BOTH, "test", self.now)
            case "no":
                choosing.refuse([self.people[which].pk], BOTH, "test", self.now)
            case "books":
                books(self.people[which], self.people["ada"], self.now)
            case "deletes cookies":
                choosing.refuse([self.people[which].pk], BOTH, "test", self.now)
                browsers.forget(self.tokens[which], notice="1", now=self.now)
            case "network":
                self.network.failure = FAILURES[which]
            case "one job" | "worker dies with":
                waiting = list(Share.objects.filter(state__in=outbox.UNSENT).order_by("pk"))
                if which < len(waiting):
                    work_one = handoff.deliver_share if what == "one job" else self.begins
                    work_one(waiting[which].pk, max(self.now, waiting[which].due))
            case "jobs":
                work(self.now)
            case "reminders":
                optouts.remind(self.now)

    def begins(self, share_id, now: datetime) -> None:
        handoff.hand(Share, share_id, now)

    def ends(self) -> None:
        """The network is well again, the sweep and the reminders run."""
        self.network.failure = None
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sharing_share SET state = 'unknown' WHERE state = 'handing'")
        for _ in range(3):
            self.now += timedelta(days=2)
            optouts.remind(self.now)
            for _ in range(3):
                self.now += timedelta(minutes=5)
                work(self.now)

    def check(self) -> None:
        for name, person in self.people.items():
            said = switches.of(person.pk)
            if not set(BOTH) <= said.said_yes:
                assert self.names[name] not in self.network.members, f"{name} is still in an audience"
                assert not Membership.objects.filter(contact=person, left_at=None).exists()


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEPS, max_size=14))
def test_whatever_happens_in_whatever_order_nobody_who_said_no_stays_in_an_audience(monkeypatch, steps):
    with transaction.atomic():
        story = Story(connect(monkeypatch))
        for what, which in steps:
            story.does(what, which)
        story.ends()
        story.check()
        assert optouts.missing(story.now) == []
        transaction.set_rollback(True)
