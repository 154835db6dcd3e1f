from datetime import datetime, timedelta

from django import template
from django.contrib.auth.models import AnonymousUser, User

from forecourt.console import accounts, words

register = template.Library()
SOON = timedelta(days=2)
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


@register.inclusion_tag("console/due.html", takes_context=True)
def due(context: template.Context, when: datetime) -> dict[str, object]:
    """The day, and how far it is: what is late says so, and what ends within two days stands out."""
    left = when - context["request"].now
    return {"when": when, "left": left, "late": left <= timedelta(0), "over": -left, "soon": left < SOON}


@register.filter
def reason(code: str) -> str:
    """A refusal in words."""
    return words.reason(code)


@register.simple_tag
def must_choose_password(user: User | AnonymousUser) -> bool:
    return accounts.must_choose_password(user)


@register.simple_tag
def role_of(user: User | AnonymousUser) -> dict[str, bool]:
    """What the frame of a page shows and leaves out."""
    if not isinstance(user, User):
        return {}
    return {"outsider": accounts.is_outsider(user), "manager": accounts.is_manager(user)}
