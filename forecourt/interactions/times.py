"""The times of one dealer as the form shows them: a day a row, the full ones struck through, the chosen one kept in view."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.dealers import slots
from forecourt.dealers.models import Dealer
from forecourt.interactions import bays
from forecourt.interactions.models import TestDrive
from forecourt.web.templatetags.web import day as day_words
from forecourt.web.templatetags.web import local_zone

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    slots: tuple[slots.Slot, ...]
    free: int
    open: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """`chosen` is the form's value of the chosen time, "" when it cannot be had; `nearest` are free ones around it then."""

    days: tuple[Day, ...]
    zone: str
    chosen: str
    button: str
    nearest: tuple[tuple[str, str], ...]


def grid(dealer: Dealer, chosen: str, now: datetime, but: TestDrive | None = None) -> Grid:
    offered = slots.all_for(dealer, now, taken=bays.taken(dealer, now, but))
    free = [slot for slot in offered if slot.left]
    wanted = slots.read(chosen)
    had = next((slot for slot in free if slot.starts_at == wanted), None)
    near = (
        sorted(sorted(free, key=lambda slot: abs(slot.starts_at - wanted))[:NEAREST], key=lambda slot: slot.starts_at)
        if wanted
        else []
    )
    shown_day = had.day if had else near[0].day if near else free[0].day if free else None
    days = [
        Day(day_words(day), tuple(those), sum(1 for slot in those if slot.left), day == shown_day)
        for day, those in slots.by_day(offered)
    ]
    return Grid(
        days=tuple(days),
        zone=local_zone(had.starts_at if had else now, dealer.zone),
        chosen=had.value if had else "",
        button=f"{day_words(had.day)}, {had.label}" if had else "",
        nearest=() if had else tuple((slot.value, f"{day_words(slot.day)}, {slot.label}") for slot in near),
    )
