"""The notice for California, made from a version's uses and the law's own kinds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecourt.policy import book, california
from forecourt.policy.policy import Action, Need
from forecourt.policy.sales import OUTSIDE, disclosure

NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
PACKS = ("brands/wren/policy", "tests/brands/plover/policy")


@pytest.fixture(params=PACKS)
def policy(request):
    return book.load(Path(request.param)).in_force(NOW)


def test_every_kind_of_data_is_in_one_kind_of_the_law(policy):
    told = california.categories(policy, NOW)

    named = [data for one in told for data in one.data]
    assert sorted(named) == sorted({data for use in policy.uses.values() for data in use.data})


def test_every_purpose_and_every_length_is_told(policy):
    told = california.categories(policy, NOW)

    for use in policy.uses.values():
        about = [one for one in told if set(one.data) & set(use.data)]
        if use.action in california.COLLECTING:
            assert all(california.Kept(use.purpose, use.keep) in one.collected for one in about)
        else:
            assert all(use.purpose in one.used for one in about)


def test_what_is_sold_follows_from_who_gets_it_and_not_from_words(policy):
    told = california.categories(policy, NOW)

    for one in told:
        uses = [use for use in policy.uses.values() if set(use.data) & set(one.data)]
        assert one.is_sold == any(disclosure(policy, use, NOW) in OUTSIDE for use in uses)


def test_telling_a_network_of_a_no_is_no_sale():
    policy = book.load(Path(PACKS[0])).in_force(NOW)
    told = {one.name: one for one in california.categories(policy, NOW)}
    removals = [use.purpose for use in policy.uses.values() if use.needs is Need.OPT_OUT]

    assert not any(given.what in OUTSIDE for one in told.values() for given in one.given if given.purpose in removals)
    assert not told["Other personal information"].is_sold
    assert told["Identifiers"].is_shared


def test_the_closest_name_counts():
    assert california.category_of("user.behavior.purchase_history", NOW) == "Commercial information"
    assert california.category_of("user.behavior.browsing_history", NOW) == "Internet or other network activity"
    assert california.category_of("vehicle.vin", NOW) == "Identifiers"
    assert california.category_of("vehicle.mileage", NOW) == "Commercial information"
    assert california.category_of("user.content.private", NOW) == "Other personal information"
    with pytest.raises(LookupError, match="add it to california_categories"):
        california.category_of("weather", NOW)


def test_what_the_browser_brings_is_told_apart_from_what_people_type():
    policy = book.load(Path(PACKS[0])).in_force(NOW)
    told = {one.name: one for one in california.categories(policy, NOW)}

    assert told["Internet or other network activity"].is_from_browsers
    assert not told["Internet or other network activity"].is_from_people
    assert told["Identifiers"].is_from_people
    assert Action.COLLECT in california.COLLECTING
