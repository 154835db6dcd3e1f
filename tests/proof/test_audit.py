"""The audit and decide() are two writings of the same rules: on any history they must say the same."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.consent import choices, ledger, policies, standing
from forecourt.consent.models import Channel, Permit, Standing, Verb
from forecourt.people.models import Contact, Subject
from forecourt.policy.decide import Allowed, Decision, Facts, decide
from forecourt.policy.policy import Action, Need, Use
from forecourt.policy.reasons import Reason
from forecourt.proof import audits

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
HERE = "interaction:6a1f0a52-0000-4000-8000-000000000001"
ELSEWHERE = "interaction:6a1f0a52-0000-4000-8000-000000000002"
SCOPES = [HERE, ELSEWHERE, "type:test-drive", "type:event", "all"]
SAID = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(list(Verb)),
            st.sampled_from([Channel.TEXT, Channel.EMAIL, Channel.ALL]),
            st.sampled_from(SCOPES),
        ),
        st.tuples(
            st.sampled_from([Verb.GRANTED, Verb.WITHDREW]),
            st.just(Channel.DATA),
            st.sampled_from(["purpose:sale", "purpose:ads", "purpose:analytics"]),
        ),
    ),
    max_size=8,
)
AUDITED = {
    Reason.NEVER_ASKED,
    Reason.NOT_REQUESTED,
    Reason.WITHDRAWN,
    Reason.STOPPED,
    Reason.WRONG_NUMBER,
    Reason.WRONG_INTERACTION,
    Reason.UNDECLARED_DATA,
    Reason.FORBIDDEN,
    Reason.QUIET_HOURS,
    Reason.NO_CONTRACT,
    Reason.NOT_CHOSEN,
    Reason.OPTED_OUT,
}


def a_contact() -> Contact:
    subject = Subject.objects.create(kind=Subject.Kind.CONTACT, created_at=NOW)
    return Contact.objects.create(subject=subject, kind="phone", index=uuid.uuid4().bytes * 2)


def says(person: Contact, *words: tuple[str, str, str]) -> None:
    for verb, channel, scope in words:
        ledger.record(
            person.pk, verb, channel, scope, method="test", now=NOW, policy_version=policies.in_force(NOW).version
        )
    person.refresh_from_db()


def a_permit(
    person: Contact, use: str, *, seqs=(), now: datetime = NOW, about: str = HERE, kind: str = "test-drive", **facts
) -> Permit:
    """As if the door had said yes, whether or not it would have."""
    return Permit.objects.create(
        contact=person.pk,
        use=use,
        recipient=facts.pop("recipient", ""),
        interaction=about,
        interaction_type=kind,
        policy_version=facts.pop("version", policies.in_force(now).version),
        as_of=person.seq,
        seqs=list(seqs),
        facts={"zones": ["America/New_York"], "contract": "", "data": [], "quiet": [], **facts},
        decided_at=now,
    )


def what_the_audit_says() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in audits.audit().findings:
        found.setdefault(finding.row, set()).add(finding.what)
    return found


def reaching_uses() -> list[Use]:
    uses = policies.in_force(NOW).uses.values()
    return [
        use for use in uses if use.action in (Action.TEXT, Action.EMAIL, Action.SHARE) and use.needs is not Need.CASE
    ]


@settings(max_examples=120, deadline=None)
@given(
    said=SAID,
    kind=st.sampled_from(["test-drive", "event", ""]),
    hour=st.integers(0, 23),
    extra=st.sampled_from(["", "user.privacy_preferences", "user.financial"]),
)
def test_the_audit_agrees_with_decide_on_every_history(said, kind, hour, extra):
    policy, moment = policies.in_force(NOW), NOW.replace(hour=hour)
    expected: dict[str, tuple[Use, Decision]] = {}
    with transaction.atomic():
        person = a_contact()
        says(person, *said)
        chose = choices.of_standing(standing.of(person.pk))
        for use in reaching_uses():
            dealer = use.to == "chosen-dealer"
            facts = Facts(
                standing=standing.of(person.pk),
                interaction=HERE,
                interaction_type=kind,
                zones=("America/New_York",),
                data=frozenset({use.data[0], extra} - {""}),
                recipient="dealer" if dealer else use.to,
                chosen_recipient="dealer",
                said_yes=chose.said_yes,
                said_no=chose.said_no,
            )
            decision = decide(policy, use.id, facts, moment)
            seqs = decision.seqs if isinstance(decision, Allowed) else ()
            permit = a_permit(
                person, use.id, seqs=seqs, now=moment, kind=kind, recipient=facts.recipient, data=sorted(facts.data)
            )
            expected[str(permit.pk)] = use, decision

        found = what_the_audit_says()
        transaction.set_rollback(True)

    for row, (use, decision) in expected.items():
        if isinstance(decision, Allowed):
            assert row not in found, (use.id, found[row])
        elif decision.reason in AUDITED:
            assert decision.reason in found.get(row, set()), (use.id, decision)


def test_a_permit_that_the_ledger_supports_is_not_named():
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE), (Verb.GRANTED, Channel.TEXT, HERE))

    a_permit(person, "test-drive-reminder-text", seqs=[2])

    assert what_the_audit_says() == {}


def test_a_permit_that_rests_on_other_words_is_named():
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE), (Verb.GRANTED, Channel.TEXT, HERE))

    permit = a_permit(person, "test-drive-reminder-text", seqs=[1])

    assert what_the_audit_says() == {str(permit.pk): {"other-seqs"}}


def test_what_was_said_after_a_permit_does_not_count_against_it():
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE), (Verb.GRANTED, Channel.TEXT, HERE))
    a_permit(person, "test-drive-reminder-text", seqs=[2])

    says(person, (Verb.STOPPED, Channel.TEXT, "type:test-drive"))

    assert what_the_audit_says() == {}


def test_a_permit_under_a_version_that_was_not_in_force_is_named():
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE))

    early = a_permit(person, "test-drive-reminder-email", seqs=[1], version="2026-12-15")
    unheard_of = a_permit(person, "newsletter-email", seqs=[1])

    assert what_the_audit_says() == {str(early.pk): {"not-in-force"}, str(unheard_of.pk): {"unknown-use"}}


def test_a_projection_that_forgot_a_stop_is_named():
    person = a_contact()
    says(person, (Verb.STOPPED, Channel.TEXT, "type:test-drive"))
    Standing.objects.filter(contact=person.pk).update(stopped=0)

    assert what_the_audit_says() == {str(person.pk): {"standing"}}


def test_a_ledger_that_lost_an_entry_is_named():
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE))
    Contact.objects.filter(pk=person.pk).update(seq=2)

    assert what_the_audit_says() == {str(person.pk): {"gap"}}


def test_permits_that_differ_in_one_fact_alone_are_judged_apart():
    """What permits have in common is judged once for all of them, so each of these has to make a difference."""
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE), (Verb.GRANTED, Channel.TEXT, HERE))
    phone = ["user.contact.phone_number"]

    def permit(**other) -> str:
        return str(a_permit(person, "test-drive-reminder-text", **{"seqs": [2], "data": phone, **other}).pk)

    permit(), permit()
    before_eight = NOW.replace(hour=12, minute=59, second=59)
    expected = {
        permit(now=before_eight): {"quiet-hours"},
        permit(zones=["America/New_York", "Pacific/Auckland"]): {"quiet-hours"},
        permit(zones=[]): {"quiet-hours"},
        permit(data=[*phone, "user.financial"]): {"undeclared-data"},
        permit(recipient="somebody"): {"wrong-recipient"},
        permit(kind="event"): {"wrong-interaction"},
        permit(about=ELSEWHERE): {"never-asked"},
        permit(seqs=[1]): {"other-seqs"},
    }
    permit(now=NOW.replace(hour=13, minute=0, second=0))

    assert what_the_audit_says() == expected


def test_a_freeze_counts_from_when_it_began():
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE), (Verb.GRANTED, Channel.TEXT, HERE))
    Contact.objects.filter(pk=person.pk).update(frozen_at=NOW)

    a_permit(person, "test-drive-reminder-text", seqs=[2], now=NOW.replace(hour=15))
    frozen = a_permit(person, "test-drive-reminder-text", seqs=[2])

    assert what_the_audit_says() == {str(frozen.pk): {"frozen"}}
