"""What is taken away of a build: one sheet with every part and price on it, and a picture."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from forecourt.vehicles import catalogue, drawing, options
from forecourt.vehicles.builds import sheets
from forecourt.vehicles.builds.wishes import Wishes, title
from forecourt.vehicles.options import picture
from forecourt.vehicles.options.ranges import Part, Price

pytestmark = pytest.mark.usefixtures("at")
PLOVER = Path(__file__).parent.parent / "brands" / "plover"
BUILD = "gorse.roof-white.winter-pack"


def sheet(build=BUILD, slug="siskin", state="MN", **more) -> sheets.Sheet:
    line, compiled = catalogue.line(slug), options.of_line(slug)
    car = Wishes.read(compiled, build).standing.car
    made = sheets.Sheet(
        line=line,
        title=title(compiled.range, car),
        image=picture.image(line, compiled.range, car),
        price=compiled.range.price(car, state, date(2026, 12, 1)),
        weeks=8,
        state=state,
        address=f"https://wren.example/build/{slug}/?b={build}",
        on=date(2026, 12, 1),
    )
    return replace(made, **more)


def parts(*names: str) -> Price:
    option = options.of_line("siskin").range.extras[0]
    return Price(tuple(Part(replace(option, name=name), Decimal(at * 10)) for at, name in enumerate(names, 1)))


def pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def said(pdf: bytes) -> str:
    """In one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_a_sheet_is_one_page_with_every_part_the_sum_its_basis_and_the_day():
    made = sheet()
    text = said(sheets.printed(made))

    assert pages(sheets.printed(made)) == 1
    for part in made.price.parts:
        assert part.option.name in text
    assert "2027 Siskin in Gorse" in text
    assert "$25,940" in text
    assert "Prices of December 1, 2026 in Minnesota. Ready in about 8 weeks." in text
    assert "before the $995 delivery charge" in text
    assert "wren.example/build/siskin/?b=gorse" in text


def test_the_same_car_on_the_same_day_is_the_same_sheet():
    assert sheets.printed(sheet()) == sheets.printed(sheet())


@pytest.mark.parametrize(
    ("names", "sheets_of_it"),
    [
        (["Seat"], 1),
        (["A name that goes on and on " * 6] * 12, 1),
        (["Donaudampfschifffahrtsgesellschaftskapitän" * 3] * 4, 1),
        ([f"Option {at}" for at in range(60)], 1),
        ([f"Option {at}" for at in range(110)], 2),
    ],
)
def test_long_names_and_many_parts_get_smaller_letters_before_further_sheets(names, sheets_of_it):
    pdf = sheets.printed(sheet(price=parts(*names)))

    assert pages(pdf) == sheets_of_it
    assert said(pdf).count(names[-1].split()[0][:20]) >= len(names)


def test_letters_that_the_face_has_not_are_written_with_those_that_it_has():
    text = said(sheets.printed(sheet(price=parts("Şaşkın\u00a0kırlangıç", "Ω‑pack", "雀"))))

    assert "Saskın kırlangıç".translate({ord("ı"): "?", ord("ç"): "ç"}) in text
    assert "?-pack" in text


def test_an_address_that_no_phone_reads_off_paper_gets_no_code_and_its_link_stays_whole():
    address = "https://wren.example/build/siskin/?b=" + "gorse." * 300

    pdf = sheets.printed(sheet(address=address))

    [link] = PdfReader(io.BytesIO(pdf)).pages[0].annotations
    assert link.get_object()["/A"]["/URI"] == address
    assert pages(pdf) == 1


def test_another_brands_sheet_wears_its_colors_and_name(settings):
    made = sheet()
    settings.BRAND = PLOVER

    text = said(sheets.printed(made))

    assert text.startswith("Plover")
    assert "Wren" not in text


def test_the_addresses_answer_with_a_sheet_and_a_picture_and_set_no_cookie(client, db):
    for name, kind, begins in (("sheet.pdf", "application/pdf", b"%PDF"), ("car.png", "image/png", b"\x89PNG")):
        answer = client.get(f"/build/siskin/{name}", {"b": BUILD, "state": "MN"})
        assert answer["Content-Type"] == kind
        assert answer.content.startswith(begins)
        assert f'filename="wren-siskin.{name[-3:]}"' in answer["Content-Disposition"]
        assert not answer.cookies
        assert client.get(f"/build/dunlin/{name}").status_code == 404
        assert client.get(f"/build/siskin/{name}", {"b": "<.~.\x00"}).status_code == 200


def test_the_picture_is_the_car_in_its_paint(client, db):
    image = Image.open(io.BytesIO(client.get("/build/siskin/car.png", {"b": "gorse"}).content)).convert("RGBA")

    assert image.width == drawing.IMAGE_WIDTH
    assert image.getpixel((2, 2))[3] == 0
    small = image.resize((80, 32))
    seen = [small.getpixel((x, y)) for x in range(80) for y in range(32)]
    assert any(red > 200 and green > 140 and blue < 90 and solid > 250 for red, green, blue, solid in seen)
