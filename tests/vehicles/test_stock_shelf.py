"""Cars in memory: every one once, in whatever order, and counted as one would by looking at each."""

from collections import Counter
from datetime import date, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as some

from forecourt.vehicles.stock.shelf import FACETS, SORTS, WITHIN, Entry, Question, Shelf, band, bits, cars_at
from forecourt.vehicles.stock.words import Vocabulary

DEALERS = {"duluth": 12.5, "salem": 12.5, "boise": 240.0, "hilo": 4_000.25}
VALUES = {
    "condition": ("new", "certified"),
    "line": ("pipit", "siskin"),
    "year": ("2026", "2027"),
    "power": ("gasoline", "electric"),
    "trim": ("pipit", "siskin-long-song"),
    "paint": ("rowan", "gorse", "chalk"),
    "dealer": tuple(DEALERS),
}


@some.composite
def entries(draw) -> list[Entry]:
    found = []
    for number in range(draw(some.integers(0, 40))):
        price = draw(some.sampled_from((9_990, 10_000, 14_999, 15_000, 24_900, 24_900, 31_250)))
        values = {facet: draw(some.sampled_from(those)) for facet, those in VALUES.items()} | {"price": band(price)}
        since = date(2026, 11, 1) - timedelta(days=draw(some.integers(0, 3)))
        mileage = draw(some.sampled_from((3, 99, 100, 499, 500, 31_000)))
        found.append(Entry(f"car{number:02}", f"7WNPAGA21VD{number:06}", price, mileage, since, values))
    return found


@some.composite
def questions(draw) -> Question:
    chosen = {}
    for facet in draw(some.sets(some.sampled_from(tuple(VALUES)), max_size=3)):
        chosen[facet] = tuple(draw(some.sets(some.sampled_from((*VALUES[facet], "unheard-of")), min_size=1)))
    miles = draw(some.sampled_from((None, DEALERS)))
    within = draw(some.sampled_from((None, *WITHIN))) if miles else None
    return Question(MappingProxyType(chosen), (), miles, within, draw(some.sampled_from(SORTS)))


def is_meant(entry: Entry, question: Question, but: str = "") -> bool:
    chosen = all(entry.values[facet] in those for facet, those in question.chosen.items() if facet != but)
    near = but == "within" or question.within is None or DEALERS[entry.dealer] <= question.within
    return chosen and near


def read_to_the_end(shelf: Shelf, question: Question, limit: int) -> list[str]:
    known = {entry.slug: entry for entry in shelf.entries}
    found: list[str] = []
    page = shelf.page(question, limit=limit)
    while True:
        assert page.first == len(found) + 1
        found += page.slugs
        if not page.after:
            return found
        page = shelf.page(question, known[page.after], limit)


@given(entries(), questions(), some.integers(1, 7))
def test_the_list_shows_every_car_that_is_meant_once_and_no_other(cars, question, limit):
    shelf = Shelf(cars)

    listed = read_to_the_end(shelf, question, limit)

    assert Counter(listed) == Counter(entry.slug for entry in cars if is_meant(entry, question))
    assert shelf.page(question).total == len(listed)


@given(entries(), questions())
def test_the_list_stands_in_the_order_that_was_asked_for(cars, question):
    by_slug = {entry.slug: entry for entry in cars}
    keys = {
        "price": lambda entry: entry.price,
        "price-high": lambda entry: -entry.price,
        "newest": lambda entry: -entry.since.toordinal(),
        "mileage": lambda entry: entry.mileage,
        "near": lambda entry: DEALERS[entry.dealer] if question.miles else entry.price,
    }

    found = [keys[question.sort](by_slug[slug]) for slug in read_to_the_end(Shelf(cars), question, 5)]

    assert found == sorted(found)


