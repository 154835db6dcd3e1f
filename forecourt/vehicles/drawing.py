"""A car as SVG. The curves are the brand pack's; paint, roof, caps, stripe and wheels are filled in here."""

import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Colours:
    """Each six hex digits: they stand in presentation attributes, which the content security policy lets through."""

    paint: str
    shade: str
    roof: str
    caps: str
    stripe: str
    rim_light: str
    rim_dark: str

    def __post_init__(self) -> None:
        for part, colour in asdict(self).items():
            if not COLOUR.fullmatch(colour):
                raise ValueError(f"{part} is {colour!r}: a colour has six hex digits in lower case, such as #14604f.")


@lru_cache(maxsize=512)
def draw(folder: Path, name: str, view: str, wheel: str, colours: Colours, *, key: str, label: str = "") -> SafeString:
    """`key` keeps the gradients of two cars on one page apart. Without a label the drawing is decoration."""
    filled = {**asdict(colours), "id": key}
    wheel_drawn = _fill(folder / "wheels" / f"{wheel}.svg", filled)
    shared = _fill(folder / "shared.svg", {**filled, "wheel": wheel_drawn})
    drawn = _fill(folder / f"{name}-{view}.svg", {**filled, "shared": shared})
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    drawn = drawn.replace("<svg ", f'<svg class="car" focusable="false" {spoken} ', 1)
    return mark_safe(drawn)  # noqa: S308 (files of the brand pack, with colours that were read as colours)


def _fill(path: Path, values: dict[str, str]) -> str:
    return Template(path.read_text("utf-8")).substitute(values).strip()
