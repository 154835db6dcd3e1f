"""A claim: made once, looked at for its open case, answered once, and then nothing but the answer is left."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecourt.cases import actions as cases
from forecourt.consent import reading, switches
from forecourt.consent.choices import Answer, Choices
from forecourt.consent.models import RefusedReading
from forecourt.consent.reading import MayNotRead
from forecourt.interactions.bindings import Caller
from forecourt.people import subjects
from forecourt.people.models import Opening, Sealed, Subject
from forecourt.policy.policy import Age, Switch
from forecourt.policy.reasons import Reason
from forecourt.programs import claims, finance, pack
from forecourt.programs.models import Claim, Document
from forecourt.web import forms
from tests.programs.sending import pdf, wish

PROVEN = ("military", "diplomatic", "mobility")


@pytest.mark.parametrize("kind", PROVEN)
@pytest.mark.parametrize("yes", [True, False])
def test_with_the_answer_document_and_form_are_destroyed(make, at, kind, yes):
    claim = make(kind)
    keys = [claim.submission_id, claim.document.pk]

    claims.answer(claim, yes, at.now)

    assert [subjects.is_erased(key) for key in keys] == [True, True]
    assert not Subject.objects.filter(pk__in=keys).exists()
    assert not Sealed.objects.filter(subject__in=keys).exists()
    assert not Document.objects.exists()


def test_what_stays_is_the_answer_and_its_last_day(make, at):
    claim = claims.answer(make("military"), True, at.now)

    assert (claim.answer, claim.holds_until) == ("yes", at.now + timedelta(days=365))
    assert (claim.submission, claim.case.closed_at) == (None, at.now)


def test_a_diplomatic_yes_ends_on_a_day_of_its_own(make, at):
    claim = claims.answer(make("diplomatic"), True, at.now)

    assert claim.holds_until == at.now + timedelta(days=180)
    assert claim.discard_at == claim.made_at + timedelta(days=10)


@pytest.mark.parametrize("kind", PROVEN)
def test_what_nobody_decided_is_destroyed_on_its_day_and_not_before(make, at, kind):
    claim = make(kind)
    keys = [claim.submission_id, claim.document.pk]
    at.now = claim.discard_at - timedelta(seconds=1)

    assert claims.discard_overdue(at.now) == 0
    assert not any(map(subjects.is_erased, keys))

    at.now = claim.discard_at
    assert claims.discard_overdue(at.now) == 1
    assert all(map(subjects.is_erased, keys))
    claim.refresh_from_db()
    assert claim.answer == "late"


def test_an_undecided_claim_is_on_the_list_of_what_is_overdue_before_it_is_destroyed(make):
    claim = make("military")

    assert claim.made_at < claim.case.due_at < claim.discard_at


def test_an_answer_goes_on_its_last_day(make, at):
    claims.answer(make("military"), True, at.now)
    at.now += timedelta(days=364)
    assert claims.forget_past(at.now) == 0

    at.now += timedelta(days=1)
    assert claims.forget_past(at.now) == 1
    assert not Claim.objects.exists()


def test_the_same_form_makes_one_claim(make, at):
    nonce = forms.new_nonce("program", at.now)

    assert make(nonce=nonce) == make(nonce=nonce)
    assert Claim.objects.count() == 1


def test_a_form_that_was_used_loses_nothing_of_what_somebody_else_sends_with_it(make, at):
    nonce = forms.new_nonce("program", at.now)
    make(nonce=nonce)

    with pytest.raises(claims.FormSpent):
        make(nonce=nonce, contact="bruno@post.example")
    with pytest.raises(claims.FormSpent):
        make("diplomatic", nonce=nonce)


def test_one_address_has_three_claims_open_at_most(make, at):
    made = [make(kind) for kind in PROVEN]
    with pytest.raises(claims.TooMany, match="3 claims"):
        make()

    claims.answer(made[0], False, at.now)
    assert make().is_open


def test_nobody_who_said_under_13_leaves_anything(db, at):
    with pytest.raises(claims.TooYoung):
        claims.make(wish("military", at.now), at.now, Caller(Choices(age=Age.CHILD)))

    assert not Claim.objects.exists()


def test_what_the_browser_refuses_the_address_refuses_from_then_on(db, at):
    claim = claims.make(wish("mobility", at.now), at.now, Caller(Choices().say(Answer.NO, Switch.SENSITIVE)))

    assert switches.of(claim.contact_id).said_no == {Switch.SENSITIVE}


def test_an_answer_can_keep_nothing_else_even_by_mistake(make, at):
    claim = make()

    with pytest.raises(IntegrityError, match="an_answer_leaves_nothing_else"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(answer="yes", answered_at=at.now, holds_until=at.now)


def test_an_answered_claim_is_answered_for_good(make, at):
    claim = make()
    claims.answer(claim, True, at.now)

    for again in (lambda: claims.answer(claim, False, at.now), lambda: claims.withdraw(claim, at.now)):
        with pytest.raises(claims.AlreadyAnswered):
            again()
    claim.refresh_from_db()
    assert claim.answer == "yes"


def test_taking_it_back_destroys_it_at_once(make, at):
    claim = make("mobility")
    keys = [claim.submission_id, claim.document.pk]

    claims.withdraw(claim, at.now)

    assert all(map(subjects.is_erased, keys))


# Looking


def test_whoever_looks_is_written_down_with_the_case(make, at):
    claim = make("mobility")
    document = claim.document.pk

    told = claims.look(claim, at.now, who="desk-4f2k")
    shown = claims.look_at_document(claim, at.now, who="desk-4f2k")

    assert told["user.health_and_medical"] == "hand-controls"
    assert told["user.contact.email"] == "ada.brightwater@post.example"
    assert shown.content == pdf()
    openings = Opening.objects.filter(who="desk-4f2k", case=claim.case.reference, purpose="mobility-claim-read")
    assert {opening.subject for opening in openings} == {claim.submission_id, claim.contact_id, document}


@pytest.mark.parametrize("kind", PROVEN)
def test_without_its_open_case_nobody_looks(make, at, kind):
    claim = make(kind)
    cases.close_case(claim.case, "answered", at.now)

    for look in (claims.look, claims.look_at_document):
        with pytest.raises(MayNotRead) as refused:
            look(claim, at.now, who="desk-4f2k")
        assert refused.value.refused.reason == Reason.NO_CASE
    assert RefusedReading.objects.filter(who="desk-4f2k", contact=claim.contact_id).count() == 2
    assert not Opening.objects.filter(who="desk-4f2k").exists()


def test_a_claim_in_other_hands_is_not_looked_at(make, at):
    claim = make()

    for look in (claims.look, claims.look_at_document):
        with pytest.raises(MayNotRead) as refused:
            look(claim, at.now, who="desk-c0la")
        assert refused.value.refused.reason == Reason.NO_CASE
    assert not Opening.objects.filter(who="desk-c0la").exists()


def test_a_frozen_record_is_not_looked_at(make, at):
    claim = make()
    claim.contact.frozen_at = at.now
    claim.contact.save(update_fields=["frozen_at"])

    with pytest.raises(MayNotRead):
        claims.look(claim, at.now, who="desk-4f2k")


@pytest.mark.parametrize("limited", [False, True])
def test_equipment_is_read_for_the_claim_and_for_nothing_else(make, at, limited):
    """Whether sensitive data were limited or not: the claim goes on, everything else is refused, and it is kept that it was."""
    from forecourt.consent import policies

    claim = make("mobility")
    if limited:
        switches.say([claim.contact_id], Switch.SENSITIVE, Answer.NO, "page", at.now)
    others = set(policies.in_force(at.now).uses) - {"mobility-claim-read"}

    for use in others:
        with pytest.raises(MayNotRead):
            claims.read(claim, use, ["user.health_and_medical"], at.now, who="marketing")

    assert set(RefusedReading.objects.values_list("use", flat=True)) == others
    assert claims.look(claim, at.now, who="desk-4f2k")["user.health_and_medical"] == "hand-controls"


def test_an_ad_network_could_not_get_equipment_even_if_a_use_named_it(make, at, monkeypatch):
    from dataclasses import replace

    from forecourt.consent import policies

    claim = make("mobility")
    policy = policies.in_force(at.now)
    wider = replace(policy.uses["murmur-audience"], data=("user.health_and_medical",))
    widened = replace(policy, uses={**policy.uses, wider.id: wider})
    monkeypatch.setattr(policies, "in_force", lambda now: widened)

    decision = reading.judge(claim.contact, wider.id, ["user.health_and_medical"], at.now)

    assert (decision.reason, decision.promise) == (Reason.FORBIDDEN, "S-22")


def test_military_and_diplomatic_claims_do_not_read_each_other(make, at):
    military, diplomatic = make("military"), make("diplomatic")

    for claim, use in ((military, "diplomatic-claim-read"), (diplomatic, "military-claim-read")):
        with pytest.raises(MayNotRead):
            claims.read(claim, use, [claims.NAME], at.now, who="desk-4f2k")


# Races, with real commits


def at_once(*calls) -> list[object]:
    """What each call returned or raised, all started together in threads of their own."""
    found: list[object] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(place: int) -> None:
        gate.wait()
        try:
            found[place] = calls[place]()
        except Exception as problem:
            found[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_two_who_decide_at_once_one_decides(fresh_database, at):
    for _ in range(5):
        claim = claims.make(wish("military", at.now), at.now)
        keys = [claim.submission_id, claim.document.pk]

        said = at_once(
            lambda claim=claim: claims.answer(claim, True, at.now),
            lambda claim=claim: claims.answer(claim, False, at.now),
            lambda claim=claim: claims.withdraw(claim, at.now),
            lambda claim=claim: claims._discard(claim.pk, at.now),
        )

        decided = [one for one in said if isinstance(one, Claim) or one is True]
        refused = [one for one in said if isinstance(one, claims.AlreadyAnswered) or one is False]
        assert (len(decided), len(refused)) == (1, 3), said
        assert all(map(subjects.is_erased, keys))


def test_a_form_pressed_twice_at_once_makes_one_claim(fresh_database, at):
    asked = wish("military", at.now)

    made = at_once(*[lambda: claims.make(asked, at.now)] * 4)

    assert {claim.pk for claim in made} == {Claim.objects.get().pk}
    assert Document.objects.count() == 1


def test_one_form_sent_at_once_with_two_addresses_makes_one_claim_and_tells_the_other(fresh_database, at):
    nonce = forms.new_nonce("program", at.now)
    sent = [wish("military", at.now, nonce=nonce, contact=f"{name}@post.example") for name in ("ada", "bruno", "chen")]

    said = at_once(*[lambda one=one: claims.make(one, at.now) for one in sent])

    assert sorted(type(one).__name__ for one in said) == ["Claim", "FormSpent", "FormSpent"]


def test_whoever_looks_while_another_decides_sees_all_or_nothing(fresh_database, at):
    for _ in range(5):
        claim = claims.make(wish("military", at.now), at.now)
        cases.take(claim.case, "desk-4f2k", at.now)

        shown, _ = at_once(
            lambda claim=claim: claims.look_at_document(claim, at.now, who="desk-4f2k"),
            lambda claim=claim: claims.answer(claim, True, at.now),
        )

        assert shown is None or isinstance(shown, MayNotRead) or shown.content == pdf()


def test_a_claim_whose_answer_could_not_be_kept_is_undecided_and_its_document_unreadable(make, at, monkeypatch):
    claim = make()
    real = claims.destroy

    def destroy_and_fail(keys):
        real(keys)
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(claims, "destroy", destroy_and_fail)
    with pytest.raises(RuntimeError):
        claims.answer(claim, True, at.now)
    monkeypatch.undo()

    claim.refresh_from_db()
    assert claim.is_open
    assert claims.look_at_document(claim, at.now, who="desk-4f2k") is None


def test_every_program_of_the_pack_has_its_uses_in_the_policy(at):
    from forecourt.consent import policies

    for program in pack.programs():
        for version in policies.book().versions:
            kind = program.kind
            wanted = (finance.ASK, finance.SEND) if kind == "finance" else (claims.ASKS[kind], claims.READS[kind])
            assert set(wanted) <= set(version.uses)


def test_the_page_of_a_claim_opens_nothing(make, client, at):
    claim = make()
    before = Opening.objects.count()

    assert client.get(f"/claims/{claims.token_of(claim.nonce)}/").status_code == 200
    assert Opening.objects.count() == before
