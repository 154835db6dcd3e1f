"""The programs' files: read whole, and refused by line where something is missing that a visitor has to be told."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from forecourt.policy.problems import BrokenPack
from forecourt.programs import pack
from forecourt.programs.pack import Kind


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(settings.BRAND / pack.FOLDER, tmp_path / pack.FOLDER))


def test_the_demo_brand_has_each_kind_of_program_once():
    assert [program.kind for program in pack.programs()] == list(Kind)
    assert pack.of_kind("mobility").terms.most == Decimal(1000)
    assert [product.price for product in pack.of_kind("protection").products] == [
        Decimal(1190),
        Decimal(480),
        Decimal(620),
    ]


@pytest.mark.parametrize(
    ("file", "was", "becomes", "says"),
    [
        ("protection", 'price    = "480"', 'price    = "0"', "price is '0': write dollars"),
        ("protection", 'price    = "480"', "price    = 480", "price is 480: write dollars between quotation marks"),
        ("protection", 'price    = "480"', 'price    = "NaN"', "price is 'NaN'"),
        (
            "protection",
            'slug     = "tire-and-wheel"',
            'slug     = "service-contract"',
            "service-contract stands here twice",
        ),
        ("protection", 'slug     = "tire-and-wheel"', 'slug     = "Tire and wheel"', "use lower-case letters"),
        ("military", "decide_days = 14", "decide_days = 0", "decide_days is 0: write a whole number of days"),
        ("military", "decide_days = 14", 'decide_days = "two weeks"', "decide_days is 'two weeks'"),
        ("military", "keep_days   = 365", "keep_day    = 365", "keep_day means nothing here"),
        ("military", 'kind   = "military"', 'kind   = "naval"', "kind is 'naval': write one of military"),
        ("military", 'kind   = "military"', 'kind   = "diplomatic"', "is the diplomatic program already"),
        ("military", "order  = 1", "order  = 2", "order 2 is taken"),
        ("military", 'menu   = "Military"', 'menu   = ""', "menu is ''"),
        ("mobility", 'most        = "1000"', 'most        = "1000.5"', "most is '1000.5'"),
        ("mobility", 'title  = "Made', 'titel  = "Made', "titel means nothing here"),
        ("mobility", "order  = 3", "order  = 3 3", "this is not TOML"),
    ],
)
def test_a_broken_program_is_refused_with_file_line_and_mend(folder, file, was, becomes, says):
    path = folder / f"{file}.toml"
    source = path.read_text()
    assert was in source
    path.write_text(source.replace(was, becomes, 1))

    with pytest.raises(BrokenPack) as refused:
        pack.read(folder)

    (problem,) = [problem for problem in refused.value.problems if says in problem.says]
    assert Path(problem.path).parent == folder
    if "already" not in says and "taken" not in says:
        assert becomes in path.read_text().splitlines()[problem.line - 1]


@pytest.mark.parametrize("key", ["price", "excludes", "covers", "basis"])
def test_a_product_that_leaves_something_unsaid_is_none(folder, key):
    path = folder / "protection.toml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith(key)))

    with pytest.raises(BrokenPack) as refused:
        pack.read(folder)

    assert [key in problem.says for problem in refused.value.problems] == [True] * 3


def test_a_product_cannot_say_that_it_leaves_out_nothing(folder):
    path = folder / "protection.toml"
    path.write_text(path.read_text().replace('excludes = ["Tires,', 'excludes = [" ", "Tires,', 1))

    with pytest.raises(BrokenPack, match="excludes needs a list of words"):
        pack.read(folder)


def test_a_pack_may_have_no_programs(tmp_path):
    assert pack.read(tmp_path / "programs") == ()


def test_text_of_the_pack_brings_no_code_of_its_own(folder):
    path = folder / "military.toml"
    path.write_text(path.read_text().replace("## What you get", "<script>alert(1)</script>\n\n## What you get", 1))

    found = next(program for program in pack.read(folder) if program.kind is Kind.MILITARY)

    assert "<script" not in found.text
