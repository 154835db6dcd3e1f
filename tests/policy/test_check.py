"""Drift between policy and code, each way round, and two sentences that disagree."""

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from forecourt.policy.book import PolicyBook, load
from forecourt.policy.check import FormField, Found, Inventory, Level, PersonalField, check
from forecourt.policy.conflicts import conflicts
from forecourt.policy.decide import Contract, Facts, Stand, decide
from forecourt.policy.policy import Action, BrandRules, Class, Need, Never
from forecourt.policy.reasons import Reason

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
BOOK = load(Path(__file__).parents[2] / "brands" / "wren" / "policy")
POLICY = BOOK.in_force(NOW)
EVERY = " and ".join(policy.uses_path for policy in BOOK.live(NOW))
CHECKED = [sentence.id for sentence in POLICY.sentences.values() if sentence.kind is not Class.INFORMATIVE]
GUARDS = dict.fromkeys(CHECKED, "forecourt/proof/probes.py:1")


def found(inventory=None, *, book=BOOK, level=Level.ERROR):
    report = check(book, inventory or Inventory(), NOW)
    return {(finding.code, finding.what): finding for finding in report.findings if finding.level is level}


def codes(inventory=None, **more):
    return {code for code, _ in found(inventory, **more)}


def changed(**changes):
    """Wren's book with one version, its policy changed."""
    return PolicyBook(BOOK.folder, (replace(POLICY, **changes),))


def with_use(id, **changes):
    return changed(uses={**POLICY.uses, id: replace(POLICY.uses[id], **changes)})


def test_wrens_policy_agrees_with_itself():
    assert found() == {}


def test_what_nobody_collected_is_named_and_not_judged():
    report = check(BOOK, Inventory(uses=()), NOW)

    assert "uses" not in report.skipped
    assert "cookies" in report.skipped


def test_a_use_in_code_that_the_policy_lacks_is_named_with_its_place_and_mend():
    code = tuple(Found(use, "forecourt/messaging/outbox.py:1") for use in POLICY.uses)
    broker = Found("sell-to-a-broker", "forecourt/sharing/outbox.py:12")

    assert found(Inventory(uses=code)) == {}
    (finding,) = found(Inventory(uses=(*code, broker))).values()
    assert str(finding) == (
        "forecourt/sharing/outbox.py:12: error undeclared-use: the code does sell-to-a-broker, which the policy does not "
        f"name; add [sell-to-a-broker] to {EVERY}, and a sentence that it rests on"
    )


@pytest.mark.parametrize(
    "inventory",
    [
        Inventory(uses=(Found("sell-to-a-broker", "x"),)),
        Inventory(fields=(PersonalField("Person.born", "user.demographic.date_of_birth", "x"),)),
        Inventory(forms=(FormField("born", "user.demographic.date_of_birth", "sell-to-a-broker", "x"),)),
        Inventory(cookies=(Found("tracker", "x"),)),
        Inventory(hosts=(Found("broker.example", "x"),)),
    ],
)
def test_what_the_code_does_now_is_to_be_added_to_every_version_from_the_one_in_force_on(inventory):
    assert len(BOOK.live(NOW)) == 2

    assert any(EVERY in finding.mend for finding in found(inventory).values())


def test_a_question_too_many_names_its_use_in_every_version():
    asks = FormField("born", "user.demographic.date_of_birth", "test-drive-lead", "x")

    (finding,) = found(Inventory(forms=(asks,))).values()
    assert (
        finding.mend
        == "add 'user.demographic.date_of_birth' to "
        + " and ".join(f"{policy.uses_path}:{policy.uses['test-drive-lead'].line}" for policy in BOOK.live(NOW))
        + ", or do not ask"
    )


def test_a_use_that_no_code_does_is_named():
    assert codes(Inventory(uses=())) == {"idle-use"}


