"""Ada served; Bruno had hand controls fitted. What they show us has a mark that must be nowhere afterwards."""

from datetime import datetime
from io import BytesIO

from PIL import Image

from forecourt.people import contacts
from forecourt.programs import claims, pack
from forecourt.programs.claims import Wish
from forecourt.programs.documents import PDF, Shown
from forecourt.web import forms

MARK = b"ZEBRAFINCH-4471-DISCHARGE"


def pdf(inside: bytes = MARK) -> bytes:
    return b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\n% " + inside + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 400), **more) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "#ddeecc").save(made, kind, **more)
    return made.getvalue()


def wish(kind: str, now: datetime, *, contact: str = "ada.brightwater@post.example", nonce: str = "") -> Wish:
    program = pack.of_kind(kind)
    answers = {claims.NAME: "Ada Brightwater", claims.CHOSEN[program.kind]: program.answers[0][0]}
    if kind == "mobility":
        answers |= {claims.AMOUNT: "640.00", claims.STREET: "9 Teasel Row\nDuluth, MN 55802"}
    nonce = nonce or forms.new_nonce("program", now)
    shown = Shown(PDF, pdf()) if program.is_shown_proof else None
    return Wish(program, contacts.read(contact), answers, shown, forms.read_nonce("program", nonce, now).id)
