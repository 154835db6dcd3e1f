"""What was said is kept as long as it stands and two years more; then it goes, and nothing else changes."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from forecourt.consent import forgetting, ledger, permits, policies, standing, switches
from forecourt.consent.models import Channel, Entry, Overtaken, Permit, Verb
from forecourt.people import retention
from forecourt.people.models import Contact, Forgotten, Subject
from forecourt.policy import needs
from forecourt.policy.decide import Allowed, Facts
from forecourt.policy.policy import Need, Switch
from forecourt.proof import audits
from forecourt.rights import forgetting as rights_forgetting

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2015, 1, 5, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = "interaction:6a1f0a52-0000-4000-8000-000000000001"
SALE = f"purpose:{Switch.SALE}"
SAID = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(list(Verb)),
            st.sampled_from([Channel.TEXT, Channel.EMAIL, Channel.ALL]),
            st.sampled_from([HERE, "interaction:other", "type:test-drive", "all"]),
        ),
        st.tuples(st.sampled_from([Verb.GRANTED, Verb.WITHDREW]), st.just(Channel.DATA), st.just(SALE)),
    ),
    max_size=10,
)


def a_contact(**more) -> Contact:
    subject = Subject.objects.create(kind=Subject.Kind.CONTACT, created_at=LONG_AGO)
    return Contact.objects.create(subject=subject, kind="phone", index=uuid.uuid4().bytes * 2, **more)


def say(contact, verb, channel=Channel.DATA, scope=SALE, at=LONG_AGO) -> int:
    return ledger.record(contact.pk, verb, channel, scope, method="form", now=at, policy_version="2026-10-15").seq


def seqs(contact) -> list[int]:
    return list(Entry.objects.filter(contact=contact.pk).order_by("seq").values_list("seq", flat=True))


def permitted(contact, as_of: int, rests_on: list[int], at=LONG_AGO) -> uuid.UUID:
    held = Contact.objects.get(pk=contact.pk)
    held.seq = as_of
    return permits.grant(held, Allowed("murmur-audience", "2026-10-15", tuple(rests_on)), Facts(), at)


def test_a_yes_goes_two_years_after_it_was_taken_back_and_the_no_stays():
    ada = a_contact()
    say(ada, Verb.GRANTED)
    say(ada, Verb.WITHDREW)

    retention.run(NOW)

    assert seqs(ada) == [2]
    [stand] = standing.of(ada.pk)
    assert (stand.granted, stand.withdrew) == (0, 2)
    assert switches.of(ada.pk).said_no == {Switch.SALE}
    assert list(Forgotten.objects.values_list("rule", "number", "at")) == [("what was said", 1, NOW)]


def test_what_was_overtaken_a_day_too_late_stays():
    """On November 2, 2026 what was overtaken on November 2, 2024 is over, and what was on the third is not."""
    for day, stays in ((2, [2]), (3, [1, 2])):
        ada = a_contact()
        say(ada, Verb.GRANTED)
        say(ada, Verb.WITHDREW, at=datetime(2024, 11, day, 15, tzinfo=UTC))
        forgetting.forget_words(NOW)
        assert seqs(ada) == stays


def test_a_clock_that_runs_ahead_brings_no_word_to_an_end():
    ada = a_contact()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [just_now] = cursor.fetchone()
    say(ada, Verb.GRANTED, at=just_now)
    say(ada, Verb.WITHDREW, at=just_now)

    forgetting.forget_words(just_now + 4000 * DAY)

    assert seqs(ada) == [1, 2]


def test_an_audit_finds_no_gap_where_words_went_and_finds_one_where_another_is_missing():
    ada = a_contact()
    for verb in (Verb.GRANTED, Verb.WITHDREW, Verb.GRANTED, Verb.WITHDREW):
        say(ada, verb)
    forgetting.forget_words(NOW)
    assert seqs(ada) == [4]
    assert audits.audit().findings == ()
    assert standing.differences() == []

    assert Overtaken.objects.get(contact=ada.pk).entries == 3

    Contact.objects.filter(pk=ada.pk).update(seq=5)
    say(ada, Verb.GRANTED)
    assert [(finding.what, finding.row) for finding in audits.audit().findings] == [("gap", str(ada.pk))]


def test_nothing_goes_that_a_permit_still_rests_on_and_a_permit_goes_when_nothing_that_left_by_it_is_here():
    ada = a_contact()
    yes = say(ada, Verb.GRANTED)
    permit = permitted(ada, yes, [yes])
    say(ada, Verb.WITHDREW)

    forgetting.forget_words(NOW)
    assert seqs(ada) == [1, 2]

    assert rights_forgetting.forget(NOW) == 1
    assert not Permit.objects.filter(pk=permit).exists()
    forgetting.forget_words(NOW)
    assert seqs(ada) == [2]


def test_a_permit_younger_than_two_years_stays():
    ada = a_contact()
    yes = say(ada, Verb.GRANTED)
    permitted(ada, yes, [yes], at=NOW - 700 * DAY)

    assert rights_forgetting.forget(NOW) == 0


def test_a_tick_that_a_start_revives_stays_however_old():
    """The tick was taken back, and a START by phone brought it back; texts rest on both."""
    chen = a_contact()
    say(chen, Verb.GRANTED, Channel.TEXT, HERE)
    say(chen, Verb.WITHDREW, Channel.TEXT, HERE)
    say(chen, Verb.STARTED, Channel.TEXT, "type:test-drive")

    forgetting.forget_words(NOW)

    assert seqs(chen) == [1, 2, 3]


def test_whoever_was_erased_longer_ago_leaves_nothing_in_the_ledger_and_whoever_was_not_stays():
    gone, late = a_contact(erased_at=LONG_AGO + DAY), a_contact(erased_at=NOW - DAY)
    for one in (gone, late):
        say(one, Verb.GRANTED)
        say(one, Verb.WITHDREW, Channel.EMAIL, "all")

    assert forgetting.forget_words(NOW) == 2

    assert seqs(gone) == []
    assert standing.of(gone.pk) == ()
    assert seqs(late) == [1, 2]
    assert audits.audit().findings == ()


@hypothesis_settings(max_examples=60, deadline=None)
@given(said=SAID, rested=st.integers(0, 10))
def test_whatever_goes_no_answer_changes(said, rested):
    with transaction.atomic():
        chen = a_contact()
        for place, (verb, channel, scope) in enumerate(said):
            say(chen, verb, channel, scope, LONG_AGO + place * timedelta(hours=1))
        before = answers(chen)

        forgetting.forget_words(NOW)

        assert answers(chen) == before
        assert standing.differences() == []
        assert audits.audit().findings == ()
        transaction.set_rollback(True)


def answers(contact) -> dict[str, object]:
    """Whether each use would be allowed and on what it would rest; a refusal may lose the older of its reasons."""
    said = switches.of(contact.pk)
    facts = Facts(
        standing=standing.of(contact.pk),
        interaction=HERE,
        interaction_type="test-drive",
        said_yes=said.said_yes,
        said_no=said.said_no,
    )
    found: dict[str, object] = {"no": said.said_no, "yes": said.said_yes}
    for use in policies.book().versions[0].uses.values():
        answer = needs.judge(use, facts)
        allowed = not isinstance(answer, needs.No)
        found[use.id] = allowed and (use.needs is Need.OPT_OUT or answer)
    return found


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM consent_entry",
        "UPDATE consent_overtaken SET entries = 9",
        "INSERT INTO consent_overtaken VALUES ('00000000-0000-0000-0000-000000000000', 1)",
        "DELETE FROM consent_permit",
        "SELECT * FROM consent_overtaken_entries(now(), NULL)",
    ],
)
def test_the_application_can_let_nothing_go_by_itself(change):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
