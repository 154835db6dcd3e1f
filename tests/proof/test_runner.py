"""What a check's outcome does: evidence that is signed, closings after two failures, and grey that is never green."""

import contextvars
from dataclasses import replace
from datetime import timedelta

import pytest

from forecourt.consent import closures, policies
from forecourt.consent.models import Evidence
from forecourt.policy.policy import Need
from forecourt.proof import evidence, registry, runner
from forecourt.proof.evidence import State
from tests.proof.conftest import PROMISE

pytestmark = pytest.mark.django_db
LEAK = ["a text left after STOP"]


def record(now):
    policy = policies.in_force(now)
    return evidence.records(registry.probes(), policy.version, now)[PROMISE]


def test_a_check_that_finds_nothing_wrong_is_green_and_signed(made_up, now):
    made_up.finds([])

    runner.run([PROMISE], now)

    row = Evidence.objects.get()
    assert (row.outcome, row.looked_at, row.policy_version) == ("green", 1, policies.in_force(now).version)
    assert evidence.is_genuine(row)
    assert record(now).state is State.CHECKED


def test_evidence_that_was_changed_is_not_genuine(made_up, now):
    made_up.finds([])
    runner.run([PROMISE], now)
    row = Evidence.objects.get()

    row.at += timedelta(minutes=1)

    assert not evidence.is_genuine(row)


def test_a_pass_expires_after_a_day(made_up, now):
    made_up.finds([])
    runner.run([PROMISE], now)

    assert record(now + timedelta(hours=23, minutes=59)).state is State.CHECKED
    stale = record(now + timedelta(hours=24))
    assert (stale.state, stale.since) == (State.UNCHECKED, now)


def test_a_pass_under_another_version_of_the_policy_does_not_count(made_up, now):
    made_up.finds([])
    runner.run([PROMISE], now)

    assert evidence.records(registry.probes(), "2030-01-01", now)[PROMISE].state is State.UNCHECKED


@pytest.mark.parametrize("trouble", ["the carrier does not answer", RuntimeError("+1 212 555 0117 is not a number")])
def test_a_check_that_could_not_run_is_grey_and_names_nobody(made_up, now, trouble):
    made_up.finds(trouble)

    (checked,) = runner.run([PROMISE], now)

    assert checked.outcome == "grey"
    assert "could not run" in checked.finding
    assert "0117" not in Evidence.objects.get().finding
    assert record(now).state is State.UNCHECKED


def test_a_check_that_looked_at_nothing_is_grey(made_up, now, monkeypatch):
    monkeypatch.setattr("forecourt.proof.world.World.look", lambda world, things=1: None)
    made_up.finds([])

    (checked,) = runner.run([PROMISE], now)

    assert checked.outcome == "grey"


def test_two_failures_in_a_row_close_what_rests_on_the_promise(made_up, now):
    made_up.finds(LEAK, LEAK)

    runner.run([PROMISE], now)

    assert closures.open_closures() == {PROMISE}
    assert [row.outcome for row in Evidence.objects.order_by("id")] == ["red", "red"]


def test_one_failure_that_a_second_look_does_not_find_closes_nothing_and_stays_in_the_history(made_up, now):
    made_up.finds(LEAK, [])

    runner.run([PROMISE], now)

    assert closures.open_closures() == frozenset()
    assert record(now).state is State.CHECKED
    assert [turn.failed for turn in evidence.turns(PROMISE)] == [now]


def test_a_pass_opens_again_and_the_failure_stays_in_the_history(made_up, now):
    made_up.finds(LEAK, LEAK, [])
    runner.run([PROMISE], now)

    runner.run([PROMISE], now + timedelta(hours=1))

    assert closures.open_closures() == frozenset()
    assert evidence.turns(PROMISE) == [evidence.Turn(now, now + timedelta(hours=1))]


def test_what_could_not_run_neither_closes_nor_opens(made_up, now):
    made_up.finds(LEAK, LEAK, "no telephone")
    runner.run([PROMISE], now)

    runner.run([PROMISE], now + timedelta(hours=1))

    assert closures.open_closures() == {PROMISE}
    reviewed = record(now + timedelta(hours=1))
    assert (reviewed.state, reviewed.since) == (State.REVIEW, now)


def test_a_failure_does_not_fade_into_not_checked(made_up, now):
    made_up.finds(LEAK, LEAK)
    runner.run([PROMISE], now)

    assert record(now + timedelta(days=3)).state is State.REVIEW


def test_a_check_sees_no_promise_as_closed_so_that_two_do_not_keep_each_other_closed(monkeypatch, made_up, now):
    for promise in (PROMISE, "P-3-6"):
        closures.close(promise, "a failure", now)
    seen = []

    def looks_at_what_is_closed(world):
        seen.append(closures.open_closures())
        world.look()

    monkeypatch.setattr(registry, "PROBES", [replace(made_up.probe, check=looks_at_what_is_closed)])

    runner.run([PROMISE], now)

    assert seen == [frozenset()]
    assert closures.open_closures() == {"P-3-6"}


def test_everybody_elses_doors_stay_shut_while_a_check_looks(made_up, now):
    closures.close(PROMISE, "a failure", now)

    with runner.as_if_open():
        elsewhere = contextvars.Context().run(closures.open_closures)

    assert elsewhere == {PROMISE}


def test_the_answers_to_a_stop_never_close(now):
    for use in policies.in_force(now).uses.values():
        if use.needs in (Need.STOP, Need.START, Need.CASE):
            assert not use.closes, use.id
    assert not policies.in_force(now).uses["help-reply-text"].closes


def test_what_could_not_run_is_looked_at_again_soon_but_not_for_ever(made_up, now):
    made_up.finds("the dealer has no free time")
    runner.run([PROMISE], now)
    assert evidence.could_not_run(now) == {PROMISE}

    for _ in range(2):
        runner.run([PROMISE], now)
    assert evidence.could_not_run(now) == set()


def test_what_ran_is_not_looked_at_again_before_its_hour(made_up, now):
    made_up.finds([])
    runner.run([PROMISE], now)

    assert evidence.could_not_run(now) == set()