def test_code_may_be_ready_for_a_use_of_the_coming_version():
    code = tuple(Found(use, "x") for use in (*POLICY.uses, "test-drive-thanks-email"))

    assert found(Inventory(uses=code)) == {}


@pytest.mark.parametrize(
    ("category", "code"),
    [
        ("user.contact.phone_number", None),
        ("user.name.first", None),
        ("user.demographic.date_of_birth", "undeclared-field"),
        ("user.birthday", "unknown-category"),
        ("", "unclassed-field"),
    ],
)
def test_a_field_with_personal_data_must_be_in_a_clause(category, code):
    field = PersonalField("interactions.TestDrive.born", category, "forecourt/interactions/models.py:30")

    assert codes(Inventory(fields=(field,))) == ({code} if code else set())


@pytest.mark.parametrize(
    ("category", "use", "code"),
    [
        ("user.name", "book-test-drive", None),
        ("user.demographic.gender", "book-test-drive", "undeclared-question"),
        ("user.name", "enter-a-raffle", "undeclared-form"),
    ],
)
def test_a_form_asks_only_what_its_use_names(category, use, code):
    field = FormField("question", category, use, "forecourt/interactions/forms.py:8")

    assert codes(Inventory(forms=(field,))) == ({code} if code else set())


def test_a_cookie_nobody_declared_is_an_error_and_one_nobody_sets_a_note():
    tracker = Inventory(cookies=(Found("_ga", "forecourt/edge/cookies.py:3"),))

    assert codes(tracker) == {"undeclared-cookie"}
    assert codes(tracker, level=Level.NOTE) == {"idle-cookie"}


def test_a_host_that_no_recipient_has_is_an_error():
    declared, stranger = Found("smtp.mail-carrier.example", "a"), Found("graph.tracker.example", "b")

    assert codes(Inventory(hosts=(declared,))) == set()
    assert codes(Inventory(hosts=(declared, stranger))) == {"undeclared-host"}


@pytest.mark.parametrize("kind", ["probes", "mutants"])
def test_every_checked_sentence_has_a_probe_and_a_mutant(kind):
    lacking = {id: where for id, where in GUARDS.items() if id != "P-3F-5"}

    assert found(Inventory(**{kind: GUARDS})) == {}
    (finding,) = found(Inventory(**{kind: lacking}), book=changed()).values()
    assert finding.what == f"P-3F-5 is enforced but has no {kind[:-1]}"
    assert "policy.md:" in finding.where
    assert f'add a {kind[:-1]} of "P-3F-5"' in finding.mend


def test_a_probe_of_nothing_is_named():
    assert codes(Inventory(probes={**GUARDS, "P-99-1": "forecourt/proof/probes.py:9"})) == {"probe-of-nothing"}


@pytest.mark.parametrize(
    ("id", "changes", "code"),
    [
        ("test-drive-reminder-text", {"needs": Need.NOTHING}, "unasked"),
        ("stop-confirmation-text", {"closes": True}, "closes"),
    ],
)
def test_a_careless_use_is_named(id, changes, code):
    assert code in codes(book=with_use(id, **changes))


def test_a_use_that_rests_on_what_only_informs_is_named():
    told = {**POLICY.sentences, "P-1-2": replace(POLICY.sentences["P-1-2"], kind=Class.INFORMATIVE)}
    lead = replace(POLICY.uses["test-drive-lead"], rests_on=("P-1-2",))

    assert "rests-on-air" in codes(book=changed(sentences=told, uses={**POLICY.uses, lead.id: lead}))


def test_a_carrier_contract_must_hold_what_the_law_and_its_own_form_want():
    carrier = replace(POLICY.recipients["mail-carrier"], terms=frozenset())
    form = {**POLICY.contracts, "dealer-2026": frozenset({"privacy-law"})}

    assert codes(book=changed(recipients={**POLICY.recipients, "mail-carrier": carrier})) == {"contract-term"}
    (finding,) = found(book=changed(contracts=form)).values()
    assert finding.code == "contract-form"
    assert finding.mend.startswith("add confidentiality, named-purposes, notice-of-failure")


