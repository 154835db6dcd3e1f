"""The look holds its promises: contrast by day and by night, a broken theme told by line, little to fetch."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from forecourt.policy.problems import BrokenPack
from forecourt.web import style

TEXT, LARGE = 4.5, 3.0
PAIRS = [
    *((text, ground, TEXT) for text in ("ink", "quiet", "sign", "alarm") for ground in ("paper", "raised", "tint")),
    ("ink", "alarm-tint", TEXT),
    ("alarm", "alarm-tint", TEXT),
    ("on-sign", "sign", TEXT),
    ("on-accent", "accent", TEXT),
    ("raised", "alarm", TEXT),  # the stop button
    ("paper", "ink", TEXT),  # `your browser now`
    ("control", "paper", LARGE),
    ("control", "raised", LARGE),
]


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_pair_of_colors_can_be_read(mode, front, back, least):
    colors = getattr(style.theme(), mode)

    assert contrast(colors[front], colors[back]) >= least


@pytest.fixture
def pack(tmp_path) -> Path:
    return Path(shutil.copytree(settings.BRAND / "theme", tmp_path / "theme"))


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("#0b5a49", "spruce", "[light] sign is 'spruce': write six hex digits"),
        ("[dark]", "[dark]\nglow = '#ffffff'", "[dark] glow is no color that the pages use"),
        ('"besley.woff2"', '"gone.woff2"', "[font] file names 'gone.woff2', which is not in"),
        ('"Besley"', '"}body{"', "[font] family is '}body{'"),
        ("[light]", "[light", "this is not TOML"),
    ],
)
def test_a_broken_theme_is_refused_with_its_line(pack, was, becomes, says):
    path = pack / "theme.toml"
    source = path.read_text().replace(was, becomes, 1)
    path.write_text(source)

    with pytest.raises(BrokenPack) as refused:
        style.read_theme(pack)

    (problem,) = refused.value.problems
    assert says in problem.says
    changed = becomes.strip("\"'").splitlines()[-1]
    assert changed.strip("\"'") in source.splitlines()[problem.line - 1]


def test_everything_wrong_in_a_theme_is_told_at_once(pack):
    path = pack / "theme.toml"
    path.write_text(re.sub(r"^(paper|ink) .*\n", "", path.read_text(), flags=re.M))

    with pytest.raises(BrokenPack) as refused:
        style.read_theme(pack)

    assert [problem.says.split(":")[0] for problem in refused.value.problems] == [
        f"[{mode}] {name} is missing" for mode in ("light", "dark") for name in ("ink", "paper")
    ]


def test_the_font_and_the_styles_are_small():
    assets = style.assets()

    assert len(assets["besley.woff2"].body) <= 25_000
    assert len(gzip.compress(assets["site.css"].body)) <= 10_000


def test_every_style_is_in_the_bundle_and_every_component_has_one():
    files = {path.stem for path in style.SOURCES.glob("*.css")}

    assert files == {part for parts in style.SHEETS.values() for part in parts}


def test_the_styles_name_only_properties_that_the_theme_or_they_define():
    css = style.assets()["console.css"].body.decode()

    assert set(re.findall(r"var\((--[\w-]+)", css)) - set(re.findall(r"(--[\w-]+):", css)) == set()


def test_an_asset_is_kept_for_ever_under_its_hash_and_never_under_an_old_one(client):
    sheet = style.assets()["site.css"]

    kept = client.get(sheet.href)
    old = client.get(sheet.href.replace(sheet.digest, "0123456789ab"))
    zipped = client.get(sheet.href, headers={"Accept-Encoding": "br, gzip"})

    assert kept.content == sheet.body
    assert "immutable" in kept["Cache-Control"]
    assert old["Cache-Control"] == "no-cache"
    assert gzip.decompress(zipped.content) == sheet.body
    assert client.get("/style/0123456789ab/other.css").status_code == 404
