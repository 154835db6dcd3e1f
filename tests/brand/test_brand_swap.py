"""Another folder is another brand's site."""

import html
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from forecourt.consent import policies
from forecourt.dealers.models import Dealer, Loading
from forecourt.policy.problems import BrokenPack
from forecourt.run import load_brand
from forecourt.run.commands.brand import command
from forecourt.vehicles import catalogue
from forecourt.web import style

WREN = Path(__file__).parent.parent.parent / "brands" / "wren"
PLOVER = Path(__file__).parent.parent / "brands" / "plover"


@pytest.fixture
def plover(db, settings, at):
    settings.BRAND = PLOVER
    policies.book.cache_clear()
    said = []
    load_brand.load(at.now, say=said.append)
    yield said
    policies.book.cache_clear()


def read(client, address):
    return html.unescape(client.get(address).content.decode())


def test_the_pages_wear_the_other_brands_name_and_owner(plover, client):
    page = read(client, "/dealers/")

    assert "Plover" in page
    assert "Wren" not in page
    assert "Plover Carriage Works, LLC" in page
    assert "7 Tidepool Road" in page
    assert "privacy@plover.example" in page


def test_the_other_brands_dealers_are_found_and_no_others(plover, client):
    page = read(client, "/dealers/?place=97103")

    assert [name in page for name in ("Plover of Astoria", "Plover of Boise", "Plover of Honolulu")] == [True] * 3
    assert Dealer.objects.count() == 3


def test_the_other_brands_colors_are_served(plover):
    assert b"#7a2d6b" in style.assets()["site.css"].body


def test_the_other_brands_cars_are_the_only_ones(plover):
    assert [line.name for line in catalogue.lines()] == ["Dotterel"]


def test_loading_says_what_it_did_and_the_second_time_that_nothing_is_new(plover, at):
    again = []

    load_brand.load(at.now, say=again.append)

    assert any("3 dealers" in line for line in plover)
    assert any("3 dealers, nothing new" in line for line in again)
    assert Loading.objects.count() == 1


def test_swapping_back_retires_the_other_brands_dealers(plover, settings, at):
    settings.BRAND = WREN

    load_brand.load(at.now, say=lambda line: None)

    assert Dealer.objects.filter(active=True).count() == 166
    assert list(Dealer.objects.filter(active=False).values_list("slug", flat=True).order_by("slug")) == [
        "astoria",
        "boise",
        "honolulu",
    ]


def test_a_pack_that_is_broken_anywhere_is_refused_before_anything_is_written(db, settings, tmp_path, at):
    settings.BRAND = tmp_path

    with pytest.raises(BrokenPack) as broken:
        load_brand.load(at.now, say=lambda line: None)

    named = {Path(problem.path).name for problem in broken.value.problems}
    assert {"brand.toml", "dealers.csv", "theme.toml", "policy", "vehicles"} <= named
    assert Loading.objects.count() == 0


@pytest.mark.parametrize(
    "file",
    [
        "brand.toml",
        "theme/theme.toml",
        "policy/2026-01-01/policy.md",
        "policy/2026-01-01/uses.toml",
        "vehicles/dotterel.toml",
        "dealers.csv",
        "pages/about.md",
    ],
)
def test_whatever_file_of_a_pack_is_broken_is_named_with_its_line_in_the_same_words(tmp_path, at, file):
    pack = shutil.copytree(PLOVER, tmp_path / "plover")
    (pack / "pages").mkdir()
    (pack / file).write_bytes(b"one\ntwo \xff\n")

    with pytest.raises(BrokenPack) as broken:
        load_brand.check(pack, at.now)

    assert f"{pack / file}:2: this is not UTF-8; save the file as UTF-8" in map(str, broken.value.problems)


@pytest.mark.parametrize("folder", [WREN, PLOVER], ids=["wren", "plover"])
def test_the_command_finds_nothing_to_mend_in_our_packs(folder):
    answer = CliRunner().invoke(command, ["check", str(folder)])

    assert answer.exit_code == 0, answer.output
    assert "Nothing to mend" in answer.output


def test_the_command_lists_what_to_mend_and_fails(tmp_path):
    (tmp_path / "brand.toml").write_text('[brand]\nname = "Robin"\n')

    answer = CliRunner().invoke(command, ["check", str(tmp_path)])

    assert answer.exit_code == 1
    assert f"{tmp_path}/brand.toml:1: [brand] legal_name is missing: add legal_name = …" in answer.output
    assert "things to mend in" in answer.output


def test_the_command_wants_a_folder(tmp_path):
    answer = CliRunner().invoke(command, ["check", str(tmp_path / "none")])

    assert answer.exit_code == 1
    assert "is no folder" in answer.output
