"""The drawn cars: every view has its layers, takes every color, and asks nobody for anything."""

import gzip
import re
import shutil
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest
import resvg_py
from django.conf import settings
from lxml import etree
from PIL import Image, ImageChops, ImageFilter

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles import catalogue, drawing, options
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.drawing import View

LINES = catalogue.lines()
SEEN = [(line, view) for line in LINES for view in line.views]
NAMES = [f"{line.slug}-{view}" for line, view in SEEN]
OUTSIDE = {"car-shadow", "car-body", "car-roof", "car-glass", "car-trim", "car-lights", "car-wheels", "car-caps"}
INSIDE = {"car-outside", "car-shell", "car-dash", "car-body", "car-steering", "car-seats", "car-light"}
CABIN = {"car-seats", "car-cabin", "car-inside", "car-doors", "car-dash", "car-console", "car-trim"}
# Of each part that is colored: colors that no line has, and the layers that they may change.
PARTS = {
    "paint": ({"paint": "#d81b8c", "shade": "#4a0630"}, {"car-body"}),
    "roof": ({"roof": "#d81b8c"}, {"car-roof"}),
    "caps": ({"caps": "#d81b8c"}, {"car-caps"}),
    "stripe": ({"stripe": "#d81b8c"}, {"car-trim"}),
    "rims": ({"rim_light": "#d81b8c", "rim_dark": "#4a0630"}, {"car-wheels"}),
    "seat": ({"seat": "#d81b8c", "seat_shade": "#4a0630", "accent": "#30d81b", "dash": "#1b30d8"}, CABIN),
}


@pytest.fixture
def pack(tmp_path) -> Path:
    return Path(shutil.copytree(settings.BRAND / "vehicles", tmp_path / "vehicles"))


def draw(line: Line, view: View, **look: str) -> str:
    return line.drawing.draw(view, {**line.paints[0].look, **look}, {}, key="car", label="A car")


def picture(drawn: str) -> Image.Image:
    return Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=drawn, width=200)))).convert("RGBA")


def ground(drawn: str, layers: Iterable[str]) -> Image.Image:
    """Black where any of these layers reaches."""
    tree = etree.fromstring(drawn)
    covers = " or ".join(f'@class="{layer}"' for layer in layers)
    for one in tree.xpath(f"//*[starts-with(@class, 'car-') and not({covers}) and not(.//*[{covers}])]"):
        one.getparent().remove(one)
    alpha = picture(etree.tostring(tree, encoding="unicode")).getchannel("A").point(lambda value: 255 * (value > 0))
    return alpha.filter(ImageFilter.MaxFilter(3))


def changed(one: str, other: str) -> Image.Image:
    difference = ImageChops.difference(picture(one), picture(other))
    return difference.convert("RGB").convert("L").point(lambda value: 255 * (value > 3))


def area(mask: Image.Image) -> int:
    return mask.histogram()[255]


@pytest.mark.parametrize(("line", "view"), SEEN, ids=NAMES)
def test_a_view_has_its_layers_and_says_what_it_is(line, view):
    tree = etree.fromstring(draw(line, view))

    layers = {str(name) for name in tree.xpath("//@class")}
    assert (INSIDE if view is View.INSIDE else OUTSIDE) <= layers
    assert (tree.get("role"), tree.get("aria-label")) == ("img", "A car")


