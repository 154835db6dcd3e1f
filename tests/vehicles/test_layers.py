"""A brand that has rendered cars: images that lie on each other, checked when the pack is loaded."""

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles import catalogue, options, previews
from forecourt.vehicles.drawing import View

PLOVER = Path(__file__).parent.parent / "brands" / "plover"
LAYERS = """
[layers]
size  = [40, 18]
usual = { wheels = "plain-14" }
[layers.order]
side = ["shadow", "paint", "wheels"]
rear = ["shadow", "paint"]
"""
OPTIONS = """
[[family]]
slug = "trim"
name = "Version"
[[family.option]]
slug  = "dotterel"
name  = "Dotterel"
price = "19900"

[[family]]
slug = "wheels"
name = "Wheels"
[[family.option]]
slug  = "plain-14"
name  = "14-inch Plain"
price = "0"
[[family.option]]
slug  = "plain-15"
name  = "15-inch Plain"
price = "300"
"""
IMAGES = (
    "side/shadow.png",
    "side/plum.webp",
    "side/plum.png",
    "side/plain-14.webp",
    "side/plain-15.webp",
    "rear/shadow.png",
    "rear/plum.webp",
)


@pytest.fixture
def plover(tmp_path) -> Path:
    """The brand Plover with rendered cars, which are tiny."""
    brand = Path(shutil.copytree(PLOVER, tmp_path / "plover"))
    file = brand / "vehicles" / "dotterel.toml"
    file.write_text(re.sub(r"\[drawing\]\n(.+\n)+", LAYERS.lstrip(), file.read_text()))
    (brand / "vehicles" / "options").mkdir()
    (brand / "vehicles" / "options" / "dotterel.toml").write_text("weeks = 8\n" + OPTIONS)
    for name in IMAGES:
        image(brand / "vehicles" / "pictures" / "dotterel" / name)
    return brand


def image(path: Path, size: tuple[int, int] = (40, 18)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGBA", size, (120, 40, 100, 90)).save(path)


def stack(drawn: str) -> list[str]:
    return re.findall(r'<img src="/models/dotterel/([\w/-]+\.\w+)\?\w{12}" alt="" width="40" height="18"', drawn)


def test_a_view_is_its_images_from_the_ground_up(plover):
    (line,) = catalogue.read(plover / "vehicles")

    drawn = line.draw(label="A Dotterel in Plum")

    assert line.views == (View.SIDE, View.REAR)
    assert stack(drawn) == ["side/shadow.png", "side/plum.png", "side/plain-14.webp"]
    assert re.search(r'<picture><source srcset="/models/dotterel/side/plum\.webp\?\w+" type="image/webp"><img', drawn)
    assert 'role="img" aria-label="A Dotterel in Plum"' in drawn
    assert stack(line.draw("rear")) == ["rear/shadow.png", "rear/plum.webp"]
    assert 'aria-hidden="true"' in line.draw("rear")


def test_a_build_shows_the_images_of_its_options(plover):
    (line,) = catalogue.read(plover / "vehicles")
    found = options.read(plover / "vehicles")["dotterel"].range
    car = {**found.defaults, "wheels": "plain-15"}

    drawn = options.picture.drawn(line, found, car, View.SIDE, key="build")

    assert stack(drawn) == ["side/shadow.png", "side/plum.png", "side/plain-15.webp"]


def test_a_picture_to_take_away_is_all_layers_in_one(plover):
    (line,) = catalogue.read(plover / "vehicles")
    found = options.read(plover / "vehicles")["dotterel"].range

    with Image.open(BytesIO(options.picture.image(line, found, found.defaults))) as taken:
        assert (taken.format, taken.size) == ("PNG", (40, 18))
        assert taken.getchannel("A").getpixel((5, 5)) > 90  # one layer alone lets more through


def test_a_preview_beside_a_link_shows_the_rendered_car(plover, settings):
    settings.BRAND = plover
    (line,) = catalogue.read(plover / "vehicles")

    assert line.svg("preview").startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 18"><image ')
    with Image.open(BytesIO(previews.png("dotterel-2027"))) as preview:
        red, green, blue = preview.convert("RGB").getpixel((preview.width // 2, 350))
    assert red > green < blue  # the images are plum, and the theme has no such color


def test_images_are_served_by_name_and_kept(plover, settings, client, db):
    settings.BRAND = plover

    answer = client.get("/models/dotterel/side/plum.webp")

    assert answer["Content-Type"] == "image/webp"
    assert answer.content == (plover / "vehicles/pictures/dotterel/side/plum.webp").read_bytes()
    assert "immutable" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("name", ["side/gold.webp", "top/plum.webp", "rear/plum.png", "side/plum.svg"])
def test_no_other_file_is_served(plover, settings, client, db, name):
    settings.BRAND = plover

    assert client.get(f"/models/dotterel/{name}").status_code == 404


@pytest.mark.parametrize("name", ["side/shadow.png", "side/plain-14.webp", "rear/plum.webp"])
def test_a_missing_image_is_refused_with_its_name_and_the_mend(plover, name):
    (plover / "vehicles/pictures/dotterel" / name).unlink()

    says = rf"pictures/dotterel/{name.split('.')[0]}\.webp or \.png is missing: add it, or take \w+ out of the order"
    with pytest.raises(BrokenPack, match=says):
        catalogue.read(plover / "vehicles")


def test_each_option_of_a_family_that_has_a_layer_needs_an_image(plover):
    (plover / "vehicles/pictures/dotterel/side/plain-15.webp").unlink()

    catalogue.read(plover / "vehicles")  # a car as it comes can be shown
    with pytest.raises(BrokenPack, match=r"options/dotterel\.toml:\d+: pictures/dotterel/side/plain-15\.webp or \.png"):
        options.read(plover / "vehicles")


def test_an_image_of_another_size_or_none_at_all_is_refused(plover):
    image(plover / "vehicles/pictures/dotterel/side/plum.png", (41, 18))
    (plover / "vehicles/pictures/dotterel/rear/shadow.png").write_text("not an image")

    with pytest.raises(BrokenPack) as refused:
        catalogue.read(plover / "vehicles")
    assert "side/plum.png is 41 by 18 pixels: make it 40 by 18" in str(refused.value)
    assert "rear/shadow.png is no PNG image: save it as one" in str(refused.value)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("[40, 18]", "40", "size is 40: write width and height in pixels"),
        ('{ wheels = "plain-14" }', '"plain-14"', "usual is 'plain-14': write a family’s usual option"),
        ('["shadow", "paint", "wheels"]', "[]", "order needs each view’s layers"),
        ("side = ", "above = ", r"views is \['above', 'rear'\]: write a list of side, front, rear, inside"),
        ("[layers]", "[drawing]\nviews = []\n[layers]", r"a line has \[drawing\] or \[layers\], not both"),
        ("size  = ", "sise = ", "sise means nothing here"),
    ],
)
def test_a_broken_table_of_layers_is_refused_with_the_mend(plover, was, becomes, says):
    path = plover / "vehicles" / "dotterel.toml"
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, becomes, 1))

    with pytest.raises(BrokenPack, match=says):
        catalogue.read(plover / "vehicles")
