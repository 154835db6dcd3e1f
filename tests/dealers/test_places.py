import pytest
import zipcodes
from hypothesis import given, settings
from hypothesis import strategies as some

from forecourt.dealers import places
from forecourt.dealers.places import NoPlace, find


def test_a_zip_code_is_where_its_post_office_delivers():
    assert find("55802") == places.Place("Duluth, MN 55802", 46.7685, -92.0865)


@pytest.mark.parametrize("typed", ["55802-1234", "558021234", "55802 1234", "  55802 ", "55802 - 1234", "５５８０２"])
def test_a_zip_code_may_be_written_as_people_write_it(typed):
    assert find(typed) == find("55802")


@pytest.mark.parametrize("typed", ["duluth, mn", "Duluth MN", "DULUTH, Minnesota", " Duluth ,  MN ", "Duluth, M.N."])
def test_a_city_may_be_written_as_people_write_it(typed):
    assert find(typed).label == "Duluth, MN"


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("St. Louis, MO", "Saint Louis, MO"),
        ("coeur d’alene id", "Coeur D Alene, ID"),
        ("winston-salem nc", "Winston Salem, NC"),
        ("New York", "New York, NY"),
        ("NYC", "New York, NY"),
        ("washington d.c.", "Washington, DC"),
        ("kansas city, kansas", "Kansas City, KS"),
        ("Charleston West Virginia", "Charleston, WV"),
    ],
)
def test_cities_are_known_by_what_they_are_called(typed, label):
    assert find(typed).label == label


@pytest.mark.parametrize("typed", ["1", "5580", "558023", "55802-12", "12345-67890", "5 5 8 0 2", "--5", "٥٥٨٠٢"])
def test_digits_that_are_no_zip_code_are_answered_with_how_one_looks(typed):
    with pytest.raises(NoPlace, match="five digits, such as 55802"):
        find(typed)


@pytest.mark.parametrize("typed", ["00000", "99999", "55899-0000"])
def test_an_unknown_zip_code_says_so_and_offers_another_way(typed):
    with pytest.raises(NoPlace, match=r"no ZIP code .*city and state"):
        find(typed)


@pytest.mark.parametrize("typed", ["09012", "96201", "34002", "09905"])
def test_a_military_zip_code_is_named_as_what_it_is(typed):
    with pytest.raises(NoPlace, match=r"military or diplomatic post office.*nearest to where you would drive"):
        find(typed)


def test_a_post_office_without_a_place_of_its_own_stands_in_its_city():
    row = zipcodes.filter_by(state="DC", lat="0", long="0")[0]
    city = find(f"{row['city']}, DC")

    found = find(row["zip_code"])

    assert (found.latitude, found.longitude) == (city.latitude, city.longitude)


def test_no_zip_code_at_all_is_placed_at_zero():
    nowhere = [row["zip_code"] for row in zipcodes.list_all() if not places.has_place(row)]

    placed = []
    for code in nowhere:
        try:
            placed.append(find(code))
        except NoPlace:
            continue

    assert len(nowhere) > 800
    assert all(abs(place.latitude) > 1 for place in placed)


def test_a_city_that_many_states_have_is_answered_with_a_choice():
    with pytest.raises(NoPlace, match="Add yours") as said:
        find("Springfield")

    assert "Springfield, IL" in said.value.choices
    assert all(find(choice).label == choice for choice in said.value.choices)


def test_a_city_in_the_wrong_state_is_answered_with_the_right_ones():
    with pytest.raises(NoPlace, match="no Springfield in Alaska") as said:
        find("Springfield, AK")

    assert "Springfield, IL" in said.value.choices


def test_a_city_that_nobody_knows_is_answered_with_its_own_name():
    with pytest.raises(NoPlace, match="no place called Nowherest in Texas"):
        find("Nowherest, TX")


@pytest.mark.parametrize(
    "typed", ["", "  ", "Harbor Wren", "Minnesota", "West Virginia", "LA", ",", "MN", "’; DROP TABLE"]
)
def test_words_that_name_no_place_are_left_to_the_search_by_name(typed):
    assert find(typed) is None


@settings(max_examples=300, deadline=None)
@given(some.text(max_size=90) | some.from_regex(r"[\d\s-]{1,14}", fullmatch=True))
def test_whatever_is_typed_gets_a_place_or_a_sentence(typed):
    try:
        found, said = find(typed), ""
    except NoPlace as error:
        found, said = None, error.sentence

    assert not said or said.endswith((".", "?"))
    assert found is None or (found.latitude and found.longitude)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Duluht, MN", "Duluth, MN"),
        ("San Fransisco, California", "San Francisco, CA"),
        ("Minneapolos MN", "Minneapolis, MN"),
    ],
)
def test_a_slip_in_a_citys_name_offers_the_city(typed, meant):
    with pytest.raises(NoPlace, match="Did you mean one of these") as told:
        find(typed)

    assert meant in told.value.choices
    assert find(meant)
