"""What partners are told of a visitor's switches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.consent.gpp import GppError, decode
from forecourt.consent.gpp.of_choices import AGES, SWITCHES, string
from forecourt.policy.policy import Age, Switch

NOBODY, EVERYTHING = frozenset(), SWITCHES


def told(said_no=NOBODY, said_yes=NOBODY, gpc=False, sold_or_shared=True, age=""):
    gpp = decode(string(said_no, said_yes, gpc, sold_or_shared, age))
    assert gpp.usnat
    assert gpp.usca
    return gpp.usnat, gpp.usca


def disclosure(usnat):
    return usnat.SaleOptOut, usnat.SharingOptOut, usnat.TargetedAdvertisingOptOut


def test_the_switches_and_ages_are_the_policys():
    assert set(Switch) == SWITCHES
    assert set(Age) == set(AGES)


def test_somebody_who_said_nothing_has_opted_out_of_everything():
    usnat, usca = told()

    assert disclosure(usnat) == (1, 1, 1)
    assert (usca.SaleOptOut, usca.SharingOptOut) == (1, 1)
    assert set(usnat.SensitiveDataProcessing) == set(usca.SensitiveDataProcessing) == {1}
    assert usnat.PersonalDataConsents == usca.PersonalDataConsents == 1
    assert usnat.KnownChildSensitiveDataConsents == (0, 0, 0)
    assert (usnat.Gpc, usca.Gpc) == (False, False)


def test_every_notice_was_given():
    usnat, usca = told()

    notices = [value for section in (usnat, usca) for name, value in vars(section).items() if name.endswith("Notice")]
    assert notices == [1] * 9


@pytest.mark.parametrize(
    ("said_yes", "expected"),
    [({"sale"}, (2, 1, 1)), ({"ads"}, (1, 1, 2)), ({"sale", "ads"}, (2, 2, 2)), ({"analytics", "personal"}, (1, 1, 1))],
)
def test_a_yes_opens_what_it_was_said_to(said_yes, expected):
    assert disclosure(told(said_yes=said_yes)[0]) == expected


def test_a_yes_to_sensitive_data_is_a_consent():
    usnat, usca = told(said_yes={"sensitive"})

    assert set(usnat.SensitiveDataProcessing) == set(usca.SensitiveDataProcessing) == {2}


def test_a_no_beats_a_yes():
    assert disclosure(told(said_no={"ads"}, said_yes=EVERYTHING)[0]) == (2, 1, 1)


def test_the_browsers_signal_beats_a_yes_and_is_passed_on():
    usnat, usca = told(said_yes=EVERYTHING, gpc=True)

    assert disclosure(usnat) == (1, 1, 1)
    assert (usca.SaleOptOut, usca.SharingOptOut) == (1, 1)
    assert (usnat.Gpc, usca.Gpc) == (True, True)


def test_a_brand_that_neither_sells_nor_shares_opens_nothing_by_a_yes():
    usnat, usca = told(said_yes=EVERYTHING, sold_or_shared=False)

    assert (usnat.SaleOptOut, usnat.SharingOptOut) == (usca.SaleOptOut, usca.SharingOptOut) == (1, 1)


@pytest.mark.parametrize(
    ("age", "said_yes", "nationwide", "california"),
    [
        ("", EVERYTHING, (0, 0, 0), (0, 0)),
        ("16+", EVERYTHING, (0, 0, 0), (0, 0)),
        ("13-15", NOBODY, (1, 0, 0), (1, 1)),
        ("13-15", {"sale"}, (1, 0, 0), (2, 1)),
        ("13-15", EVERYTHING, (2, 0, 0), (2, 2)),
        ("under-13", EVERYTHING, (0, 1, 0), (1, 1)),
    ],
)
def test_children_are_told_of_by_what_the_age_screen_left(age, said_yes, nationwide, california):
    usnat, usca = told(said_yes=said_yes, age=age)

    assert usnat.KnownChildSensitiveDataConsents == nationwide
    assert usca.KnownChildSensitiveDataConsents == california


def test_a_childs_own_yes_opens_nothing():
    usnat, _ = told(said_yes=EVERYTHING, age="under-13")

    assert disclosure(usnat) == (1, 1, 1)
    assert set(usnat.SensitiveDataProcessing) == {1}


SAID = st.frozensets(st.sampled_from(sorted(SWITCHES)))


@given(SAID, SAID, st.booleans(), st.booleans(), st.sampled_from(AGES))
def test_what_nobody_allowed_is_never_told_as_allowed(said_no, said_yes, gpc, sold_or_shared, age):
    usnat, usca = told(said_no, said_yes, gpc, sold_or_shared, age)

    allowed = said_yes - said_no
    assert usnat.SaleOptOut == 1 or "sale" in allowed
    assert usnat.TargetedAdvertisingOptOut == 1 or "ads" in allowed
    assert usnat.SharingOptOut == 1 or {"sale", "ads"} <= allowed
    assert set(usnat.SensitiveDataProcessing) == {1} or "sensitive" in allowed
    assert (usnat.SaleOptOut, usnat.SharingOptOut, usnat.Gpc) == (usca.SaleOptOut, usca.SharingOptOut, usca.Gpc)
    assert 0 not in disclosure(usnat)


def test_a_switch_or_an_age_without_meaning_is_refused():
    with pytest.raises(GppError, match="No switch is called cookies"):
        told(said_no={"cookies"})
    with pytest.raises(GppError, match="The age is '12'"):
        told(age="12")
