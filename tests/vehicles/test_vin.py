import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forecourt.vehicles.recalls import vin

LETTERS = "".join(vin.VALUES)
PUBLISHED = "11111111111111111"  # the usual example: all ones have the check digit 1

vins = st.builds(
    lambda first, year, last: vin.with_check_digit(first + "0" + year + last),
    st.text(LETTERS, min_size=8, max_size=8),
    st.sampled_from(vin.YEARS),
    st.text(LETTERS, min_size=7, max_size=7),
)


def other_than(right: str) -> st.SearchStrategy[tuple[int, str]]:
    return st.tuples(st.integers(0, 16), st.sampled_from(LETTERS)).filter(lambda it: right[it[0]] != it[1])


def replaced(text: str, place: int, by: str) -> str:
    return text[:place] + by + text[place + 1 :]


@pytest.mark.parametrize(("known", "digit"), [(PUBLISHED, "1"), ("1M8GDM9AXKP042788", "X")])
def test_the_check_digit_is_that_of_the_regulation(known, digit):
    assert vin.check_digit(known) == digit


def test_values_and_weights_are_those_of_the_regulation():
    assert [vin.VALUES[each] for each in "ABCDEFGHJKLMNPRSTUVWXYZ"] == [
        1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9,
    ]  # fmt: skip
    assert vin.WEIGHTS == (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


@given(vins)
def test_a_vin_with_its_check_digit_has_no_problem(right):
    assert vin.problem_of(right) is None
    assert vin.suggestion(right) is None


@given(st.data())
def test_one_wrong_character_is_found_wherever_its_value_differs(data):
    right = data.draw(vins)
    place, by = data.draw(other_than(right))
    assume(place == vin.CHECK or vin.VALUES[by] != vin.VALUES[right[place]])

    assert vin.problem_of(replaced(right, place, by))


@given(st.data())
def test_what_the_ninth_would_have_to_be_makes_it_right(data):
    right = data.draw(vins)
    place, by = data.draw(other_than(right))
    wrong = replaced(right, place, by)
    says = vin.problem_of(wrong) or ""
    assume("have to be" in says)

    digit = says.split("have to be ")[1][0]
    assert vin.problem_of(replaced(wrong, vin.CHECK, digit)) is None


@given(st.data())
def test_a_usual_slip_is_among_the_guesses_and_each_guess_fits(data):
    right = data.draw(vins)
    place = data.draw(st.integers(0, 16))
    pair = data.draw(st.sampled_from([pair for pair in vin.ALIKE if right[place] in pair] or ["--"]))
    assume(pair != "--")
    wrong = replaced(right, place, pair.replace(right[place], ""))
    assume(vin.check_digit(wrong) != wrong[vin.CHECK])

    found = [guess.vin for guess in vin.guesses(wrong)]

    assert right in found
    assert all(vin.check_digit(each) == each[vin.CHECK] for each in found)


@given(vins, st.integers(0, 15))
def test_neighbors_that_were_swapped_are_found(right, place):
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assume(vin.check_digit(wrong) != wrong[vin.CHECK])

    assert right in [guess.vin for guess in vin.guesses(wrong)]


@given(vins, st.sampled_from("IOQ"), st.integers(0, 16))
def test_letters_that_no_vin_has_are_named_with_the_digit_that_they_were(right, letter, place):
    digit = vin.NEVER[letter]
    right = vin.with_check_digit(replaced(right, place, digit)) if place != vin.CHECK else right
    assume(right[place] == digit and right[vin.YEAR] in vin.YEARS)

    says = vin.problem_of(replaced(right, place, letter))

    assert says == f"Character {place + 1} is the letter {letter}, which no VIN has. It is probably the digit {digit}."
    assert vin.suggestion(replaced(right, place, letter)) == right


@given(st.text())
def test_whatever_is_typed_gets_an_answer(typed):
    says = vin.problem_of(typed)

    assert says is None or says.endswith(".")
    assert (meant := vin.suggestion(typed)) is None or vin.problem_of(meant) is None


@pytest.mark.parametrize(
    "typed",
    [
        "1m8gdm9axkp042788",
        " 1M8G DM9A XKP0 42788 ",
        "1M8-GDM9A-X-KP042788",
        "*1M8GDM9AXKP042788*",
        "VIN: 1M8GDM9AXKP042788",
        "VIN #1M8GDM9AXKP042788",
        "１Ｍ８ＧＤＭ９ＡＸＫＰ０４２７８８",
        "1M8GDM9A\u200bXKP042788\n",
    ],
)
def test_what_plates_papers_and_people_put_between_does_not_matter(typed):
    assert vin.normal(typed) == "1M8GDM9AXKP042788"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type the 17 letters and digits of the VIN."),
        (" - ", "Type the 17 letters and digits of the VIN."),
        ("1M8GDM9AXKP04278", "A VIN has 17 characters, and this one has 16: 1 character too few."),
        ("1M8GDM9AXKP0427889", "A VIN has 17 characters, and this one has 18: 1 character too many."),
        ("1M8GDM9AX", "A VIN has 17 characters, and this one has 9: 8 characters too few."),
        ("1M8GDM9AX?P042788", "Character 10 is ?. A VIN has only the letters A to Z, without I, O and Q, and digits."),
        ("1M8GDM9AXUP042788", "Character 10 tells the model year, and U stands for none. Look at it again."),
    ],
)
def test_what_is_wrong_is_said_so_that_it_can_be_mended(typed, says):
    assert vin.problem_of(typed) == says


def test_a_wrong_character_is_explained():
    assert vin.problem_of("1M8GDM9AXKP042783") == (
        "One character is not as it is on the car. The ninth checks the others: it is X, and by the other sixteen it would "
        "have to be 0. It would fit if character 3 is 6, not 8, or if character 4 is 9, not G, or if character 17 is 8, not 3."
    )


@pytest.mark.parametrize(
    ("seventh", "code", "year"),
    [
        ("9", "K", 1989),
        ("A", "K", 2019),
        ("A", "T", 2026),
        ("A", "V", 2027),
        ("1", "Y", 2000),
        ("1", "9", 2009),
        ("A", "9", 2039),
    ],
)
def test_the_seventh_and_tenth_characters_tell_the_model_year(seventh, code, year):
    assert vin.model_year(f"1M8GDM{seventh}AX{code}P042788") == year


def test_every_letter_but_three_may_stand_in_a_vin():
    assert set(string.ascii_uppercase + string.digits) - set(LETTERS) == set("IOQ")
