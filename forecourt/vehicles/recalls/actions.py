"""Loading recalls: all of a file or nothing, and what was there stays where the file is no good."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction

from forecourt.people import vault
from forecourt.trouble import Trouble
from forecourt.vehicles.recalls import cars, flat, pack
from forecourt.vehicles.recalls.flat import BadLine, Record
from forecourt.vehicles.recalls.models import Affected, Campaign, FirstDay, Loading, Repair

LOCK = 4_200_840_127  # one load at a time
BLOCK = 1 << 20


class Hopeless(Trouble):
    """The file is not loaded. The sentence says why, and what to do."""


@dataclass(slots=True)
class Found:
    """What a file holds. `bad` are the lines that could not be read, with their numbers; `unknown` models of ours that no VIN means."""

    records: list[Record] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    newest: date | None = None
    digest: str = ""

    @property
    def good(self) -> int:
        return self.lines - len(self.bad)


@dataclass(frozen=True, slots=True)
class Loaded:
    loading: Loading
    found: Found
    changed: bool


def read(path: Path, today: date, tell: Callable[[int], None] = lambda count: None) -> Found:
    """`tell` hears of each block of bytes as it is read."""
    ours = cars.ours()
    if ours is None:
        raise Hopeless("The brand pack has no owners/vins.toml, so nobody knows which recalls are ours. Add it first.")
    names = {name for line in ours.lines for name in line.recalls_as}
    found, digest = Found(), hashlib.sha256()
    for number, line in enumerate(flat.lines(blocks(path, digest.update, tell)), 1):
        if not line.strip():
            continue
        found.lines += 1
        try:
            seen = flat.read(line, ours.make, today)
        except BadLine as error:
            found.bad.append((number, str(error)))
            continue
        latest = seen.latest if isinstance(seen, Record) else seen
        found.newest = max(filter(None, (found.newest, latest)), default=None)
        if isinstance(seen, Record):
            found.records.append(seen)
            if not any(flat.is_named(seen.model, name) for name in names):
                found.unknown.setdefault(seen.model, number)
    found.digest = digest.hexdigest()
    return found


def blocks(path: Path, *hear: Callable) -> Iterator[bytes]:
    digest, tell = hear
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest(block)
                tell(len(block))
                yield block
    except OSError as error:
        raise Hopeless(f"{path} cannot be read: {error.strerror or error}.") from None


def load(
    path: Path,
    now: datetime,
    as_of: date | None = None,
    *,
    anyway: bool = False,
    tell: Callable[[int], None] = lambda count: None,
) -> Loaded:
    """The official file. Without `as_of` it is as old as its newest entry, since a file's own date says when it was copied."""
    found = read(path, now.date(), tell)
    if not found.good:
        says = (
            "it is a ZIP archive: unpack it" if is_zip(path) else "no line of it can be read as 29 fields between tabs"
        )
        raise Hopeless(f"{path.name} was not loaded: {says}. What was loaded before stays.{examples(found)}")
    if len(found.bad) > found.good:
        says = f"{len(found.bad):,} of {found.lines:,} lines cannot be read"
        raise Hopeless(f"{path.name} was not loaded: {says}. What was loaded before stays.{examples(found)}")
    as_of = as_of or found.newest
    if as_of is None:
        raise Hopeless(f"{path.name} was not loaded: no line says a day. Say how old it is with --as-of 2026-11-02.")
    if as_of > now.date():
        raise Hopeless(f"{path.name} was not loaded: {as_of} has not come yet. Give the day of the file.")
    if found.newest and as_of < found.newest:
        raise Hopeless(f"{path.name} was not loaded: it has entries of {found.newest}, so it is not as of {as_of}.")
    return replace(found, source=path.name, is_pack=False, as_of=as_of, now=now, anyway=anyway)


def examples(found: Found) -> str:
    return "".join(f"\n  line {number}: {says}" for number, says in found.bad[:5])


def is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


