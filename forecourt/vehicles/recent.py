"""The car to begin with, for somebody who allows us to go by what they looked at. Everybody else gets the page as it is."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from forecourt.traffic import personal
from forecourt.vehicles import catalogue
from forecourt.vehicles.catalogue import Line


@dataclass(frozen=True, slots=True)
class Recent:
    line: Line
    on: date


def shown(request: HttpRequest) -> Recent | None:
    look = personal.last_look(request)
    line = catalogue.line(look.model) if look else None
    return Recent(line, look.on) if look and line and line.is_current else None
