"""The picture that others show beside a link to a model: the drawn car with its name, as a PNG that is made once and kept."""

import hashlib
import re
import tempfile
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import resvg_py
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from forecourt.vehicles import catalogue
from forecourt.vehicles.catalogue import Line
from forecourt.web import style
from forecourt.web.brand import brand

WIDTH, HEIGHT = 1200, 630
WEIGHT = 600
EDGE = 72
TITLE, FITS = 76, 14  # that many letters fit at that size
CAR_WIDTH, CAR_BASE = 940, 470
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Preview:
    """`says` is for whoever cannot see it."""

    href: str
    says: str


@dataclass(frozen=True, slots=True)
class Picture:
    svg: str
    digest: str


def of(line: Line) -> Preview:
    return Preview(address(name_of(line)), f"The {line.full_name}, drawn from the side")


def address(name: str) -> str:
    return reverse("machines:preview", args=[picture(name).digest, name])


def name_of(line: Line) -> str:
    return f"{line.slug}-{line.year}"


def picture(name: str) -> Picture:
    """Of an edition such as "pipit-2026", or the brand's own; LookupError where there is no such car."""
    return _pictured(Path(settings.BRAND), name)


@lru_cache(maxsize=128)
def _pictured(folder: Path, name: str) -> Picture:
    found = catalogue.lines() if name == BRAND else (*catalogue.lines(), *catalogue.previous())
    line = next((line for line in found if name in (BRAND, name_of(line))), None)
    if line is None:
        raise LookupError(name)
    drawn = brand_svg(line) if name == BRAND else line_svg(line)
    return Picture(drawn, hashlib.sha256(drawn.encode()).hexdigest()[:12])


def png(name: str) -> bytes:
    return rendered(picture(name).svg)


def rendered(svg: str) -> bytes:
    return _rendered(svg, face(Path(settings.BRAND)))


@lru_cache(maxsize=128)
def _rendered(svg: str, font: Path) -> bytes:
    return resvg_py.svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=[str(font)], width=WIDTH, height=HEIGHT
    )


def line_svg(line: Line) -> str:
    below = line.body if line.is_current else f"{line.year} model"
    return framed(line.svg(place="preview"), title=line.name, below=below)


def brand_svg(line: Line) -> str:
    return framed(line.svg(place="preview"), title=brand().name, below=brand().site_url.partition("://")[2])


def framed(drawn: SafeString, *, title: str, below: str) -> str:
    """The car on its ground, the brand's mark above, the name below."""
    look = style.theme()
    colors = look.light
    mark = (look.folder / look.mark).read_text("utf-8")
    family = escape(look.font["family"])
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        '<defs><linearGradient id="preview-sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{paper}"/>'
        '<stop offset="1" stop-color="{tint}"/></linearGradient></defs>'
        '<rect width="{width}" height="{height}" fill="url(#preview-sky)"/>'
        '<rect y="{base}" width="{width}" height="{rest}" fill="{raised}"/><rect y="{base}" width="{width}" height="2" fill="{rule}"/>'
        "{car}{mark}"
        '<text x="{edge}" y="566" font-family="{family}" font-weight="{weight}" font-size="{size}" fill="{ink}">{title}</text>'
        '<text x="{right}" y="566" text-anchor="end" font-family="{family}" font-weight="{weight}" font-size="30" fill="{quiet}">{below}</text>'
        "</svg>",
        width=WIDTH,
        height=HEIGHT,
        base=CAR_BASE,
        rest=HEIGHT - CAR_BASE,
        edge=EDGE,
        right=WIDTH - EDGE,
        family=family,
        size=min(TITLE, TITLE * FITS // max(len(title), 1)),
        weight=WEIGHT,
        car=placed(drawn, (WIDTH - CAR_WIDTH) / 2, CAR_BASE + 22, CAR_WIDTH),
        mark=placed(mark, EDGE - 8, 40, 84, from_top=True),
        title=title,
        below=below,
        **{name: colors[name] for name in ("paper", "tint", "raised", "rule", "ink", "quiet")},
    )


def placed(drawn: str, left: float, edge: float, width: float, *, from_top: bool = False) -> str:
    """A drawing inside another, its wheels (or its top) at `edge`."""
    box = VIEW_BOX.search(drawn)
    if box is None:
        return ""
    height = width * float(box[2]) / float(box[1])
    top = edge if from_top else edge - height
    return mark_safe(  # noqa: S308 (drawings of the brand pack)
        drawn.replace("<svg ", f'<svg x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" ', 1)
    )


@cache
def face(folder: Path) -> Path:
    """The brand's display face at one weight, in a file that the renderer reads; made by whichever process is first."""
    look = style.theme()
    source = look.folder / look.font["file"]
    made = Path(settings.VAR) / "faces" / f"{style.assets()[source.name].digest}-{WEIGHT}.ttf"
    if made.is_file():
        return made
    font = TTFont(source)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": WEIGHT})
    font.flavor = None
    made.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=made.parent, delete=False) as unfinished:
        font.save(unfinished)
    Path(unfinished.name).replace(made)
    return made
