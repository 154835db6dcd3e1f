"""Which recalls are open for a car, and how old what we know of them is.

campaigns.open_for(vin)            -> the open ones, the gravest first
campaigns.open_for_all(vins)       -> the same for many cars, in three queries
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from forecourt.policy import law
from forecourt.vehicles.recalls import cars, flat, pack
from forecourt.vehicles.recalls import vin as vins
from forecourt.vehicles.recalls.actions import digest_of
from forecourt.vehicles.recalls.cars import Car
from forecourt.vehicles.recalls.models import Campaign, FirstDay, Loading, Repair


@dataclass(frozen=True, slots=True)
class Open:
    """A recall that a car is still to be mended for. `by_vin`: this very car is in it; else every car of its line and year may be.
    `stops_sale`: no dealer hands it over before that."""

    number: str
    is_emission: bool
    component: str
    reported: date | None
    defect: str
    risk: str
    remedy: str
    notes: str
    do_not_drive: bool
    park_outside: bool
    stops_sale: bool
    by_vin: bool

    @property
    def is_grave(self) -> bool:
        return self.do_not_drive or self.park_outside

    @property
    def title(self) -> str:
        """STEERING:RACK AND PINION as people write it."""
        words = ": ".join(filter(None, map(str.strip, self.component.split(":"))))
        return (words.capitalize() if words.isupper() else words) or f"Recall {self.number}"


@dataclass(frozen=True, slots=True)
class Age:
    """Of the data: as of which day, its newest entry, when and from where it was loaded; whether the law calls it old."""

    as_of: date
    newest: date | None
    loaded: datetime
    source: str
    is_pack: bool
    days: int
    is_old: bool


def age(now: datetime) -> Age | None:
    """None where nothing was ever loaded."""
    found = latest()
    if found is None:
        return None
    return Age(
        found.as_of,
        found.newest,
        found.at,
        found.source,
        found.is_pack,
        days(found.as_of, now),
        is_old(found.as_of, now),
    )


def latest() -> Loading | None:
    return Loading.objects.order_by("-pk").first()


def days(as_of: date, now: datetime) -> int:
    return (now.date() - as_of).days


def is_old(as_of: date, now: datetime) -> bool:
    return days(as_of, now) > law.value("recall_data_days", now)


def car_of(vin: str) -> Car | None:
    """The car of ours that a VIN means; None for another maker's, or one that cannot be."""
    ours = cars.ours()
    if ours is None or vins.problem_of(vin) or not ours.is_ours(vin):
        return None
    found = ours.car(vin)
    return found if isinstance(found, Car) else None


def open_for(vin: str) -> tuple[Open, ...]:
    return open_for_all([vin])[vin]


def open_for_all(those: Iterable[str]) -> dict[str, tuple[Open, ...]]:
    """By VIN, as it was given. A VIN that is no car of ours has none."""
    meant = {vin: car_of(vins.normal(vin)) for vin in those}
    digests = {car.vin: digest_of(car.vin) for car in meant.values() if car}
    mended = {
        (bytes(car), campaign)
        for car, campaign in Repair.objects.filter(car__in=digests.values()).values_list("car", "campaign")
    }
    campaigns = list(Campaign.objects.prefetch_related("affected"))
    return {
        vin: tuple(each for each in affecting(car, campaigns) if (digests[car.vin], each.number) not in mended)
        if car
        else ()
        for vin, car in meant.items()
    }


def affecting(car: Car, campaigns: Iterable[Campaign]) -> list[Open]:
    """Mended or not, the gravest first and then the newest."""
    known = pack.known()
    found = [opened(each, car, known) for each in campaigns if is_about(each, car, known)]
    found += [emission(each) for each in known.emissions if any(part.holds(car) for part in each.ranges)]
    found.sort(key=lambda each: each.reported or date.min, reverse=True)
    return sorted(found, key=lambda each: (not each.do_not_drive, not each.park_outside))


def is_about(campaign: Campaign, car: Car, known: pack.Known) -> bool:
    named = any(
        (each.year is None or each.year == car.year)
        and any(flat.is_named(each.model, name) for name in car.line.recalls_as)
        for each in campaign.affected.all()
    )
    ranges = [part for part in known.ranges.get(campaign.number, ()) if part.is_about(car)]
    return named and (not ranges or any(part.holds(car) for part in ranges))


def opened(campaign: Campaign, car: Car, known: pack.Known) -> Open:
    return Open(
        number=campaign.number,
        is_emission=False,
        component=campaign.component,
        reported=campaign.reported,
        defect=campaign.defect,
        risk=campaign.risk,
        remedy=campaign.remedy,
        notes=campaign.notes,
        do_not_drive=campaign.do_not_drive,
        park_outside=campaign.park_outside,
        stops_sale=campaign.do_not_drive or campaign.number in known.stop_sale,
        by_vin=any(part.holds(car) for part in known.ranges.get(campaign.number, ())),
    )


def emission(each: pack.Emission) -> Open:
    return Open(
        number=each.number,
        is_emission=True,
        component=each.component,
        reported=each.reported,
        defect=each.defect,
        risk=each.risk,
        remedy=each.remedy,
        notes="",
        do_not_drive=False,
        park_outside=False,
        stops_sale=False,
        by_vin=True,
    )


def first_day(car: Car) -> date | None:
    """When it was first sold or leased, where the maker knows."""
    return FirstDay.objects.filter(car=digest_of(car.vin)).values_list("day", flat=True).first()
