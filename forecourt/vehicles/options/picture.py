"""The car of a build, pictured."""

from collections.abc import Mapping

from django.utils.safestring import SafeString

from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.drawing import View
from forecourt.vehicles.options.ranges import Range


def drawn(
    line: Line, found: Range, car: Mapping[str, str], view: View = View.SIDE, *, key: str, label: str = ""
) -> SafeString:
    return line.drawing.draw(view, look_of(line, found, car), options_of(line, found, car), key=key, label=label)


def image(line: Line, found: Range, car: Mapping[str, str], view: View = View.SIDE) -> bytes:
    """As a PNG."""
    return line.drawing.image(view, look_of(line, found, car), options_of(line, found, car))


def look_of(line: Line, found: Range, car: Mapping[str, str]) -> dict[str, str]:
    """What no option colors has the color of the body."""
    look = {"paint": line.paints[0].color, "shade": line.paints[0].shade}
    for option in found.options.values():
        if car[option.variable] == option.value:
            look |= option.look
    return dict.fromkeys(("roof", "caps", "stripe"), look["paint"]) | look


def options_of(line: Line, found: Range, car: Mapping[str, str]) -> dict[str, str]:
    return {"paint": line.paints[0].slug, **{family.slug: car[family.slug] for family in found.families}}
