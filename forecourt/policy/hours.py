"""When it is neither too early nor too late to text, in every zone where the phone may be."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEARCHED = timedelta(hours=48)
CLOCK_CHANGES_FALL_ON = timedelta(minutes=15)


def is_open(zones: Collection[str], now: datetime, opens: time, closes: time) -> bool:
    """Whether the local time lies in [opens, closes) in every zone. No zone known: no.

    `now` is aware; `zones` are IANA names. Source: R-TC-05; the strictest of all possible zones binds.
    """
    return bool(zones) and all(opens <= now.astimezone(ZoneInfo(zone)).time() < closes for zone in zones)


def next_opening(
    zones: Collection[str], now: datetime, opens: time = time(8), closes: time = time(21)
) -> datetime | None:
    """The earliest instant from `now` on at which every zone is within its hours, in UTC; None if none comes in 48 hours.

    Zones so far apart that their days never overlap have no such instant.
    """
    if not zones:
        return None
    moments = sorted({now.astimezone(UTC), *_possible_openings(zones, now.astimezone(UTC), opens)})
    return next((moment for moment in moments if is_open(zones, moment, opens, closes)), None)


def _possible_openings(zones: Collection[str], now: datetime, opens: time) -> Iterator[datetime]:
    """A window opens at a zone's opening time or when its clock is changed, and clocks change on the quarter hour."""
    last = now + SEARCHED
    mark = now.replace(minute=0, second=0, microsecond=0)
    while mark <= last:
        if mark >= now:
            yield mark
        mark += CLOCK_CHANGES_FALL_ON
    for zone in map(ZoneInfo, zones):
        today = now.astimezone(zone).date()
        for days in range(4):
            for fold in (0, 1):
                local = datetime.combine(today + timedelta(days=days), opens, zone).replace(fold=fold)
                if now <= local.astimezone(UTC) <= last:
                    yield local.astimezone(UTC)
