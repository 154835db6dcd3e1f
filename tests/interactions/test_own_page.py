"""The page of one's own booking: moving, cancelling, the calendar file, and the switch for texts."""

from datetime import timedelta

import pytest

from forecourt.consent import closures, standing
from forecourt.consent.models import Entry
from forecourt.interactions import actions, reminders
from forecourt.interactions.models import Change, Hold, Reminder, TestDrive
from forecourt.messaging import stops
from forecourt.messaging.models import Message
from forecourt.sharing.models import Lead
from tests.cast import ADA, BRUNO, CHEN, Inbox, Person, booked, first_slot, make_dealer, path, texted, work

HOUR = timedelta(hours=1)


def slot_value(moment) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def test_moving_a_drive_frees_its_car_tells_the_person_and_tells_the_dealer(dealer, at, client):
    drive = booked(ADA, dealer, at.now)
    work(at.now)
    later = drive.starts_at + HOUR
    answer = client.post(f"{path(drive)}time/", {"slot": slot_value(later)})
    work(at.now)

    assert answer.status_code == 303
    drive.refresh_from_db()
    assert drive.starts_at == later
    assert sorted(Hold.objects.values_list("at", flat=True)) == [later, later + timedelta(minutes=30)]
    assert "Moved: Pipit, now Sat Dec 5, 11:30 am" in Inbox(ADA).last
    assert [lead.wish for lead in Lead.objects.order_by("change")] == [
        "Test drive on Saturday, December 5, 2026, 10:30 am EST",
        "Changed: Test drive on Saturday, December 5, 2026, 11:30 am EST",
    ]


def test_what_waited_from_before_a_move_does_not_leave(dealer, at):
    drive = booked(ADA, dealer, at.now)
    actions.reschedule(drive, drive.starts_at + HOUR, at.now)
    work(at.now)

    assert ["Booked:" in text for text in Inbox(ADA).all] == [False]
    assert Lead.objects.get().wish.endswith("11:30 am EST")


def test_two_changes_in_the_night_are_one_text_in_the_morning(dealer, at):
    at.now = at.now.replace(hour=3)  # ten in the evening at the dealer's
    drive = booked(CHEN, dealer, at.now)
    actions.reschedule(drive, drive.starts_at + HOUR, at.now)
    actions.cancel(drive, at.now)
    work(at.now)
    at.now = at.now.replace(hour=13, minute=1)
    work(at.now)

    assert len(Inbox(CHEN).all) == 1
    assert "is cancelled" in Inbox(CHEN).last


def test_a_taken_time_leaves_the_drive_where_it_was(db, at, client):
    dealer = make_dealer(at.now, capacity=1)
    drive = booked(ADA, dealer, at.now)
    other = booked(BRUNO, dealer, at.now, drive.starts_at + HOUR)
    answer = client.post(f"{path(drive)}time/", {"slot": slot_value(other.starts_at)})

    assert answer.status_code == 409
    assert "took that time" in answer.content.decode()
    drive.refresh_from_db()
    assert drive.starts_at == first_slot(dealer, at.now)
    assert Hold.objects.filter(drive=drive).count() == 2


def test_a_cancelled_drive_gives_its_car_back_and_nothing_more_is_sent(db, at, client):
    dealer = make_dealer(at.now, capacity=1)
    drive = booked(ADA, dealer, at.now)
    for _ in range(2):
        answer = client.post(f"{path(drive)}cancellation/")
    work(at.now)

    assert answer.status_code == 303
    assert Change.objects.get().after is None
    assert ["Cancelled" in text for text in Inbox(ADA).all] == [True]
    assert Lead.objects.get().reason == "interaction-over"
    assert booked(BRUNO, dealer, at.now, drive.starts_at).pk
    assert "Nobody expects you any more" in client.get(path(drive)).content.decode()


def test_moving_a_drive_does_not_undo_a_stop(dealer, at):
    drive = booked(ADA, dealer, at.now)
    stops.withdraw(drive.contact, "email", drive.interaction, method="link", now=at.now)
    actions.reschedule(drive, drive.starts_at + HOUR, at.now)
    work(at.now)

    assert Inbox(ADA).all == []
    assert standing.of(drive.contact_id)[0].asked == 1


def test_the_switch_turns_texts_on_and_off_for_this_booking(dealer, at, client):
    drive = booked(BRUNO, dealer, at.now)
    client.post(f"{path(drive)}texts/", {"texts": "yes"})
    assert "Stop texts about this drive" in client.get(path(drive)).content.decode()
    client.post(f"{path(drive)}texts/", {"texts": "no"})

    assert "allowed no texts" in client.get(path(drive)).content.decode()
    assert list(Entry.objects.order_by("seq").values_list("verb", "channel", "method")) == [
        ("asked", "all", "form"),
        ("granted", "text", "manage-page"),
        ("withdrew", "text", "manage-page"),
    ]


def test_the_page_is_kept_by_nobody_and_its_address_told_to_nobody(dealer, at, client):
    page = client.get(path(booked(ADA, dealer, at.now)))

    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert not page.cookies
    assert ADA.contact not in page.content.decode()
    assert ADA.name not in page.content.decode()


