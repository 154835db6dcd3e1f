"""Options of the brand pack: read, refused by line when broken, priced as the sum of their parts."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles import options
from forecourt.vehicles.options.checks import begun

TODAY = date(2026, 12, 1)


@pytest.fixture
def pack(tmp_path) -> Path:
    return Path(shutil.copytree(settings.BRAND / "vehicles", tmp_path / "vehicles"))


def test_the_demo_brand_has_a_few_hundred_options_and_rules():
    found = [options.of_line(slug) for slug in options.lines()]

    assert options.lines() == ["avocet", "linnet", "pipit", "siskin"]
    assert options.of_line("dunlin") is None
    assert 300 < sum(len(each.range.options) + len(each.range.problem.constraints) for each in found) < 600


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (
            'requires = ["siskin-long-song"]',
            'requires = ["siskin-longsong"]',
            ":35: battery-54 names siskin-longsong, which is no option of this file",
        ),
        ('excludes = ["siskin-long-song"]', 'excludes = ["battery-42"]', "battery-42 names itself"),
        ('slug     = "gorse"', 'slug     = "chalk"', "chalk is there twice"),
        ('slug     = "gorse"', 'slug     = "Gorse!"', "slug is 'Gorse!': use lower-case letters"),
        ('price    = "27650"', "price    = 27650", "price is 27650: write dollars between quotation marks"),
        ('price    = "27650"', 'price    = "27650.999"', "write dollars between quotation marks"),
        ('price    = "27650"', 'price    = "27999"', "Siskin Long Song costs 27999 here and 27650 in siskin.toml"),
        ('name     = "42 kWh, 196 miles"', 'name     = ""', "battery-42: name is ''"),
        ('wheel = "disc"', 'wheel = "round"', "there is no wheel round; drawn are disc, fan, five"),
        ('paint = "#f2b51c"', 'paint = "yellow"', "paint is 'yellow': write six hex digits"),
        ("weeks = 8", 'weeks = "8"', "weeks is '8': write a whole number of weeks"),
        ("weeks = 8", "weeks = 8\nweeeks = 2", "weeeks means nothing here"),
        ('states = ["MN"', 'state = ["MN"', "state means nothing in a price"),
        ("from = 2026-11-01", 'from = "soon"', "from is 'soon': write a day without quotation marks"),
        (
            'text     = "Everything that a city asks for."\nprice    = "24900"',
            'text = "Nothing."',
            "siskin can be ordered where no price of its counts",
        ),
        (
            'excludes = ["siskin-long-song"]',
            'requires = ["siskin-long-song"]\nexcludes = ["siskin-long-song"]',
            "42 kWh, 196 miles needs Siskin Long Song (line 29); 42 kWh, 196 miles does not go with Siskin Long Song (line 29)",
        ),
        (
            'options = ["gorse", "roof-white", "rear-camera"]',
            'options = ["chalk", "roof-white"]',
            "the popular build town cannot be ordered",
        ),
        (
            'options = ["gorse", "roof-white", "rear-camera"]',
            'options = ["mauve"]',
            "town names mauve, which is no option",
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_line_and_the_mend(pack, was, becomes, says):
    path = pack / "options" / "siskin.toml"
    source = path.read_text()
    assert was in source
    path.write_text(source.replace(was, becomes, 1))

    with pytest.raises(BrokenPack) as refused:
        options.read(pack)
    assert says in str(refused.value), str(refused.value)
    assert str(path) in str(refused.value)


def test_options_of_a_line_that_is_not_built_any_more_are_refused(pack):
    shutil.copy(pack / "options" / "siskin.toml", pack / "options" / "dunlin.toml")

    with pytest.raises(BrokenPack, match="there is no current line"):
        options.read(pack)


def build(*slugs, line="siskin"):
    found = options.of_line(line)
    wanted = {found.range.options[slug].variable: found.range.options[slug].value for slug in slugs}
    return found.range, found.diagram.complete(wanted, [found.range.defaults])


def costs(range_, choice, slug, state="MN", on=TODAY):
    return next(part.price for part in range_.price(choice, state, on).parts if part.option.slug == slug)


def test_what_a_pack_includes_comes_with_it_and_costs_nothing():
    siskin, car = build("winter-pack")

    assert {"heated-seats", "rubber-mats"} <= siskin.has(car)
    assert costs(siskin, car, "heated-seats") is None


@pytest.mark.parametrize(
    ("state", "on", "price"),
    [
        ("MN", date(2026, 12, 1), 690),
        ("TX", date(2026, 12, 1), 750),
        ("TX", date(2027, 2, 28), 750),
        ("TX", date(2027, 3, 1), 850),
        ("", date(2026, 10, 31), 850),
    ],
)
def test_a_price_goes_by_state_and_day(state, on, price):
    siskin, car = build("winter-pack")

    assert costs(siskin, car, "winter-pack", state, on) == price


def test_a_price_goes_by_what_else_the_car_has():
    small, paint = build("spruce")
    large, same_paint = build("spruce", "siskin-long-song")

    assert costs(small, paint, "spruce") == 450
    assert costs(large, same_paint, "spruce") == 0


def test_delivery_takes_as_long_as_its_slowest_option():
    siskin, plain = build("siskin")
    _, with_glass = build("roof-glass")

    assert siskin.delivery(plain) == (8, ())
    weeks, because = siskin.delivery(with_glass)
    assert (weeks, [each.slug for each in because]) == (10, ["roof-glass"])


@given(some.sampled_from(options.lines()), some.data())
@how(max_examples=60, deadline=None)
def test_any_car_that_can_be_ordered_costs_the_sum_of_its_parts_wherever_and_whenever(slug, data):
    found = options.of_line(slug)
    wanted = {}
    for _ in range(data.draw(some.integers(0, 8))):
        can = found.diagram.possible(wanted)
        name = data.draw(some.sampled_from(sorted(can)))
        wanted[name] = data.draw(some.sampled_from(sorted(can[name])))
    car = found.diagram.complete(wanted, [found.range.defaults])
    state = data.draw(some.sampled_from(["", "MN", "CA", "TX"]))
    on = data.draw(some.dates(date(2026, 1, 1), date(2028, 1, 1)))

    price = found.range.price(car, state, on)

    assert found.diagram.allows(car)
    assert found.range.problem.allows(car)
    assert {part.option.slug for part in price.parts} == found.range.has(car)
    assert price.total == sum((part.price or Decimal(0)) for part in price.parts)
    assert price.total >= min(option.prices[-1].price for option in found.range.families[0].options)


def test_every_popular_start_is_a_car():
    for slug in options.lines():
        found = options.of_line(slug)
        for start in found.range.starts:
            car = begun(found.range, found.diagram, start)
            assert found.diagram.allows(car)
            assert set(start.options) <= found.range.has(car)
        assert len(found.range.starts) >= 3
