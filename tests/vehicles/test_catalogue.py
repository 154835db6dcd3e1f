"""Model lines: read from the pack, refused by line when broken, shown from one record."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from lxml import etree

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles import catalogue
from forecourt.vehicles.drawing import View

LINES = catalogue.lines()


@pytest.fixture
def pack(tmp_path) -> Path:
    return Path(shutil.copytree(settings.BRAND / "vehicles", tmp_path / "vehicles"))


def test_the_demo_brand_has_five_lines_one_of_them_open_and_one_outgoing():
    assert [line.slug for line in LINES] == ["siskin", "pipit", "linnet", "avocet", "dunlin"]
    assert {line.power for line in LINES} == set(catalogue.Power)
    assert [line.slug for line in LINES if not line.is_current] == ["dunlin"]
    assert catalogue.bookable() == LINES[:4]
    assert catalogue.line("avocet") is LINES[3]
    assert catalogue.line("ostrich") is None


def test_earlier_years_stand_behind_the_newest_of_their_line():
    assert [line.full_name for line in catalogue.previous()] == ["2026 Siskin", "2026 Pipit", "2026 Avocet"]
    assert [line.year for line in catalogue.editions("pipit")] == [2027, 2026]
    assert catalogue.edition("pipit", 2027) is catalogue.line("pipit")
    assert catalogue.edition("pipit", 1999) is None
    assert not any(line.is_current for line in catalogue.previous())


def test_prices_are_exact_dollars():
    assert catalogue.line("siskin").starts_at == Decimal(24900)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (
            'price = "26150"',
            "price = 26150.10",
            'price is 26150.1: write a number from 0.01 to 1000000 between quotation marks, such as "24900"',
        ),
        ('price = "26150"', 'price = "NaN"', "price is 'NaN'"),
        ('power    = "gasoline"', 'power = "steam"', "power is 'steam': write one of electric, gasoline"),
        ("year     = 2027", 'year = "2027"', "year is '2027': write a whole number"),
        ('color = "#f2b51c"', 'color = "url(#x)"', "color is 'url(#x)': write six hex digits"),
        ('wheel      = "five"', 'wheel = "six"', "wheel is 'six': write one of disc, fan, five"),
        ('sentence = "The', 'sentense = "The', "sentense means nothing here"),
        ('unit  = "lb"', 'unit  = ""', "unit is ''"),
        ("order    = 2", "order = 2 2", "this is not TOML"),
    ],
)
def test_a_broken_line_is_refused_with_file_line_and_mend(pack, was, becomes, says):
    path = pack / "pipit.toml"
    source = path.read_text()
    assert was in source
    path.write_text(source.replace(was, becomes, 1))

    with pytest.raises(BrokenPack) as refused:
        catalogue.read(pack)

    (problem,) = [problem for problem in refused.value.problems if says in problem.says]
    assert problem.path == str(path)
    assert becomes in path.read_text().splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    ("file", "was", "becomes", "says"),
    [
        ("pipit.toml", '"current"', '"previous"', "such as 2027/pipit.toml"),
        ("2026/pipit.toml", '"previous"', '"current"', "a file in the folder of its year needs 'previous'"),
        ("2026/pipit.toml", "= 2026", "= 2025", "year is 2025 in the folder 2026: make them agree"),
        ("pipit.toml", "= 2027", "= 2026", "year is 2026, and pipit.toml is of 2026: the newest stands there"),
        ("2026/pipit.toml", '"22900"', '"many"', "price is 'many'"),
    ],
)
def test_a_broken_edition_is_refused_with_file_and_mend(pack, file, was, becomes, says):
    path = pack / file
    source = path.read_text()
    assert was in source
    path.write_text(source.replace(was, becomes, 1))

    with pytest.raises(BrokenPack) as refused:
        catalogue.read(pack)

    assert [problem for problem in refused.value.problems if says in problem.says]


def test_an_earlier_year_needs_its_line(pack):
    (pack / "pipit.toml").unlink()

    with pytest.raises(BrokenPack, match=r"there is no pipit\.toml above this folder"):
        catalogue.read(pack)


def test_two_lines_cannot_stand_in_the_same_place(pack):
    path = pack / "pipit.toml"
    path.write_text(path.read_text().replace("order    = 2", "order = 1"))

    with pytest.raises(BrokenPack, match=r"order 1 is taken by pipit\.toml"):
        catalogue.read(pack)


def test_a_line_without_a_drawing_is_refused(pack):
    (pack / "drawings" / "pipit-side.svg").unlink()

    with pytest.raises(BrokenPack, match=r"pipit-side\.svg is missing: draw the car"):
        catalogue.read(pack)


def test_a_pack_without_lines_says_what_to_add(tmp_path):
    with pytest.raises(BrokenPack, match="there is no model line"):
        catalogue.read(tmp_path)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_a_drawing_takes_every_paint_and_asks_for_no_inline_style(line):
    for paint in line.paints:
        drawn = line.draw(paint=paint.slug, label="A car")
        tree = etree.fromstring(drawn)

        assert f'fill="{paint.color}"' in drawn
        assert not tree.xpath("//@style")
        assert tree.get("aria-label") == "A car"
        names = [str(name) for name in tree.xpath("//@id")]
        assert len(names) == len(set(names))
        used = {str(name).removeprefix("#") for name in tree.xpath("//@href")} | set(
            re.findall(r"url\(#([\w-]+)\)", drawn)
        )
        assert used <= set(names)


def test_two_cars_on_one_page_do_not_share_names():
    one, other = (set(re.findall(r'id="([^"]+)"', line.draw())) for line in LINES[:2])

    assert one & other == set()


def test_a_paint_that_a_line_does_not_have_becomes_its_first():
    assert LINES[0].painted("tartan") == LINES[0].paints[0]


def test_only_colors_get_into_a_drawing():
    with pytest.raises(ValueError, match="six hex digits"):
        LINES[0].drawing.draw(View.SIDE, {"paint": '#000000"/><script>'}, {}, key="car")
