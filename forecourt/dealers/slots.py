"""The times at which a test drive can start."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from forecourt.dealers.hours import Timetable, bounds, clock_time, instants
from forecourt.dealers.models import Dealer

DRIVE = timedelta(minutes=45)
STEP = timedelta(minutes=30)
NOTICE = timedelta(hours=2)
DAYS = 14
NONE_TAKEN: Mapping[datetime, int] = {}


@dataclass(frozen=True, slots=True)
class Slot:
    """`day` and `label` are the dealer's own; `left` is how many cars can still go out then."""

    starts_at: datetime
    day: date
    label: str
    left: int

    @property
    def value(self) -> str:
        """What a form sends back; `read` takes it."""
        return f"{self.starts_at:%Y-%m-%dT%H:%MZ}"


def read(value: str) -> datetime | None:
    """The start that a form's value names, or None where it names none."""
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def all_for(dealer: Dealer, now: datetime, days: int = DAYS, taken: Mapping[datetime, int] = NONE_TAKEN) -> list[Slot]:
    """Every start in the next `days` days of the dealer's calendar, today being the first; the full ones have none left.
    `taken` counts the drives already booked by their start in UTC."""
    if "test-drive" not in dealer.services or not dealer.active:
        return []
    return [
        Slot(start, day, label, max(0, dealer.capacity - out_during(start, taken)))
        for start, day, label in starts(dealer.timetable, now, days)
    ]


def open_for(dealer: Dealer, now: datetime, days: int = DAYS, taken: Mapping[datetime, int] = NONE_TAKEN) -> list[Slot]:
    """The starts that can still be had."""
    return [slot for slot in all_for(dealer, now, days, taken) if slot.left]


def out_during(start: datetime, taken: Mapping[datetime, int]) -> int:
    """How many booked drives overlap one from `start`. Counting all of them, early and late, leaves a whole car free for it."""
    return sum(count for other, count in taken.items() if abs(other - start) < DRIVE)


def blocks(start: datetime) -> tuple[datetime, ...]:
    """The half hours that a drive keeps its car away: a row each, unique for a car, is what makes double booking impossible."""
    return tuple(start + STEP * number for number in range(-(-DRIVE // STEP)))


def is_offered(dealer: Dealer, starts_at: datetime, now: datetime, days: int = DAYS) -> bool:
    """Whether the dealer drives then at all; whether a car is left is the booking's constraint to say."""
    return any(slot.starts_at == starts_at for slot in all_for(dealer, now, days))


def by_day(slots: list[Slot]) -> list[tuple[date, list[Slot]]]:
    return [(day, list(those)) for day, those in groupby(slots, key=lambda slot: slot.day)]


def starts(timetable: Timetable, now: datetime, days: int) -> list[tuple[datetime, date, str]]:
    """(start in UTC, local day, label), in order: on the half hour, over before closing, and not sooner than NOTICE."""
    if timetable.by_appointment:
        return []
    zone = ZoneInfo(timetable.zone)
    today = timetable.local(now).date()
    found: dict[datetime, tuple[date, str]] = {}
    for day in (today + timedelta(days=ahead) for ahead in range(days)):
        for span in timetable.spans(day):
            opens, closes = bounds(day, span, zone)
            wall = datetime.combine(day, time(span.opens.hour, 30 * (span.opens.minute // 30)))
            while wall < datetime.combine(day, span.closes):
                those = instants(wall, zone)
                for start in those:
                    if start >= opens and start + DRIVE <= closes and start >= now + NOTICE:
                        found[start] = (day, label(start.astimezone(zone), twice=len(those) > 1))
                wall += STEP
    return [(start, *found[start]) for start in sorted(found)]


def label(local: datetime, *, twice: bool) -> str:
    """10:30 am; with the zone where clocks show that time twice."""
    return f"{clock_time(local.time())} {local:%Z}" if twice else clock_time(local.time())
