"""Who may look: every account with what it signed, and until when that holds."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from forecourt.console import accounts as staff
from forecourt.console import undertakings


@dataclass(frozen=True, slots=True)
class Account:
    """`look` where somebody has to do something about it soon; `number` is what the log calls it."""

    handle: str
    works_as: str
    says: str
    look: bool
    number: str


def accounts(now: datetime) -> list[Account]:
    users = User.objects.filter(is_staff=True).prefetch_related("groups").order_by("username")
    return [account(user, now) for user in users]


def account(user: User, now: datetime) -> Account:
    end = undertakings.runs_out(user, now)
    ending = end is not None and undertakings.is_ending(end, now)
    if not user.is_active:
        says = "shut"
    elif end is None:
        says = "shut: its undertaking ran out"
    else:
        says = f"{'shuts' if ending else 'open until'} {end:%B} {end.day}, {end.year}"
    look = user.is_active and (end is None or ending)
    return Account(user.get_username(), works_as(user), says, look, staff.number(user))


def works_as(user: User) -> str:
    groups = {group.name for group in user.groups.all()}
    if staff.OUTSIDERS in groups:
        return "a contractor or partner"
    manager = user.is_superuser or staff.MANAGERS in groups
    editor = user.is_superuser or staff.EDITORS in groups
    return " and ".join(word for word, is_one in (("manager", manager), ("editor", editor)) if is_one) or "staff"


def ending(now: datetime) -> int:
    """How many accounts are about to shut, or just did."""
    return sum(one.look for one in accounts(now))
