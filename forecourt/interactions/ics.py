"""The drive as a calendar file (RFC 5545): the car, the place and the time. No name, no link, nothing else personal."""

from datetime import UTC, datetime

from forecourt.dealers import slots
from forecourt.interactions.models import TestDrive
from forecourt.web.brand import brand


def event(drive: TestDrive, now: datetime) -> str:
    """One VEVENT with a reminder an hour and a day before; a moved drive replaces its older copy, a cancelled one removes it."""
    dealer = drive.dealer
    changes = list(drive.changes.order_by("at"))
    car = f"{brand().name} {drive.car_name}"
    cancelled = drive.state == TestDrive.State.CANCELLED
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{text(brand().legal_name)}//Test drives//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{drive.pk}@forecourt",
        f"DTSTAMP:{stamp(now)}",
        f"LAST-MODIFIED:{stamp(changes[-1].at if changes else drive.booked_at)}",
        f"SEQUENCE:{len(changes)}",
        f"DTSTART:{stamp(drive.starts_at)}",
        f"DTEND:{stamp(drive.starts_at + slots.DRIVE)}",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        f"SUMMARY:{text(f'Test drive: {car}')}",
        f"LOCATION:{text(f'{dealer.name}, {dealer.street}, {dealer.city}, {dealer.state} {dealer.postal_code}')}",
        f"DESCRIPTION:{text(f'Bring your driver’s license. {dealer.name}: {dealer.phone}')}",
        "TRANSP:OPAQUE",
        *([] if cancelled else alarm("-P1D", car) + alarm("-PT1H", car)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def alarm(before: str, car: str) -> list[str]:
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{before}",
        f"DESCRIPTION:{text(f'Test drive: {car}')}",
        "END:VALARM",
    ]


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text(value: str) -> str:
    """Escaped as RFC 5545, section 3.3.11 wants."""
    for letter in "\\;,":
        value = value.replace(letter, f"\\{letter}")
    return value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def folded(line: str) -> str:
    """At most 75 octets a line, continued after CRLF and a space, no letter cut in two (section 3.1)."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