@pytest.mark.parametrize(("line", "view"), SEEN, ids=NAMES)
def test_a_view_runs_nothing_and_asks_nobody(line, view):
    drawn = draw(line, view)
    tree = etree.fromstring(drawn)

    assert {etree.QName(one).localname for one in tree.iter()} <= {
        "svg", "defs", "g", "use", "path", "circle", "ellipse", "rect", "clipPath", "filter", "feGaussianBlur",
        "linearGradient", "radialGradient", "stop",
    }  # fmt: skip
    attributes = {etree.QName(name).localname for one in tree.iter() for name in one.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src")}
    names = [str(name) for name in tree.xpath("//@id")]
    assert len(names) == len(set(names))
    assert {str(name) for name in tree.xpath("//@href")} <= {f"#{name}" for name in names}
    assert set(re.findall(r"url\(([^)]*)\)", drawn)) <= {f"#{name}" for name in names}


@pytest.mark.parametrize(("line", "view"), SEEN, ids=NAMES)
def test_a_view_is_small(line, view):
    drawn = draw(line, view).encode()

    assert len(drawn) < 21_000
    assert len(gzip.compress(drawn)) < 9_000


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_a_color_changes_its_own_part_of_the_picture_and_nothing_else(line, part):
    look, layers = PARTS[part]

    assert changes(line, look, layers) > 20


@pytest.mark.parametrize(("part", "layers"), [("wheel", {"car-wheels"}), ("seats", {"car-seats"})])
@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_other_wheels_or_seats_show_and_change_nothing_else(line, part, layers):
    others = set(drawing.shapes(line.drawing.folder, part)) - {line.drawing.look[part]}

    assert all(changes(line, {part: shape}, layers) > 20 for shape in others)


def changes(line: Line, look: dict[str, str], layers: set[str]) -> int:
    """The largest area that changes in any view; none may change beyond these layers."""
    largest = 0
    for view in line.views:
        before, after = draw(line, view), draw(line, view, **look)
        if before != after:
            difference = changed(before, after)
            may = ImageChops.lighter(ground(before, layers), ground(after, layers))
            assert area(ImageChops.subtract(difference, may)) == 0, view
            largest = max(largest, area(difference))
    return largest


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_paint_covers_a_good_part_of_the_car_from_everywhere_outside(line):
    for view in set(line.views) - {View.INSIDE}:
        before, after = draw(line, view), draw(line, view, **PARTS["paint"][0])

        assert area(changed(before, after)) > 0.3 * area(ground(before, {"car-body"})) > 1000, view


@pytest.mark.parametrize("slug", options.lines())
def test_no_two_options_of_a_family_that_is_drawn_look_the_same(slug):
    for family in options.of_line(slug).range.families:
        if family.slug in ("paint", "roof", "caps", "stripes", "wheels", "interior"):
            looks = [tuple(sorted(option.look.items())) for option in family.options]
            assert len(set(looks)) == len(looks), family.name


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('views      = ["side", "front", "rear", "inside"]', "", "views is None: write a list of side, front, rear"),
        ('["side", "front", "rear", "inside"]', '["front"]', r"views is \['front'\]: write a list"),
        ('["side", "front", "rear", "inside"]', '["side", "top"]', r"views is \['side', 'top'\]"),
        ('["side", "front", "rear", "inside"]', '["side", "rear", "inside"]', "views leaves out front, and drawings/"),
        ('seats      = "plain"', 'seats = "bench"', "seats is 'bench': write one of plain, quilted, ribbed, sport"),
        ("seat_shade = ", "seat_shadow = ", "seat_shadow means nothing here"),
        ("dash       = ", "# ", r"drawings/pipit-inside\.svg asks for \$dash: give dash in \[drawing\]"),
    ],
)
def test_a_line_says_which_views_it_has_or_is_refused_with_the_mend(pack, was, becomes, says):
    path = pack / "pipit.toml"
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, becomes, 1))

    with pytest.raises(BrokenPack, match=says):
        catalogue.read(pack)


@pytest.mark.parametrize(
    ("file", "becomes", "says"),
    [
        ("pipit-rear.svg", None, r"pipit-rear\.svg is missing: draw it, or take rear out of views"),
        ("shared-inside.svg", None, r"shared-inside\.svg is missing: draw it, or take inside out of views"),
        ("pipit-front.svg", "<svg><path></svg>", r"pipit-front\.svg is not well-formed XML"),
        ("pipit-front.svg", '<svg fill="$pain"/>', r"pipit-front\.svg asks for \$pain"),
        ("pipit-front.svg", '<svg fill="$ 3"/>', r"pipit-front\.svg: Invalid placeholder"),
    ],
)
def test_a_view_that_cannot_be_drawn_is_refused_with_file_and_mend(pack, file, becomes, says):
    path = pack / "drawings" / file
    path.unlink() if becomes is None else path.write_text(becomes)

    with pytest.raises(BrokenPack, match=says):
        catalogue.read(pack)