@given(entries(), questions())
def test_the_counts_are_those_of_looking_at_each_car(cars, question):
    shelf = Shelf(cars)

    for facet in FACETS:
        meant = Counter(entry.values[facet] for entry in cars if is_meant(entry, question, but=facet))
        assert shelf.counts(question, facet) == dict(meant)
    for most, count in shelf.counts_within(question).items():
        near = [entry for entry in cars if DEALERS[entry.dealer] <= most and is_meant(entry, question, but="within")]
        assert count == len(near)


@given(entries(), questions(), some.integers(0, 39))
def test_a_car_that_was_sold_meanwhile_still_says_where_the_list_goes_on(cars, question, which):
    if not cars:
        return
    sold = cars[which % len(cars)]
    left = [entry for entry in cars if entry is not sold]
    whole = Shelf(cars).page(question, limit=100).slugs

    rest = Shelf(left).page(question, sold, limit=100).slugs

    expected = whole[whole.index(sold.slug) + 1 :] if sold.slug in whole else rest
    assert rest == expected


@given(some.sets(some.integers(0, 3_000)))
def test_a_set_of_cars_gives_back_its_cars(places):
    assert list(bits(cars_at(sorted(places)))) == sorted(places)


def test_no_car_at_all_is_an_empty_list():
    page = Shelf([]).page(Question())

    assert (page.slugs, page.total, page.after) == ((), 0, "")


@pytest.fixture
def vocabulary() -> Vocabulary:
    def entry(number, line, paint, dealer, option):
        values = {facet: those[0] for facet, those in VALUES.items()} | {"line": line, "paint": paint, "dealer": dealer}
        vin = f"7WNPAGA21VD00{number:04}"
        return Entry(f"car{number}", vin, 20_000, 5, date(2026, 11, 1), values | {"price": "20000"}, (option,))

    shelf = Shelf(
        [entry(1, "pipit", "rowan", "duluth", "tow-bar"), entry(2, "siskin", "rowan", "boise", "heated-seats")]
    )
    names = [
        ("line", "pipit", "Pipit"), ("line", "siskin", "Siskin"), ("paint", "rowan", "Rowan"), ("option", "tow-bar", "Tow bar"),
        ("option", "heated-seats", "Heated front seats"), ("dealer", "duluth", "Wren of Duluth MN"), ("dealer", "boise", "Boise Wren ID"),
        ("line", "dunlin", "Dunlin"),
    ]  # fmt: skip
    return Vocabulary(shelf, names)


def meant(vocabulary: Vocabulary, text: str) -> list[str]:
    found = vocabulary.shelf.everything
    for word in vocabulary.read(text, passed_over=["wren"]):
        found &= word.cars
    return [entry.slug for entry in vocabulary.shelf.members(found)]


@pytest.mark.parametrize(
    ("text", "cars"),
    [
        ("pipit", ["car1"]),
        ("a rowan Pipit, please", ["car1"]),
        ("rowan", ["car1", "car2"]),
        ("heated seats", ["car2"]),
        ("heat", ["car2"]),
        ("wren in duluth mn", ["car1"]),
        ("pippit", ["car1"]),
        ("Siksin", ["car2"]),
        ("dulluth", ["car1"]),
        ("7WNPAGA21VD000002", ["car2"]),
        ("000001", ["car1"]),
        ("dunlin", []),
        ("helicopter", []),
        ("pipit heated", []),
        ("", ["car1", "car2"]),
    ],
)
def test_free_words_mean_cars_also_with_a_letter_wrong(vocabulary, text, cars):
    assert meant(vocabulary, text) == cars


def test_a_word_that_was_taken_for_another_says_so(vocabulary):
    (word,) = vocabulary.read("pippit")

    assert (word.typed, word.read_as) == ("pippit", "pipit")


@given(text=some.text(max_size=120))
def test_nothing_that_can_be_typed_breaks_the_search(text):
    shelf = Shelf([])
    assert all(word.cars == 0 for word in Vocabulary(shelf, []).read(text))
