"""Day by day, whatever is kept for a time stays until its day and goes on it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from forecourt.consent import policies
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import retention, subjects, vault
from forecourt.people.models import Forgotten, Opening, Sealed
from forecourt.policy import periods
from forecourt.sharing.models import Lead, Receipt
from tests.cast import ADA, booked, work

# Kept by no rule of ours: ended where it is used, by the browser, at somebody else's, or by the erasure of whoever it is of.
ELSEWHERE = {
    "slow-down-lookups": "in memory, for a minute",
    "slow-down-messages": "in memory, for a minute",
    "murmur-tag": "at the network",
    "murmur-audience": "choosing.end_old_yeses",
    "murmur-event": "choosing.end_old_yeses",
    "recent-models": "in the browser",
    "service-visit-text": "no such visit can be booked yet",
    "event-text": "no such event can be booked yet",
    "report-child": "with the messages to us, as its case",
}


def test_every_use_whose_words_name_a_time_has_a_rule_that_keeps_it():
    uses = [use for policy in policies.book().versions for use in policy.uses.values()]
    timed = {use.id: use for use in uses if periods.first(use.keep)}
    kept = {name for name, use in timed.items() if any(rule.keeps(use) for rule in retention.rules())}

    assert set(timed) - kept == set(ELSEWHERE)


def test_a_drive_goes_eighteen_months_after_it_took_place_with_its_name_and_messages(dealer, at):
    drive = booked(ADA, dealer, at.now)
    work(at.now)
    last_day = drive.starts_at.replace(year=drive.starts_at.year + 2, month=6)
    assert drive.starts_at.month == 12

    at.now = last_day - timedelta(seconds=1)
    retention.run(at.now)
    assert TestDrive.objects.exists()
    assert Message.objects.filter(use="test-drive-confirmation-email").exists()

    at.now = last_day
    retention.run(at.now)
    assert not TestDrive.objects.exists()
    assert not Message.objects.exists()
    assert subjects.is_erased(drive.submission_id)
    assert not Sealed.objects.filter(subject=drive.submission_id).exists()
    assert Receipt.objects.exists()
    assert list(Forgotten.objects.values_list("rule", "number", "at")) == [("test drives", 1, at.now)]


def test_day_by_day_nothing_goes_before_its_day_and_all_of_it_on_it(dealer, at):
    """A drive, the code that its link asked for, and word about an account: three times of three kinds."""
    drive = booked(ADA, dealer, at.now)
    made = {
        use: Message.objects.create(
            contact=drive.contact, channel="email", use=use, body=b"sealed", link_digest=use.encode(), state="left",
            queued_at=at.now, due=at.now,
        )
        for use in ("contact-code-email", "account-news-email")
    }  # fmt: skip
    began, gone = at.now, {}
    at.now += timedelta(minutes=14)
    retention.run(at.now)
    assert all(bytes(Message.objects.get(pk=one.pk).body) for one in made.values())
    at.now += timedelta(minutes=1)
    retention.run(at.now)
    assert bytes(Message.objects.get(pk=made["contact-code-email"].pk).body) == b""

    for day in range(1, 740):
        at.now = began + timedelta(days=day)
        retention.run(at.now)
        there = {use for use, one in made.items() if Message.objects.filter(pk=one.pk).exists()}
        there |= {"drive"} if TestDrive.objects.exists() else set()
        gone |= {what: at.now.date() for what in {*made, "drive"} - there - set(gone)}

    assert gone == {
        "drive": date(2028, 6, 5),
        "contact-code-email": date(2028, 12, 1),
        "account-news-email": date(2028, 12, 1),
    }


@pytest.fixture
def long_ago(at):
    at.now = datetime(2026, 11, 2, 15, tzinfo=UTC)
    return datetime(2015, 1, 5, tzinfo=UTC)


def test_who_looked_and_what_was_shared_go_after_two_years_and_not_before_the_database_agrees(dealer, at, long_ago):
    drive = booked(ADA, dealer, at.now)
    work(at.now)
    # Of a time before there was a policy, for whose reading nobody could be asked.
    of_old = {"subject": drive.contact_id, "who": "desk", "case": "old", "purpose": "staff-case-read", "at": long_ago}
    Opening.objects.create(fields=["user.name"], **of_old)
    vault.log_opening(drive.contact_id, ["user.name"], purpose="staff-case-read", who="desk", case="new", now=at.now)

    retention.run(at.now)
    assert set(Opening.objects.filter(who="desk").values_list("case", flat=True)) == {"new"}

    # A clock that runs ahead, as the demo's may, brings nothing of today's to an end.
    at.now += timedelta(days=3000)
    retention.run(at.now)
    assert Opening.objects.filter(case="new").exists()
    assert Receipt.objects.count() == Lead.objects.count() == 1


def test_a_rule_that_fails_keeps_no_other_from_its_work(dealer, at, monkeypatch):
    booked(ADA, dealer, at.now)
    monkeypatch.setattr(
        retention, "_rules", {"broken": retention.Rule("broken", bool, lambda now: 1 / 0), **retention._rules}
    )

    assert retention.run(at.now + timedelta(days=800)) > 0