@pytest.mark.parametrize("end", ["", "time/", "cancellation/", "texts/", "calendar.ics"])
def test_a_link_that_nobody_has_helps_whoever_mistyped_it(db, at, client, end):
    url = f"/test-drive/AAAAAAAAAAAAAAAAAAAAAA/{end}"
    page = client.get(url) if end in ("", "calendar.ics") else client.post(url)

    assert page.status_code == 404
    assert "cut off when it was copied" in page.content.decode()


def test_looking_changes_nothing(dealer, at, client):
    drive = booked(CHEN, dealer, at.now)
    before = Entry.objects.count(), Message.objects.count()
    for end in ("", "calendar.ics"):
        client.get(f"{path(drive)}{end}")
    for end in ("time/", "cancellation/", "texts/"):
        assert client.get(f"{path(drive)}{end}").status_code == 405

    assert (Entry.objects.count(), Message.objects.count()) == before


def test_a_dealer_without_a_contract_is_told_nothing_and_the_page_says_so(db, at, client):
    drive = booked(ADA, make_dealer(at.now, signed=False), at.now)
    work(at.now)

    assert "has to renew its contract" in client.get(path(drive)).content.decode()


def test_while_a_check_of_ours_fails_the_page_does_not_blame_the_dealer(db, at, client, dealer):
    closures.close("P-3-6", "a lead left without a contract", at.now)
    drive = booked(ADA, dealer, at.now)
    work(at.now)

    said = client.get(path(drive)).content.decode()

    assert "a check of ours failed" in said
    assert "has to renew its contract" not in said


def test_the_reminder_comes_once_the_day_before_on_the_dealers_clock(dealer, at):
    drive = booked(ADA, dealer, at.now)
    at.now = drive.starts_at - timedelta(hours=24)
    reminders.remind_all(at.now - timedelta(minutes=1))
    assert Reminder.objects.count() == 0
    for _ in range(3):
        reminders.remind_all(at.now)
    work(at.now)

    assert [row.outcome for row in Reminder.objects.all()] == ["email"]
    assert sum("Tomorrow: Pipit" in text for text in Inbox(ADA).all) == 1


def test_a_phone_without_a_yes_has_no_reminder_and_that_is_on_record(dealer, at):
    drive = booked(BRUNO, dealer, at.now)
    reminders.remind_all(drive.remind_at)

    assert Reminder.objects.get().outcome == "no channel"
    assert Message.objects.count() == 0


def test_a_reminder_after_stop_is_refused_and_says_why(dealer, at, client):
    drive = booked(CHEN, dealer, at.now)
    work(at.now)
    texted(client, CHEN, "please leave me alone")
    at.now = drive.remind_at
    reminders.remind_all(at.now)
    work(at.now)

    message = Message.objects.get(use="test-drive-reminder-text")
    assert (message.state, message.reason) == ("refused", "stopped")


def test_a_moved_drive_is_reminded_of_its_new_time(dealer, at):
    drive = booked(ADA, dealer, at.now)
    at.now = drive.remind_at
    reminders.remind_all(at.now)
    actions.reschedule(drive, drive.starts_at + timedelta(days=3), at.now)
    drive.refresh_from_db()
    at.now = drive.remind_at
    reminders.remind_all(at.now)

    assert Reminder.objects.count() == 2


def test_whoever_books_within_the_last_day_is_not_reminded(dealer, at):
    booked(ADA, dealer, at.now, first_slot(dealer, at.now, 1) - HOUR)
    at.now += timedelta(hours=12)
    reminders.remind_all(at.now)

    assert Reminder.objects.count() == 0


def test_a_worker_that_stood_still_for_a_week_end_records_what_it_missed(dealer, at):
    drive = booked(ADA, dealer, at.now)
    at.now = drive.starts_at + timedelta(days=2)
    actions.finish_past(at.now)
    reminders.remind_all(at.now)

    assert TestDrive.objects.get().state == "done"
    assert Reminder.objects.get().outcome == "too late"
    assert Message.objects.filter(use__contains="reminder").count() == 0


def test_two_bookings_of_one_contact_do_not_show_each_other(dealer, at, client):
    first = booked(ADA, dealer, at.now)
    second = booked(Person("Somebody Else", ADA.contact), dealer, at.now, first.starts_at + HOUR)

    page = client.get(path(second)).content.decode()
    assert "10:30" not in page.split("Change your mind")[0]
    assert path(first) not in page


@pytest.mark.parametrize("end", ["time/", "cancellation/", "texts/"])
def test_a_button_that_comes_with_an_undeclared_field_changes_nothing(dealer, at, client, end):
    drive = booked(CHEN, dealer, at.now)
    sent = {"slot": slot_value(drive.starts_at + HOUR), "texts": "no", "birthday": "1990-01-01"}
    answer = client.post(f"{path(drive)}{end}", sent)

    assert answer.status_code == 422
    assert "We did not ask for that" in answer.content.decode()
    assert Change.objects.count() == 0
    assert not Entry.objects.filter(verb="withdrew").exists()
