"""One car as a page shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.safestring import SafeString

from forecourt.vehicles.recalls import campaigns
from forecourt.vehicles.recalls.campaigns import Open
from forecourt.vehicles.stock import picture, recalled
from forecourt.vehicles.stock.lineup import Lineup, lineups
from forecourt.vehicles.stock.models import Car, Condition


@dataclass(frozen=True)
class Shown:
    """`miles` to its dealer, where somebody said where they are. `recalls` are the open ones, none of which stops the sale; they
    are known as of the day of `known_of`."""

    car: Car
    known: Lineup
    miles: float | None
    recalls: tuple[Open, ...]
    known_of: campaigns.Age | None

    @property
    def name(self) -> str:
        return f"{self.car.year} {self.trim}"

    @property
    def trim(self) -> str:
        return self.known.trims.get(self.car.trim, self.known.record.name)

    @property
    def paint(self) -> str:
        return self.known.paints.get(self.car.paint, self.known.painted(self.car.paint).name)

    @property
    def is_certified(self) -> bool:
        return self.car.condition == Condition.CERTIFIED

    @cached_property
    def drawing(self) -> SafeString:
        return picture.drawn(self.car, self.known, key=f"car-{self.car.slug}")

    @cached_property
    def whole(self) -> dict[str, str]:
        return self.known.car(self.car.trim, self.car.paint, self.car.options)


def all_of(cars: Iterable[Car], now: datetime, miles: Mapping[str, float] | None = None) -> list[Shown]:
    found = list(cars)
    open_recalls = recalled.open_for([car.vin for car in found])
    known_of = campaigns.age(now)
    lines = lineups()
    return [
        Shown(
            car=car,
            known=lines.of(car.line, car.year),
            miles=miles.get(car.dealer_id) if miles else None,
            recalls=open_recalls[car.vin],
            known_of=known_of,
        )
        for car in found
    ]
