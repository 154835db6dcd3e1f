"""Files from strangers: made harmless, or refused in a sentence that says what to send instead."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from forecourt.programs import documents
from tests.programs.sending import MARK, pdf, photo


def read(content: bytes, name: str = "proof.jpg") -> documents.Shown:
    return documents.read(SimpleUploadedFile(name, content, content_type="image/jpeg"))


def test_a_photo_is_painted_anew_and_leaves_everything_else_behind():
    place = Image.Exif()
    place[0x9286] = MARK.decode()
    place[0x0112] = 6
    taken = photo(size=(400, 200), exif=place.tobytes(), comment=MARK) + b"<?php " + MARK
    assert taken.count(MARK) >= 2

    shown = read(taken)

    assert shown.kind == "image/jpeg"
    assert MARK not in shown.content
    with Image.open(BytesIO(shown.content)) as image:
        assert image.size == (200, 400), "turned as it was taken"
        assert not image.getexif()


def test_a_png_becomes_a_photo_and_a_large_one_is_made_smaller():
    shown = read(photo("PNG", (6000, 3000)))

    with Image.open(BytesIO(shown.content)) as image:
        assert (image.format, image.size) == ("JPEG", (2600, 1300))


def test_a_pdf_stays_as_it_is():
    assert read(pdf(), "x.exe").content == pdf()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 a program", "neither a photo nor a PDF"),
        (b"<svg onload=alert(1)>", "neither a photo nor a PDF"),
        (b"<html>hello</html>", "neither a photo nor a PDF"),
        (b"GIF89a;", "neither a photo nor a PDF"),
        (b"PK\x03\x04 a zip", "neither a photo nor a PDF"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"\xff\xd8\xff\xe0 and nothing more", "damaged"),
        (photo()[:400], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + photo(), "damaged"),
        (b"%PDF-1.7 cut off", "not whole"),
        (pdf(b"<</Encrypt 3 0 R>>"), "password"),
        (pdf(b"<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"), "holds a program"),
        (pdf(b"<</Type/EmbeddedFile>>"), "holds a program"),
        (pdf(b"<</S/Launch/F(cmd.exe)>>"), "holds a program"),
        (b"%PDF-" + b"x" * documents.MOST, "larger than 5 MB"),
    ],
)
def test_what_is_no_proof_is_refused_in_a_sentence(content, says):
    with pytest.raises(documents.BadDocument, match=says) as refused:
        read(content)

    assert MARK.decode() not in str(refused.value)


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(documents, "MOST_PIXELS", 1_000_000)
    bomb = photo("PNG", (2000, 1000))
    monkeypatch.setattr(Image.Image, "convert", lambda *args: pytest.fail("it was unpacked"))

    with pytest.raises(documents.BadDocument, match="more points"):
        read(bomb)


@given(
    st.one_of(st.just(b""), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4\n"])),
    st.binary(max_size=2000),
)
def test_whatever_the_bytes_they_are_read_or_refused_in_a_sentence(begin, rest):
    try:
        said = read(begin + rest).kind
    except documents.BadDocument as refused:
        said = str(refused)
    assert said in ("image/jpeg", "application/pdf") or said.endswith(".")
