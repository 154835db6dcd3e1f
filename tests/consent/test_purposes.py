"""What is kept opens for what the policy names, as the policy names it, and for what people knew when they gave it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.consent import ledger, policies, purposes
from forecourt.consent.models import Channel, RefusedReading, Verb
from forecourt.interactions import messages
from forecourt.messaging import handoff
from forecourt.messaging.models import Message
from forecourt.people import subjects, vault
from forecourt.people.models import Opening, Subject
from forecourt.policy.categories import is_covered
from forecourt.policy.policy import Action
from forecourt.policy.reasons import Reason
from tests.cast import ADA, booked

EMAIL = "user.contact.email"
# A use that only the version of December 15 names.
THANKS = "test-drive-thanks-email"
SINCE = policies.book().version("2026-12-15").effective


@pytest.fixture
def drive(dealer, at):
    """Ada booked on the first of December."""
    return booked(ADA, dealer, at.now)


def opens(drive, purpose, at, fields=(EMAIL,), *, who="messaging", subject=None) -> bool:
    try:
        return bool(vault.open_fields(subject or drive.contact_id, fields, purpose=purpose, who=who, now=at.now))
    except vault.NotForThis:
        return False


@pytest.mark.parametrize(
    ("purpose", "reason"),
    [
        ("market research", Reason.UNKNOWN_USE),
        ("test-drive-reminder-email ", Reason.UNKNOWN_USE),
        (THANKS, Reason.NOT_IN_FORCE),
        ("book-test-drive", Reason.FORBIDDEN),
        ("test-drive-reminder-text", Reason.UNDECLARED_DATA),
    ],
)
def test_any_other_purpose_is_refused_and_written_down_with_field_purpose_and_caller(drive, at, purpose, reason):
    with pytest.raises(vault.NotForThis) as no:
        vault.open_fields(drive.contact_id, [EMAIL], purpose=purpose, who="desk-4f2k", now=at.now)

    assert no.value.reason == reason
    assert str(no.value) == reason.sentence
    row = RefusedReading.objects.get()
    assert (row.contact, row.data, row.use, row.who, row.reason) == (
        drive.contact_id, [EMAIL], purpose, "desk-4f2k", reason,
    )  # fmt: skip
    assert not Opening.objects.filter(purpose=purpose).exists()


def test_what_is_opened_elsewhere_is_judged_before_it_is_logged(drive, at):
    with pytest.raises(vault.NotForThis):
        vault.log_opening(drive.contact_id, ["program.document"], purpose="curiosity", who="desk-4f2k", now=at.now)

    assert RefusedReading.objects.filter(use="curiosity").exists()


def test_each_use_opens_the_data_that_it_names_and_no_others(at):
    policy = policies.in_force(at.now)
    fields = {category for use in policy.uses.values() for category in use.data}

    for use in policy.uses.values():
        for field in fields:
            opened = purposes.judge(policy, use.id, (field,)) is None
            reads = use.action not in (Action.COLLECT, Action.COOKIE)
            assert opened == (reads and is_covered(field, use.data)), (use.id, field)


@given(st.text(max_size=80))
def test_however_somebody_describes_it_a_purpose_that_the_policy_does_not_name_opens_nothing(purpose):
    policy = policies.book().versions[0]

    assert (purposes.judge(policy, purpose, (EMAIL,)) is None) <= (purpose in policy.uses)


def test_nothing_opens_where_nobody_judges(drive, at, monkeypatch):
    monkeypatch.setattr(vault, "_guards", [])

    with pytest.raises(RuntimeError, match="Nobody judges purposes"):
        vault.open_fields(drive.contact_id, [EMAIL], purpose="manage-own-booking", who="visitor", now=at.now)


# A purpose that came later


def test_a_new_purpose_opens_nothing_before_its_version_counts(drive, at):
    at.now = SINCE - timedelta(seconds=1)

    assert not opens(drive, THANKS, at)


def test_it_opens_nothing_that_was_given_before_its_version(drive, at):
    at.now = SINCE + timedelta(days=1)

    assert not opens(drive, THANKS, at)
    assert not opens(drive, THANKS, at, ["user.name"], subject=drive.submission_id)
    assert set(RefusedReading.objects.values_list("reason", flat=True)) == {Reason.NOT_KNOWN_THEN}
    assert opens(drive, "test-drive-reminder-email", at), "what the first version named goes on"


@pytest.mark.parametrize(("days", "opened"), [(-1, False), (0, True), (3, True)], ids=["before", "on its day", "after"])
def test_a_yes_counts_from_the_day_of_the_version_on(drive, at, days, opened):
    when = SINCE + timedelta(days=days)
    ledger.record(
        drive.contact_id, Verb.GRANTED, Channel.EMAIL, "all", method="form", now=when, policy_version="2026-12-15"
    )
    at.now = SINCE + timedelta(days=4)

    assert opens(drive, THANKS, at) == opened


def test_a_no_is_no_yes(drive, at):
    at.now = SINCE + timedelta(days=1)
    ledger.record(
        drive.contact_id, Verb.WITHDREW, Channel.EMAIL, "all", method="form", now=at.now, policy_version="2026-12-15"
    )

    assert not opens(drive, THANKS, at)


def test_what_was_given_with_the_version_beside_it_opens(db, at):
    at.now = SINCE
    subject = subjects.add(Subject.Kind.SUBMISSION, at.now)
    vault.seal(subject.pk, "user.name", "Ada", source="form", notice="2026-12-15", now=at.now)

    assert opens(None, THANKS, at, ["user.name"], subject=subject.pk)


def test_whoever_looks_at_their_own_asks_for_it_that_moment(drive, at):
    at.now = SINCE + timedelta(days=1)

    assert opens(drive, THANKS, at, who="visitor")


def test_data_that_a_use_names_only_later_wait_as_well(drive, at, monkeypatch):
    book = policies.book()
    first, second = book.versions
    use = first.uses["test-drive-reminder-email"]
    older = replace(first, uses={**first.uses, use.id: replace(use, data=("vehicle.interest",))})
    narrowed = replace(book, versions=(older, second))
    monkeypatch.setattr(policies, "book", lambda: narrowed)
    at.now = SINCE + timedelta(days=1)

    assert not opens(drive, use.id, at)


def test_a_message_for_a_purpose_that_came_later_is_refused_and_does_not_wait(drive, at):
    at.now = SINCE + timedelta(days=1)
    message = messages.remind_later(drive, at.now)
    Message.objects.filter(pk=message.pk).update(use=THANKS, data=[EMAIL], expires=None)

    handoff.deliver(message.pk, at.now)

    message.refresh_from_db()
    assert (message.state, message.reason) == ("refused", Reason.NOT_KNOWN_THEN)
    assert RefusedReading.objects.filter(use=THANKS, reason=Reason.NOT_KNOWN_THEN).exists()