def test_a_recipient_that_no_use_names_is_idle():
    friend = replace(POLICY.recipients["mail-carrier"], code="friend")

    assert codes(book=changed(recipients={**POLICY.recipients, "friend": friend})) == {"idle-recipient"}


def test_hours_looser_than_the_law_are_named():
    assert codes(book=changed(brand=BrandRules(quiet_before=time(6)))) == {"looser-than-law"}


def test_a_quoted_sentence_has_a_use_that_rests_on_it():
    assert codes(book=changed(cites={Reason.FROZEN: ("P-1-4",)})) == {"cites"}


def test_a_book_whose_first_version_is_still_to_come_says_so():
    report = check(BOOK, Inventory(), datetime(2026, 10, 1, tzinfo=UTC))

    assert [finding.code for finding in report.errors] == ["nothing-in-force"]


# Strictest wins. The mailing list's sentence says that its addresses go to nobody; a lead goes to a dealer.

LIST_ONLY = Never("P-1-2", action="share", source="list", line=7)
ASKED = Facts(
    standing=(Stand("all", "interaction:hers", asked=1),),
    interaction="interaction:hers",
    interaction_type="test-drive",
    recipient="river-north",
    chosen_recipient="river-north",
    contract=Contract("dealer-2026", POLICY.contracts["dealer-2026"], NOW, datetime(2027, 1, 1, tzinfo=UTC)),
)


@pytest.mark.parametrize(
    ("sources", "allowed"),
    [({"list"}, False), ({"list", "booking"}, True), ({"booking"}, True), (set(), True)],
)
def test_an_address_known_from_the_list_alone_goes_to_nobody(sources, allowed):
    policy = replace(POLICY, never=(LIST_ONLY,))

    decision = decide(policy, "test-drive-lead", replace(ASKED, sources=frozenset(sources)), NOW)
    assert decision.allowed is allowed
    assert allowed or (decision.reason, decision.promise) == (Reason.FORBIDDEN, "P-1-2")


def test_two_sentences_that_disagree_are_named_as_a_pair_and_the_narrower_binds():
    found = conflicts(replace(POLICY, never=(LIST_ONLY,)))
    (conflict,) = (one for one in found if one.use.id == "test-drive-lead")

    assert conflict.pair == ("P-3C-4", "P-1-2")
    assert conflict.says == (
        "P-1-2 forbids part of what test-drive-lead does (it rests on P-3C-4, P-3C-5, P-3-6, P-3-7, P-3F-7); P-1-2 binds"
    )
    assert codes(book=changed(never=(LIST_ONLY,)), level=Level.NOTE) == {"conflict"}


def test_a_use_of_which_nothing_is_left_is_an_error():
    nothing_shared = Never("P-1-2", action="share")

    assert codes(book=changed(never=(nothing_shared,))) == {"conflict"}


@pytest.mark.parametrize(
    "row",
    [
        Never("P-1-2", action="email", data=("user.biometric",)),
        Never("P-1-2", action="push"),
        Never("P-1-2", to="broker"),
        Never("P-1-2", action="share", about="event"),
    ],
)
def test_a_row_that_meets_no_use_is_no_conflict(row):
    drives = {name: use for name, use in POLICY.uses.items() if use.about in ("test-drive", "service-visit")}

    assert list(conflicts(replace(POLICY, uses=drives, never=(row,)))) == []


def test_sharing_a_wider_category_shares_the_guarded_part():
    row = Never("P-1-2", action="share", data=("user.contact.email",))
    policy = replace(POLICY, never=(row,))
    wide = replace(policy.uses["test-drive-lead"], data=("user.contact",))
    policy = replace(policy, uses={**policy.uses, wide.id: wide})

    assert decide(policy, wide.id, ASKED, NOW).reason is Reason.FORBIDDEN
    assert wide.action is Action.SHARE
