"""The car of a build, drawn."""

from collections.abc import Mapping

from django.utils.safestring import SafeString

from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.drawing import View
from forecourt.vehicles.options.ranges import Range


def drawn(
    line: Line, found: Range, car: Mapping[str, str], view: View = View.SIDE, *, key: str, label: str = ""
) -> SafeString:
    """What no option colours has the colour of the body."""
    look = {"paint": line.paints[0].colour, "shade": line.paints[0].shade}
    for option in found.options.values():
        if car[option.variable] == option.value:
            look |= option.look
    body = dict.fromkeys(("roof", "caps", "stripe"), look["paint"])
    options = {"paint": line.paints[0].slug, **{family.slug: car[family.slug] for family in found.families}}
    return line.drawing.draw(view, body | look, options, key=key, label=label)
