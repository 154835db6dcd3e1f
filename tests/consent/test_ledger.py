"""Everything that anyone told us: in order, for good, and never lost in a race."""

import threading
import uuid

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecourt.consent import ledger, standing, wordings
from forecourt.consent.models import Channel, Entry, Standing, Verb
from forecourt.people import contacts
from forecourt.people.models import Contact


@pytest.fixture
def phone(db, now) -> Contact:
    return contacts.find_or_add(contacts.read("202-555-0142"), source="test", notice="2026-10-15", now=now)


def say(contact, verb, now, channel=Channel.TEXT, scope="type:test-drive"):
    return ledger.record(contact.pk, verb, channel, scope, method="form", now=now, policy_version="2026-10-15")


def test_what_a_person_says_is_counted_in_the_order_in_which_it_came(phone, now):
    first, second = say(phone, Verb.GRANTED, now), say(phone, Verb.STOPPED, now)

    assert (first.seq, second.seq) == (1, 2)
    [stand] = standing.of(phone.pk)
    assert (stand.granted, stand.stopped) == (1, 2)


def test_a_word_for_a_contact_that_does_not_exist_is_an_error_and_no_entry(db, now):
    with pytest.raises(Contact.DoesNotExist):
        ledger.record(uuid.uuid4(), Verb.STOPPED, Channel.ALL, "all", method="form", now=now, policy_version="1")

    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE consent_entry SET verb = 'granted'",
        "DELETE FROM consent_entry",
        "TRUNCATE consent_entry",
        "UPDATE consent_entry_2026 SET verb = 'granted'",
        "DELETE FROM consent_wording",
        "UPDATE consent_permit SET use = ''",
        "DELETE FROM people_opening",
        "UPDATE sharing_receipt SET recipient = ''",
    ],
)
def test_the_application_cannot_change_or_remove_what_was_said(phone, now, change):
    say(phone, Verb.STOPPED, now)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_the_same_wording_is_kept_once(db, now):
    assert wordings.keep("Text me about this drive.", now) == wordings.keep("Text me about this drive.", now)
    assert wordings.keep("Text me.", now) != wordings.keep("Text me about this drive.", now)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from(Verb),
            st.sampled_from(Channel),
            st.sampled_from(["all", "type:test-drive", "interaction:1"]),
        ),
        max_size=12,
    )
)
def test_standing_is_what_a_rebuild_from_the_ledger_gives(phone, now, said):
    for verb, channel, scope in said:
        say(phone, verb, now, channel, scope)

    before = set(standing.of(phone.pk))
    assert standing.differences() == []
    standing.rebuild()
    assert set(standing.of(phone.pk)) == before


def test_a_stale_projection_is_noticed(phone, now):
    say(phone, Verb.STOPPED, now)
    Standing.objects.update(stopped=0)

    assert standing.differences() == [(phone.pk, "text", "type:test-drive")]


def test_many_voices_at_once_are_all_heard_and_share_no_place(fresh_database, now):
    phone = contacts.find_or_add(contacts.read("202-555-0142"), source="test", notice="2026-10-15", now=now)
    heard = []

    def speak():
        heard.extend(say(phone, Verb.GRANTED, now).seq for _ in range(25))
        connections.close_all()

    speakers = [threading.Thread(target=speak) for _ in range(8)]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()

    assert sorted(heard) == list(range(1, 201))
    assert standing.differences() == []
