from math import acos, cos, isclose, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from forecourt.dealers.hours import Timetable
from forecourt.dealers.locator import EARTH, Entry, Network, UnknownCursor
from forecourt.dealers.places import Place

SERVICES = ("sales", "service", "test-drive")
LATITUDES = some.floats(-89, 89).map(lambda number: round(number, 3))
LONGITUDES = some.floats(-180, 180).map(lambda number: round(number, 3))
PLACES = some.builds(Place, some.just("here"), LATITUDES, LONGITUDES)
# Few distinct spots, so that many dealers share one and ties are common.
SPOTS = some.lists(some.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=4)


def make_entry(slug="harbor", name="Harbor Wren", city="Duluth", state="MN", at=(46.77, -92.09), services=SERVICES):
    return Entry(
        slug=slug,
        name=name,
        street="1 Mill Road",
        city=city,
        state=state,
        postal_code="55802",
        phone="+12185550142",
        latitude=at[0],
        longitude=at[1],
        services=frozenset(services),
        timetable=Timetable("America/Chicago", {}),
    )


@some.composite
def networks(draw):
    spots = draw(SPOTS)
    slugs = draw(some.lists(some.from_regex(r"[a-z]{1,4}", fullmatch=True), unique=True, min_size=1, max_size=30))
    return Network(
        make_entry(slug, at=draw(some.sampled_from(spots)), services=draw(some.sets(some.sampled_from(SERVICES))))
        for slug in slugs
    )


def read_all(ask, limit):
    found, after = [], ""
    for _ in range(100):
        page = ask(after=after, limit=limit)
        assert page.first == len(found) + 1 or not page.found
        found += page.found
        after = page.after
        if not after:
            return found
    raise AssertionError("The list does not end.")


@settings(max_examples=150, deadline=None)
@given(networks(), PLACES, some.sets(some.sampled_from(SERVICES), max_size=2), some.integers(1, 7))
def test_show_more_gives_every_dealer_once_nearest_first(network, place, services, limit):
    found = read_all(lambda **page: network.near(place, services, **page), limit)

    wanted = {dealer.slug for dealer in network.dealers if services <= dealer.services}
    assert sorted(one.dealer.slug for one in found) == sorted(wanted)
    assert [(one.miles, one.dealer.slug) for one in found] == sorted((one.miles, one.dealer.slug) for one in found)


@settings(max_examples=60, deadline=None)
@given(networks(), PLACES, some.randoms())
def test_the_same_question_has_the_same_answer_however_the_rows_came(network, place, dice):
    shuffled = list(network.dealers)
    dice.shuffle(shuffled)

    assert Network(shuffled).near(place, limit=30) == network.near(place, limit=30)


@settings(max_examples=100, deadline=None)
@given(PLACES, PLACES)
def test_distances_are_great_circles(here, there):
    (found,) = Network([make_entry(at=(there.latitude, there.longitude))]).near(here).found

    a, b = radians(here.latitude), radians(there.latitude)
    cosine = sin(a) * sin(b) + cos(a) * cos(b) * cos(radians(here.longitude - there.longitude))
    expected = EARTH * acos(max(-1.0, min(1.0, cosine)))
    assert isclose(found.miles, expected, rel_tol=1e-6, abs_tol=0.2)


def test_duluth_to_minneapolis_is_about_138_miles():
    (found,) = Network([make_entry(at=(44.9778, -93.2650))]).near(Place("Duluth", 46.7867, -92.1005)).found

    assert round(found.miles) == 137 or round(found.miles) == 138


def test_a_dealer_at_the_very_place_is_at_no_distance():
    (found,) = Network([make_entry(at=(46.77, -92.09))]).near(Place("here", 46.77, -92.09)).found

    assert found.miles == 0


def test_a_cursor_that_the_list_does_not_hold_is_refused():
    with pytest.raises(UnknownCursor):
        Network([make_entry()]).near(Place("here", 1, 1), after="gone")


def test_an_empty_network_answers_with_an_empty_page():
    page = Network([]).near(Place("here", 1, 1))

    assert (page.found, page.total, page.after) == ((), 0, "")


@pytest.mark.parametrize("words", ["harbor", "Harbor duluth", "HARB", "minnesota", "mn", "zoe ohara", "Zoë O’Hara"])
def test_a_dealer_is_found_by_words_of_its_name_city_or_state(words):
    network = Network([make_entry(name="Zoë O’Hara’s Harbor Wren"), make_entry("other", "Quarry", "Omaha", "NE")])

    assert [one.dealer.slug for one in network.named(words).found] == ["harbor"]


@pytest.mark.parametrize("words", ["", "  ", "’", "bor", "harbor omaha", "ha"])
def test_words_that_fit_nobody_find_nobody(words):
    assert Network([make_entry()]).named(words).total == 0


def test_the_search_by_name_pages_too():
    network = Network([make_entry(f"d{number}") for number in range(9)])

    found = read_all(lambda **page: network.named("wren", **page), 4)

    assert [one.dealer.slug for one in found] == [f"d{number}" for number in range(9)]
