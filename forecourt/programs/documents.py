"""A file that somebody shows us: read whole in memory, never laid on a disk, and made harmless before it is sealed.

A photo is painted anew, which leaves behind where and with what it was taken and whatever else was hidden in it. A PDF that
brings programs, files or a password along is refused.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from PIL import Image, ImageOps

MOST = 5 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2600
PHOTOS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/SubmitForm", b"/XFA")
JPEG, PDF = "image/jpeg", "application/pdf"

WANTED = "Choose a photo (JPEG or PNG) or a PDF."
TOO_LARGE = f"That file is larger than {MOST // 1024 // 1024} MB. Take the photo again in a smaller size, or choose another file."


class BadDocument(ValueError):
    """Says what to send instead; it never repeats what was sent."""


@dataclass(frozen=True, slots=True)
class Shown:
    kind: str
    content: bytes


class InMemory(MemoryFileUploadHandler):
    """The server has bounded the request already, so nothing needs a temporary file on a disk, which a crash would leave there."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


def read(upload: UploadedFile) -> Shown:
    """What is to be sealed, or BadDocument. Neither its name nor the kind that the browser says counts for anything."""
    if (upload.size or 0) > MOST:
        raise BadDocument(TOO_LARGE)
    content = upload.read()
    if not content:
        raise BadDocument(f"That file is empty. {WANTED}")
    if content.startswith(b"%PDF-"):
        return Shown(PDF, harmless_pdf(content))
    kind = next((kind for begin, kind in PHOTOS.items() if content.startswith(begin)), "")
    if kind:
        return Shown(JPEG, painted_anew(content, kind))
    if content[4:8] == b"ftyp":
        raise BadDocument(
            "Your phone saved that photo in a form that we cannot read (HEIC). Send a screenshot of it instead."
        )
    raise BadDocument(f"That file is neither a photo nor a PDF. {WANTED}")


def painted_anew(content: bytes, kind: str) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadDocument("That photo has more points than we can read. Take it again in a smaller size.")
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except BadDocument:
        raise
    except Exception:
        # A file from a stranger: the library has a dozen ways of saying that it is no picture.
        raise BadDocument("That photo is damaged and does not open. Take it again, or choose another file.") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # On a canvas of our own, since the library carries a photo's comments along.
    canvas, painted = Image.new("RGB", upright.size), BytesIO()
    canvas.paste(upright)
    canvas.save(painted, "JPEG", quality=85)
    return painted.getvalue()


def harmless_pdf(content: bytes) -> bytes:
    if b"%%EOF" not in content[-2048:]:
        raise BadDocument("That PDF is not whole. Save it again, or send a photo of it.")
    if b"/Encrypt" in content:
        raise BadDocument("That PDF asks for a password. Save it without one, or send a photo of it.")
    if any(word in content for word in ACTIVE):
        raise BadDocument(
            "That PDF holds a program, a form or another file. Print it to a new PDF, or send a photo of it."
        )
    return content
