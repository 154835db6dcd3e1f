"""What a visitor switched off stays off, and what counts as a sale follows from who gets the data."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy import law, sales
from forecourt.policy.decide import Allowed, Facts, Refused, Stand, decide
from forecourt.policy.policy import Action, Age, Class, Kind, Need, Policy, Recipient, Sentence, Switch, Use
from forecourt.policy.reasons import Reason
from forecourt.policy.sales import Disclosure

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
BOTH = frozenset({Switch.SALE, Switch.ADS})
TERMS = {
    kind: frozenset(law.value(name, NOON))
    for kind, name in {
        Kind.SERVICE_PROVIDER: "service_provider_terms",
        Kind.AD_NETWORK: "third_party_terms",
        Kind.COOP: "third_party_terms",
        Kind.THIRD_PARTY: "third_party_terms",
        Kind.DEALER: "dealer_terms",
    }.items()
}


def recipient(kind, **changes):
    signed = {"terms": TERMS[kind], "starts": NOON - timedelta(days=30), "ends": NOON + timedelta(days=30)}
    return Recipient(**{"code": "them", "kind": kind, "purpose": "", "contract": "paper", **signed, **changes})


def use(**changes):
    usual = {
        "id": "tag",
        "purpose": "show ads",
        "action": Action.TAG,
        "rests_on": ("P-10D-1",),
        "to": "them",
        "data": ("user.device.ip_address", "user.location"),
        "needs": Need.YES,
        "switches": (Switch.SALE, Switch.ADS),
    }
    return Use(**{**usual, **changes})


def policy(a_use=None, to=None):
    a_use, to = a_use or use(), to or recipient(Kind.AD_NETWORK)
    return Policy(
        version="1",
        posted=NOON,
        effective=NOON - timedelta(days=1),
        sentences={"P-10D-1": Sentence("P-10D-1", "", "", Class.ENFORCED, 1)},
        uses={a_use.id: a_use},
        recipients={to.code: to},
        contracts={"paper": frozenset()},
    )


def ask(a_use=None, to=None, **facts):
    shown = {"recipient": "them", "data": frozenset({"user.device.ip_address"})}
    return decide(policy(a_use, to), (a_use or use()).id, Facts(**{**shown, **facts}), NOON)


def test_who_chose_nothing_has_not_said_yes():
    refused = ask()

    assert refused.reason is Reason.NOT_CHOSEN
    assert refused.detail == "sale, ads"


def test_a_yes_to_one_switch_is_no_yes_to_the_other():
    assert ask(said_yes=frozenset({Switch.ADS})).reason is Reason.NOT_CHOSEN


def test_a_yes_to_both_is_one():
    assert isinstance(ask(said_yes=BOTH), Allowed)


def test_a_signal_binds_whatever_was_said_before():
    assert ask(said_yes=BOTH, signal=True).reason is Reason.SIGNAL


def test_a_no_by_anybody_known_to_be_the_same_person_binds():
    assert ask(said_yes=BOTH, said_no=frozenset({Switch.SALE})).reason is Reason.OPTED_OUT


@pytest.mark.parametrize(
    ("age", "answer"),
    [(Age.CHILD, Reason.TOO_YOUNG), (Age.TEEN, None), (Age.GROWN, None), (Age.UNKNOWN, None)],
)
def test_a_childs_yes_counts_for_nothing_and_a_teenagers_own_does(age, answer):
    decision = ask(said_yes=BOTH, age=age)

    assert (decision.reason if isinstance(decision, Refused) else None) is answer


def test_a_known_teenager_who_said_nothing_is_left_alone_even_where_a_use_needs_nothing():
    careless = use(needs=Need.NOTHING, switches=())

    assert ask(careless, age=Age.TEEN).reason is Reason.TOO_YOUNG


def test_a_use_that_calls_itself_no_sale_is_one_all_the_same():
    """The row names no switch and needs nothing; the recipient is an ad network, and the visitor sent the signal."""
    dressed_up = use(needs=Need.NOTHING, switches=(), purpose="measure our site")

    assert ask(dressed_up, signal=True).reason is Reason.SIGNAL
    assert ask(dressed_up, said_no=frozenset({Switch.SALE})).reason is Reason.OPTED_OUT


def test_telling_others_of_a_no_is_allowed_by_that_no_alone():
    removal = use(action=Action.SHARE, needs=Need.OPT_OUT)
    withdrew = (Stand("data", "purpose:ads", granted=1, withdrew=4),)

    assert ask(removal).reason is Reason.NOT_REQUESTED
    assert ask(removal, signal=True) == Allowed("tag", "1", ())
    assert ask(removal, said_no=frozenset({Switch.ADS}), standing=withdrew).seqs == (4,)


def test_sensitive_data_that_serve_us_need_a_yes_of_their_own():
    where = {"data": frozenset({"user.location.precise"}), "said_yes": BOTH}

    assert ask(**where).reason is Reason.NOT_CHOSEN
    assert isinstance(ask(**{**where, "said_yes": BOTH | {Switch.SENSITIVE}}), Allowed)


def test_a_yes_rests_on_the_contacts_own_entries():
    standing = (Stand("data", "purpose:sale", granted=3), Stand("data", "purpose:ads", granted=4), Stand("text", "all"))

    assert ask(said_yes=BOTH, standing=standing).seqs == (3, 4)


@given(
    signal=st.booleans(),
    yes=st.frozensets(st.sampled_from(Switch)),
    no=st.frozensets(st.sampled_from(Switch)),
    age=st.sampled_from(Age),
    needs=st.sampled_from([Need.NOTHING, Need.YES]),
    kind=st.sampled_from([Kind.AD_NETWORK, Kind.COOP, Kind.THIRD_PARTY]),
)
def test_nothing_is_ever_sold_or_shared_over_a_no(signal, yes, no, age, needs, kind):
    decision = ask(use(needs=needs), recipient(kind), signal=signal, said_yes=yes, said_no=no, age=age)

    if signal or no & sales.switches(policy(use(needs=needs), recipient(kind)), use(needs=needs), (), NOON):
        assert isinstance(decision, Refused)
    if age is Age.CHILD:
        assert isinstance(decision, Refused)


@given(
    said=st.frozensets(st.sampled_from(Switch)),
    more=st.frozensets(st.sampled_from(Switch)),
    signal=st.booleans(),
    age=st.sampled_from(Age),
)
def test_a_further_no_never_allows_more(said, more, signal, age):
    before = ask(said_yes=BOTH, said_no=said, age=age)
    after = ask(said_yes=BOTH, said_no=said | more, signal=signal, age=age)

    assert isinstance(before, Allowed) or isinstance(after, Refused)


DIRECTED = {"action": Action.SHARE, "needs": Need.REQUEST, "switches": ()}


@pytest.mark.parametrize(
    ("kind", "shape", "changes", "what"),
    [
        (Kind.SERVICE_PROVIDER, {}, {}, Disclosure.SERVICE),
        (Kind.SERVICE_PROVIDER, {}, {"terms": TERMS[Kind.SERVICE_PROVIDER] - {"no-sale"}}, Disclosure.SALE),
        (Kind.SERVICE_PROVIDER, {}, {"ends": NOON}, Disclosure.SALE),
        (Kind.SERVICE_PROVIDER, {}, {"starts": NOON + timedelta(days=1)}, Disclosure.SALE),
        (Kind.SERVICE_PROVIDER, {}, {"starts": None, "ends": None}, Disclosure.SALE),
        (Kind.AD_NETWORK, {}, {}, Disclosure.SHARING),
        (Kind.COOP, {}, {}, Disclosure.SHARING),
        (Kind.THIRD_PARTY, {}, {}, Disclosure.SALE),
        (Kind.DEALER, DIRECTED, {"chosen": True}, Disclosure.DIRECTED),
        (Kind.DEALER, DIRECTED, {"chosen": False}, Disclosure.SALE),
        (Kind.DEALER, {**DIRECTED, "needs": Need.NOTHING}, {"chosen": True}, Disclosure.SALE),
    ],
)
def test_what_a_disclosure_is_follows_from_role_and_contract(kind, shape, changes, what):
    a_use = use(**shape)

    assert sales.disclosure(policy(a_use, recipient(kind, **changes)), a_use, NOON) is what


def test_what_reaches_nobody_is_none():
    assert sales.disclosure(policy(), use(to="", action=Action.COLLECT), NOON) is Disclosure.NONE


def test_the_worst_of_two_recipients_counts():
    a_use = use(action=Action.SHARE, through="carrier")
    carrier = recipient(Kind.SERVICE_PROVIDER, code="carrier")
    both = replace(policy(a_use), recipients={"them": recipient(Kind.AD_NETWORK), "carrier": carrier})

    assert sales.disclosure(both, a_use, NOON) is Disclosure.SHARING


@given(purpose=st.text(), words=st.text())
def test_no_words_change_what_it_is(purpose, words):
    a_use = use(purpose=purpose)

    assert sales.disclosure(policy(a_use, recipient(Kind.AD_NETWORK, purpose=words)), a_use, NOON) is Disclosure.SHARING


@pytest.mark.parametrize(
    ("kind", "name"), list(product([Kind.AD_NETWORK, Kind.COOP], ["user.financial", "user.location"]))
)
def test_a_network_never_gets_sensitive_data_by_a_yes_to_ads(kind, name):
    assert Switch.SENSITIVE in sales.switches(policy(to=recipient(kind)), use(), (name,), NOON)
