"""A car in stock, drawn as it is."""

from django.utils.safestring import SafeString

from forecourt.vehicles.drawing import View
from forecourt.vehicles.stock.lineup import PAINT, Lineup
from forecourt.vehicles.stock.models import Car


def drawn(car: Car, known: Lineup, *, key: str, label: str = "") -> SafeString:
    look, families = look_of(car, known)
    return known.record.drawing.draw(View.SIDE, look, families, key=key, label=label)


def svg(car: Car, known: Lineup) -> SafeString:
    """For a picture that is made of several."""
    look, families = look_of(car, known)
    return known.record.drawing.svg(View.SIDE, look, families, key=f"car-{car.slug}")


def look_of(car: Car, known: Lineup) -> tuple[dict[str, str], dict[str, str]]:
    """With options, what none of them colors has the color of the body; without, the paint says it all."""
    paint = known.painted(car.paint)
    look, families = dict(paint.look), {PAINT: paint.slug}
    if known.range:
        look |= dict.fromkeys(("roof", "caps", "stripe"), paint.color)
        whole = known.car(car.trim, car.paint, car.options)
        for option in known.range.options.values():
            if option.variable != PAINT and whole[option.variable] == option.value:
                look |= option.look
        families = {family.slug: whole[family.slug] for family in known.range.families}
    return look, families