@transaction.atomic
def replace(found: Found, *, source: str, is_pack: bool, as_of: date, now: datetime, anyway: bool) -> Loaded:
    lock()
    before = Loading.objects.order_by("-pk").first()
    if before and not is_pack and not anyway:
        if not found.records and Campaign.objects.exists():
            raise Hopeless(
                f"{source} was not loaded: it names no recall of ours, and what was loaded before does. If that is right, say --anyway."
            )
        if not before.is_pack and as_of < before.as_of:
            raise Hopeless(
                f"{source} was not loaded: it is as of {as_of}, and what was loaded before as of {before.as_of}. To go back, say --anyway."
            )
    if before and (before.digest, before.as_of, before.source) == (found.digest, as_of, source):
        return Loaded(before, found, changed=False)
    if not before or before.digest != found.digest:
        Campaign.objects.all().delete()
        Campaign.objects.bulk_create(map(campaign, by_number(found.records)), batch_size=1000)
        Affected.objects.bulk_create(
            [
                Affected(campaign_id=number, model=model, year=year)
                for number, model, year in sorted(meant(found), key=str)
            ],
            batch_size=1000,
        )
    loading = Loading.objects.create(
        source=source,
        is_pack=is_pack,
        digest=found.digest,
        as_of=as_of,
        newest=found.newest,
        lines=found.lines,
        ours=len(found.records),
        bad=len(found.bad),
        at=now,
    )
    return Loaded(loading, found, changed=True)


def lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def meant(found: Found) -> set[tuple[str, str, int | None]]:
    return {(record.number, record.model, record.year) for record in found.records}


def by_number(records: list[Record]) -> list[list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.number, []).append(record)
    return list(found.values())


def campaign(these: list[Record]) -> Campaign:
    """Of its lines, one for each model, year and component; a warning in any of them is a warning."""
    first = these[0]
    return Campaign(
        number=first.number,
        makers_number=first.makers_number[:100],
        component="; ".join(dict.fromkeys(record.component for record in these if record.component)),
        units=first.units,
        reported=min(filter(None, (record.reported for record in these)), default=None),
        **{name: longest(getattr(record, name) for record in these) for name in ("defect", "risk", "remedy", "notes")},
        do_not_drive=any(record.do_not_drive for record in these),
        park_outside=any(record.park_outside for record in these),
    )


def longest(texts: Iterator[str]) -> str:
    return max(texts, key=len)


@transaction.atomic
def load_pack(brand: Path, now: datetime) -> str:
    """The pack's repairs and first days; its recalls too, until somebody loads the official file."""
    if cars.read(brand) is None:
        return "nothing about VINs"
    lock()
    keep_cars(brand)
    return read_again(brand, now)


@transaction.atomic
def read_again(brand: Path, now: datetime) -> str:
    """The pack's recalls alone."""
    if cars.read(brand) is None:
        return "nothing about VINs"
    lock()
    before = Loading.objects.order_by("-pk").first()
    if before and not before.is_pack:
        return f"recalls stay as {before.source} has them"
    found = read(brand / cars.FOLDER / pack.RECALLS, now.date())
    as_of = pack.read(brand).as_of or now.date()
    done = replace(found, source="the brand pack", is_pack=True, as_of=as_of, now=now, anyway=True)
    return f"{Campaign.objects.count()} recalls{'' if done.changed else ', nothing new'}"


def keep_cars(brand: Path) -> None:
    Repair.objects.all().delete()
    Repair.objects.bulk_create(
        [Repair(campaign=row.campaign, car=digest_of(row.vin)) for row in pack.repairs(brand)],
        ignore_conflicts=True,
        batch_size=5000,
    )
    FirstDay.objects.all().delete()
    FirstDay.objects.bulk_create(
        [FirstDay(car=digest_of(row.vin), day=row.day) for row in pack.first_days(brand)], batch_size=5000
    )


def digest_of(vin: str) -> bytes:
    """Under a key that lies apart, so that the tables name no car."""
    return vault.blind_index("vin", vin)
