"""When a dealer is open, in its own zone, and how we say so. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Span(NamedTuple):
    """Open at or after `opens`, shut at `closes`; wall-clock times of one day."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{clock_time(self.opens)} – {clock_time(self.closes)}"


@dataclass(frozen=True, slots=True)
class Timetable:
    """`weekdays` has Monday as 0 and leaves closed ones out; `closed` maps a day to why nobody is there."""

    zone: str
    weekdays: Mapping[int, tuple[Span, ...]]
    closed: Mapping[date, str] = field(default_factory=dict)
    by_appointment: bool = False

    def spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed else self.weekdays.get(day.weekday(), ())

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))


def instants(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The UTC instants at which clocks in `zone` show `wall` (naive): one; two where clocks go back; none where they skip it."""
    found = []
    for fold in (0, 1):
        instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall and instant not in found:
            found.append(instant)
    return tuple(found)


def bounds(day: date, span: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the dealer surely is open, in UTC: where clocks change at that very minute, the later opening and the earlier closing."""
    opens, closes = (
        [datetime.combine(day, edge).replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
        for edge in span
    )
    return max(opens), min(closes)


def clock_time(wall: time) -> str:
    """9 am, 10:30 am, noon; the two parts never come apart."""
    if wall == time(12):
        return "noon"
    minutes = f":{wall.minute:02}" if wall.minute else ""
    return f"{wall.hour % 12 or 12}{minutes}{NBSP}{'am' if wall.hour < 12 else 'pm'}"


def today_words(timetable: Timetable, now: datetime) -> str:
    """Open now until 6 pm; Opens today at 9 am; Closed today, opens Monday at 9 am; By appointment."""
    if timetable.by_appointment:
        return "By appointment: call first"
    here = timetable.local(now)
    for span in timetable.spans(here.date()):
        opens, closes = bounds(here.date(), span, ZoneInfo(timetable.zone))
        if now < opens:
            return f"Opens today at {clock_time(span.opens)}"
        if now < closes:
            return f"Open now, until {clock_time(span.closes)}"
    for later in range(1, 15):
        day = here.date() + timedelta(days=later)
        if spans := timetable.spans(day):
            name = "tomorrow" if later == 1 else WEEKDAYS[day.weekday()] if later < 7 else f"{day:%B}{NBSP}{day.day}"
            return f"Closed now, opens {name} at {clock_time(spans[0].opens)}"
    return "Closed for now: call first"


def week(timetable: Timetable) -> list[tuple[str, str]]:
    """Monday: 9 am – 6 pm, and so on, for a table."""
    if timetable.by_appointment:
        return [(name, "By appointment") for name in WEEKDAYS]
    return [
        (name, ", ".join(map(str, timetable.weekdays.get(number, ()))) or "Closed")
        for number, name in enumerate(WEEKDAYS)
    ]
