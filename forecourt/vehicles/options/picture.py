"""The car of a build, drawn."""

from collections.abc import Mapping

from django.utils.safestring import SafeString

from forecourt.vehicles import drawing
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.options.ranges import Range


def drawn(line: Line, found: Range, car: Mapping[str, str], *, key: str, label: str = "") -> SafeString:
    """What no option colours has the colour of the body."""
    look: dict[str, str] = {
        "wheel": line.drawing.wheel,
        "rim_light": line.drawing.rim_light,
        "rim_dark": line.drawing.rim_dark,
    }
    for option in found.options.values():
        if car[option.variable] == option.value:
            look |= option.look
    body = look.get("paint", line.paints[0].colour)
    colours = drawing.Colours(
        paint=body,
        shade=look.get("shade", line.paints[0].shade),
        roof=look.get("roof", body),
        caps=look.get("caps", body),
        stripe=look.get("stripe", body),
        rim_light=look["rim_light"],
        rim_dark=look["rim_dark"],
    )
    return drawing.draw(line.folder / "drawings", line.slug, "side", look["wheel"], colours, key=key, label=label)
