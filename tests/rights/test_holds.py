"""An erasure that waits: for one of three reasons, agreed to by two people, until a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from forecourt.console import accounts
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.rights.erasure import actions, holds
from forecourt.rights.models import ErasureHold
from tests.cast import ADA, booked, work

LAW = ErasureHold.Ground.LAW


@pytest.fixture
def ada(dealer, at):
    return booked(ADA, dealer, at.now).contact


@pytest.fixture
def clerks(db):
    return accounts.add("correct horse battery", handle="desk-one1"), accounts.add(
        "correct horse battery", handle="desk-two2"
    )


def held(ada, clerks, at, days: int = 30) -> ErasureHold:
    asks, agrees = clerks
    until = at.now + timedelta(days=days)
    hold = holds.ask(ada.pk, case="3467-CDFG", ground=LAW, until=until, by=asks, now=at.now)
    return holds.approve(hold.pk, by=agrees, now=at.now)


def erased(ada, at):
    return actions.erase([ada.pk], case="3467-CDFG", reason="asked", now=at.now)


def test_a_held_erasure_waits_frozen_says_why_and_runs_when_the_hold_ends(ada, clerks, at):
    hold = held(ada, clerks, at)

    waiting = erased(ada, at)
    work(at.now)

    assert waiting.done_at is None
    assert actions.waits_for(waiting, at.now) == hold
    assert hold.sentence.startswith("The law makes us keep it")
    assert set(Message.objects.values_list("reason", flat=True)) == {"frozen"}
    at.now += timedelta(days=29, hours=23)
    assert actions.go_on(at.now) == 0
    at.now += timedelta(hours=1)
    assert actions.go_on(at.now) == 1
    assert not TestDrive.objects.exists()


def test_ending_a_hold_early_lets_the_erasure_run(ada, clerks, at):
    hold = held(ada, clerks, at)
    erased(ada, at)

    holds.end(hold.pk, by=clerks[0], now=at.now)

    assert actions.go_on(at.now) == 1
    assert contacts.find(contacts.read(ADA.contact)) is None


def test_nobody_agrees_with_themselves_and_until_somebody_does_nothing_is_held(ada, clerks, at):
    hold = holds.ask(ada.pk, case="3467-CDFG", ground=LAW, until=at.now + timedelta(days=9), by=clerks[0], now=at.now)

    with pytest.raises(holds.NotAllowed, match="Somebody else"):
        holds.approve(hold.pk, by=clerks[0], now=at.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureHold.objects.filter(pk=hold.pk).update(approved_by=clerks[0], approved_at=at.now)
    assert erased(ada, at).done_at == at.now
    with pytest.raises(holds.NotAllowed, match="too late"):
        holds.approve(hold.pk, by=clerks[1], now=at.now)


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_hold_has_an_end_within_a_year(ada, clerks, at, days):
    with pytest.raises(holds.NotAllowed, match="at most a year"):
        holds.ask(ada.pk, case="", ground=LAW, until=at.now + timedelta(days=days), by=clerks[0], now=at.now)
