"""One car on one sheet of US Letter: the drawing, every part with its price, the sum with what it holds, and the way back to it.

Set in the brand's own face, which is cut to what its pages need: what it cannot write is written with the letters that it has.
"""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

from forecourt.dealers.places import STATES
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.options.ranges import Part, Price
from forecourt.web import style
from forecourt.web.brand import brand
from forecourt.web.templatetags.web import money

EDGE, GAP = 18.0, 9.0  # millimetres, as all that follows
BAND = 78.0  # the drawing's
FOOT = 58.0  # the sum, the words under it and the code
FACE = "Face"
PLAIN, STRONG = 400.0, 750.0
SIZES = (10.0, 9.0, 8.0, 7.0, 6.2)  # points, of which the largest that fits is taken
LEADING = 0.52  # millimetres a point
SCANS = 600  # a longer address makes a code that phones do not read off paper


@dataclass(frozen=True, slots=True)
class Sheet:
    """`address` is the whole one, with the site's name; `image` a PNG."""

    line: Line
    title: str
    image: bytes
    price: Price
    weeks: int
    state: str
    address: str
    on: date


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    price: str
    lines: int


def printed(sheet: Sheet) -> bytes:
    return Printer(sheet).whole()


class Printer:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.look = style.theme()
        face = self.look.folder / self.look.font["file"]
        self.letters = letters_of(face)
        self.pdf = FPDF(format="letter", unit="mm")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.set_creation_date(datetime.combine(sheet.on, time.min, UTC))
        self.pdf.add_font(FACE, fname=face, variations={"": {"wght": PLAIN}, "B": {"wght": STRONG}})
        self.pdf.set_title(self.settable(f"{sheet.line.year} {sheet.title}"))
        self.pdf.set_author(self.settable(brand().legal_name))
        self.pdf.set_lang("en-US")
        self.width = self.pdf.w - 2 * EDGE

    def whole(self) -> bytes:
        self.pdf.add_page()
        top = self.head()
        self.parts(top)
        self.foot()
        return bytes(self.pdf.output())

    def head(self) -> float:
        pdf, sheet = self.pdf, self.sheet
        self.fill("tint")
        pdf.rect(0, 0, pdf.w, 40 + BAND, style="F")
        self.write(EDGE, 13, brand().name, 15, "sign", strong=True)
        self.write(EDGE, 14, self.day(sheet.on), 9, "quiet", align="R")
        size = next((each for each in (30.0, 24.0, 19.0, 15.0) if self.wide(self.heading, each) <= self.width), 12.0)
        self.write(EDGE, 23, self.heading, size, "ink", strong=True)
        self.write(EDGE, 23 + size * 0.46, sheet.line.sentence, 10, "quiet")
        pdf.image(io.BytesIO(sheet.image), x=EDGE, y=42, w=self.width, h=BAND - 6, keep_aspect_ratio=True)
        return 40 + BAND + 8

    @property
    def heading(self) -> str:
        return f"{self.sheet.line.year} {self.sheet.title}"

    def parts(self, top: float) -> None:
        """In two columns as large as fits, in three where there are many, and on further sheets where there are hundreds."""
        bottom = self.pdf.h - FOOT
        for columns in (2, 3):
            for size in SIZES:
                entries = self.entries(columns, size)
                height = self.balanced(entries, columns, size)
                if height <= bottom - top:
                    self.columns(entries, columns, size, top, top + height)
                    return
        left = entries
        while left:
            left = self.columns(left, columns, size, top, bottom)
            if left:
                self.pdf.add_page()
                top = EDGE

    def entries(self, columns: int, size: float) -> list[Entry]:
        self.face(size)
        room = self.column(columns) - max(self.pdf.get_string_width(self.cost(part)) for part in self.made_of) - 3
        return [
            Entry(name, self.cost(part), self.lines(name, room))
            for part in self.made_of
            for name in [self.settable(part.option.name)]
        ]

    @property
    def made_of(self) -> Sequence[Part]:
        return self.sheet.price.parts

    def lines(self, text: str, room: float) -> int:
        if self.pdf.get_string_width(text) <= room:
            return 1
        wrapped = self.pdf.multi_cell(room, text=text, align="L", dry_run=True, output=MethodReturnValue.LINES)
        return len(wrapped) if isinstance(wrapped, list) else 1

    def balanced(self, entries: Sequence[Entry], columns: int, size: float) -> float:
        """The least height of which this many columns hold all."""
        heights = [self.height(entry, size) for entry in entries]
        height = max(max(heights), sum(heights) / columns)
        while self.needed(heights, height) > columns:
            height += size * LEADING
        return height

    @staticmethod
    def needed(heights: Sequence[float], limit: float) -> int:
        columns, filled = 1, 0.0
        for each in heights:
            if filled + each > limit + 0.01:
                columns, filled = columns + 1, 0.0
            filled += each
        return columns

    def columns(self, entries: Sequence[Entry], columns: int, size: float, top: float, bottom: float) -> list[Entry]:
        """What did not fit."""
        width, at, y = self.column(columns), 0, top
        for place, entry in enumerate(entries):
            height = self.height(entry, size)
            if y + height > bottom + 0.01:
                at, y = at + 1, top
                if at == columns:
                    return list(entries[place:])
            self.entry(entry, EDGE + at * (width + GAP), y, width, size)
            y += height
        return []

    def entry(self, entry: Entry, x: float, y: float, width: float, size: float) -> None:
        pdf = self.pdf
        self.face(size)
        self.ink("ink")
        leading = size * LEADING
        room = width - pdf.get_string_width(entry.price) - 3
        pdf.set_xy(x, y + leading * 0.3)
        pdf.multi_cell(
            room if entry.lines > 1 else width, leading, entry.name, align="L", new_x=XPos.LEFT, new_y=YPos.TOP
        )
        self.ink("quiet" if entry.price == INCLUDED else "ink")
        pdf.set_xy(x, y + leading * 0.3)
        pdf.cell(width, leading, entry.price, align="R")
        pdf.set_draw_color(self.look.light["rule"])
        pdf.set_line_width(0.15)
        pdf.line(x, y + self.height(entry, size), x + width, y + self.height(entry, size))

    def height(self, entry: Entry, size: float) -> float:
        return (entry.lines + (0.65 if size >= 8 else 0.35)) * size * LEADING

    def column(self, columns: int) -> float:
        return (self.width - (columns - 1) * GAP) / columns

    def foot(self) -> None:
        pdf, sheet = self.pdf, self.sheet
        top = pdf.h - FOOT + 6
        code = self.code(pdf.w - EDGE - 30, top)
        room = self.width - (30 + GAP if code else 0)
        self.write(EDGE, top - 1, money(sheet.price.total), 26, "ink", strong=True)
        where = f" in {STATES[sheet.state]}" if sheet.state else ""
        said = f"Prices of {self.day(sheet.on)}{where}. Ready in about {sheet.weeks} weeks."
        self.write(EDGE, top + 11, said, 9, "ink")
        pdf.set_xy(EDGE, top + 17)
        self.face(7.5)
        self.ink("quiet")
        words = f"{sheet.line.price_basis} {sheet.line.disclaimer} {brand().trademark}"
        pdf.multi_cell(room, 3.9, self.settable(words), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self.ink("sign")
        pdf.set_xy(EDGE, pdf.get_y() + 1.5)
        pdf.cell(room, 4, self.settable(self.shortened(room)), link=sheet.address)

    def shortened(self, room: float) -> str:
        """The address without its scheme, cut where the line ends: the link under it, and the code, have all of it."""
        text = self.sheet.address.partition("://")[2]
        if self.pdf.get_string_width(text) <= room:
            return text
        while text and self.pdf.get_string_width(f"{text}…") > room:
            text = text[:-1]
        return f"{text}…"

    def code(self, x: float, y: float) -> bool:
        """The address for a phone's camera, as squares: one path, no image."""
        if len(self.sheet.address) > SCANS:
            return False
        made = segno.make(self.sheet.address, error="l", micro=False)
        rows = list(made.matrix)
        side = 30 / len(rows)
        self.fill("ink")
        for number, row in enumerate(rows):
            edges = [at for at, (one, other) in enumerate(pairwise((0, *row, 0))) if one != other]
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                self.pdf.rect(x + start * side, y + number * side, (end - start) * side, side, style="F")
        return True

    def write(
        self, x: float, y: float, text: str, size: float, color: str, *, strong: bool = False, align: str = "L"
    ) -> None:
        self.face(size, strong=strong)
        self.ink(color)
        self.pdf.set_xy(x, y)
        self.pdf.cell(self.width, size * 0.42, self.settable(text), align=align)

    def wide(self, text: str, size: float) -> float:
        self.face(size, strong=True)
        return self.pdf.get_string_width(self.settable(text))

    def face(self, size: float, *, strong: bool = False) -> None:
        self.pdf.set_font(FACE, "B" if strong else "", size)

    def ink(self, color: str) -> None:
        self.pdf.set_text_color(self.look.light[color])

    def fill(self, color: str) -> None:
        self.pdf.set_fill_color(self.look.light[color])

    def settable(self, text: str) -> str:
        return "".join(self.letter(each) for each in text)

    def letter(self, letter: str) -> str:
        if letter in self.letters:
            return letter
        if letter in DASHES or letter.isspace():
            return "-" if letter in DASHES else " "
        plainer = "".join(each for each in unicodedata.normalize("NFKD", letter) if each in self.letters)
        return plainer or ("" if unicodedata.combining(letter) else "?")

    @staticmethod
    def cost(part: Part) -> str:
        return INCLUDED if part.price is None else money(part.price) if part.price else NO_COST

    @staticmethod
    def day(on: date) -> str:
        return f"{on:%B} {on.day}, {on.year}"


INCLUDED = "included"
NO_COST = money(Decimal(0))
DASHES = "\u2010\u2011\u2012\u2015"


@lru_cache(maxsize=4)
def letters_of(face: Path) -> frozenset[str]:
    with TTFont(face) as font:
        return frozenset(map(chr, font.getBestCmap()))
