"""Bringing the stock in the database to what the brand pack says."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from forecourt.vehicles.stock import pack, recalled
from forecourt.vehicles.stock.models import Car, Loading
from forecourt.vehicles.stock.pack import CarRow

LOCK = 4_200_840_102  # one load at a time
COLUMNS = (
    "slug dealer line year condition mileage price basis since trim paint options inspected result active"
).split()


@dataclass(frozen=True, slots=True)
class Loaded:
    """`changed` is False where the same files were loaded before."""

    cars: int
    changed: bool


@transaction.atomic
def load(folder: Path, now: datetime) -> Loaded:
    """All of it or nothing; BrokenPack with every problem. The same files again change nothing, quickly."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    digest = pack.digest(folder)
    before = Loading.objects.order_by("-pk").first()
    if before and before.digest == digest:
        return Loaded(before.cars, changed=False)
    found = pack.read(folder, now).cars if pack.is_there(folder) else ()
    keep(found)
    Loading.objects.create(digest=digest, cars=len(found), at=now)
    return Loaded(len(found), changed=True)


def keep(rows: tuple[CarRow, ...]) -> None:
    gone = set(Car.objects.filter(active=True).values_list("vin", flat=True)) - {row.vin for row in rows}
    Car.objects.filter(vin__in=gone).update(active=False)
    Car.objects.bulk_create(
        map(car, rows), update_conflicts=True, unique_fields=["vin"], update_fields=COLUMNS, batch_size=1000
    )


def car(row: CarRow) -> Car:
    return Car(
        vin=row.vin,
        slug=row.slug,
        dealer_id=row.dealer,
        line=row.model,
        year=row.year,
        condition=row.condition,
        mileage=row.mileage,
        price=row.price,
        basis=row.basis,
        since=row.since,
        trim=row.trim,
        paint=row.paint,
        options=list(row.options),
        inspected=row.inspected,
        result=row.result,
        active=True,
    )


def held_back(folder: Path) -> list[str]:
    """What the pack lists and nobody is shown, with the line and what to do."""
    stopped = recalled.stopped(Car.objects.filter(active=True).values_list("vin", flat=True))
    if not stopped:
        return []
    path = folder / "stock" / pack.CARS
    lines = enumerate(path.read_text("utf-8").splitlines(), 1)
    return [
        f"{path}:{number}: {vin} is under a stop-sale recall, so it is not listed: have it mended and say so in the repairs, or take it out"
        for number, line in lines
        if (vin := line.partition(",")[0]) in stopped
    ]
