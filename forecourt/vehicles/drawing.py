"""A car as SVG. The curves are the brand pack's; paint, roof, caps, stripe, wheels, seats and trim are filled in here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from string import Template
from xml.etree import ElementTree

import resvg_py
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

IMAGE_WIDTH = 1600
COLOR = re.compile(r"#[0-9a-f]{6}")
COLORS = (
    "paint", "shade", "roof", "caps", "stripe", "rim_light", "rim_dark", "seat", "seat_shade", "accent", "dash",
)  # fmt: skip
SHAPES = {"wheel": "wheels", "seats": "seats"}  # a part, and the folder that its shapes are drawn in


class View(StrEnum):
    SIDE = "side"
    FRONT = "front"
    REAR = "rear"
    INSIDE = "inside"

    @property
    def words(self) -> str:
        return {"side": "from the side", "front": "from the front", "rear": "from behind", "inside": "inside"}[self]


@dataclass(frozen=True, slots=True)
class Drawn:
    """`look` is what colors and shapes the parts that no paint and no option does."""

    folder: Path
    slug: str
    views: tuple[View, ...]
    look: Mapping[str, str]

    def draw(
        self, view: View, look: Mapping[str, str], options: Mapping[str, str], *, key: str, label: str = ""
    ) -> SafeString:
        """Curves need no `options`: what those change is in the look."""
        return draw(self.folder, self.slug, view, tuple(sorted({**self.look, **look}.items())), key=key, label=label)

    def svg(self, view: View, look: Mapping[str, str], options: Mapping[str, str], *, key: str) -> SafeString:
        return self.draw(view, look, options, key=key)

    def image(self, view: View, look: Mapping[str, str], options: Mapping[str, str]) -> bytes:
        return png(str(self.draw(view, look, options, key="car")))


@lru_cache(maxsize=32)
def png(drawn: str) -> bytes:
    return resvg_py.svg_to_bytes(svg_string=drawn, width=IMAGE_WIDTH, skip_system_fonts=True)


@lru_cache(maxsize=512)
def draw(
    folder: Path, name: str, view: View, look: tuple[tuple[str, str], ...], *, key: str, label: str = ""
) -> SafeString:
    """`key` keeps the gradients of two cars on one page apart. Without a label the drawing is decoration. KeyError names a variable
    that the drawing has and the look has not."""
    filled = {"id": key, **dict(look)}
    for part, color in look:
        # They stand in presentation attributes, which the content security policy lets through.
        if part in COLORS and not COLOR.fullmatch(color):
            raise ValueError(f"{part} is {color!r}: a color has six hex digits in lower case, such as #14604f.")
    for part, shapes in SHAPES.items():
        if part in filled:
            filled[part] = _fill(folder / shapes / f"{filled[part]}.svg", filled)
    filled["shared"] = _fill(shared(folder, view), filled)
    drawn = _fill(folder / f"{name}-{view}.svg", filled)
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    drawn = drawn.replace("<svg ", f'<svg class="car" focusable="false" {spoken} ', 1)
    return mark_safe(drawn)  # noqa: S308 (files of the brand pack, with colors that were read as colors)


def shared(folder: Path, view: View) -> Path:
    return folder / ("shared-inside.svg" if view is View.INSIDE else "shared.svg")


def shapes(folder: Path, part: str) -> list[str]:
    """The wheels, or the seats, that are drawn."""
    return sorted(path.stem for path in (folder / SHAPES[part]).glob("*.svg"))


def complaint(drawn: Drawn, view: View, look: Mapping[str, str]) -> str:
    """What keeps a view from being drawn, or nothing."""
    file = f"{drawn.folder.name}/{drawn.slug}-{view}.svg"
    for path in (drawn.folder / f"{drawn.slug}-{view}.svg", shared(drawn.folder, view)):
        if not path.is_file():
            mend = (
                "draw the car, or copy another line’s" if view is View.SIDE else f"draw it, or take {view} out of views"
            )
            return f"{drawn.folder.name}/{path.name} is missing: {mend}"
    try:
        ElementTree.fromstring(drawn.draw(view, look, {}, key="car"))  # noqa: S314 (the brand's own file)
    except KeyError as unknown:
        return f"{file} asks for ${unknown.args[0]}: give {unknown.args[0]} in [drawing], or take it out of the drawing"
    except ValueError as error:
        return f"{file}: {error}"
    except ElementTree.ParseError as error:
        return f"{file} is not well-formed XML ({error}): close what is opened, and write & as &amp;"
    return ""


def _fill(path: Path, values: Mapping[str, str]) -> str:
    return Template(path.read_text("utf-8")).substitute(values).strip()
