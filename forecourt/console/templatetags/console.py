from datetime import datetime, timedelta

from django import template

register = template.Library()
UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


@register.filter
def age(length: timedelta | None) -> str:
    """4 min, 2 h; a dash where there is nothing to be old."""
    if length is None:
        return "–"
    seconds = max(0, int(length.total_seconds()))
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), (1, "s"))
    return f"{seconds // size}\u00a0{unit}"


@register.filter
def moment(when: datetime | None) -> str:
    """2026-12-01 14:02: sorts by eye, and means the same to everybody."""
    return f"{when:%Y-%m-%d}\u00a0{when:%H:%M}" if when else "–"
