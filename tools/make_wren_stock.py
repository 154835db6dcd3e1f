"""Write brands/wren/stock/cars.csv: 2,000 invented cars at Wren’s dealers, each as the line’s own rules allow, and four under a
stop-sale recall, which are not shown.

`.venv/bin/python tools/make_wren_stock.py` gives the same file every time, for the same lines, options and dealers.
"""

import csv
import os
import random
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
django.setup()

from forecourt.dealers import pack as network  # noqa: E402
from forecourt.vehicles import options  # noqa: E402
from forecourt.vehicles.recalls import cars as vins  # noqa: E402
from forecourt.vehicles.stock import lineup  # noqa: E402
from forecourt.vehicles.stock.lineup import PAINT, Lineup  # noqa: E402

PACK = ROOT / "brands" / "wren"
COLUMNS = "vin dealer line year condition mileage price basis since trim paint options inspected result".split()
HOW_MANY = 2_000
LAST_DAY = date(2026, 11, 20)
DELIVERY = Decimal(995)
# Of ten cars: this many of the current year, of the year before and new, certified.
CURRENT, LEFT = 45, 62
# The serial numbers under a stop-sale recall in owners/campaigns.toml; a few of these cars are there to be held back.
STOPPED = {("pipit", 2026): 1840, ("linnet", 2025): 6120}
HELD_BACK = (("pipit", 2026, 1204), ("pipit", 2026, 1377), ("linnet", 2025, 411), ("linnet", 2025, 5093))
LASTS = {
    "siskin": (2021, 2026),
    "pipit": (2021, 2026),
    "linnet": (2023, 2026),
    "avocet": (2024, 2026),
    "dunlin": (2021, 2025),
}


class Maker:
    def __init__(self) -> None:
        self.dice = random.Random(20261120)  # noqa: S311 - the same cars every time
        self.lines = lineup.read(PACK / "vehicles")
        self.ours = vins.read(PACK)
        self.dealers = network.read(PACK, datetime(2026, 11, 20, tzinfo=UTC)).dealers
        # Large dealers and small ones.
        self.size = {dealer.slug: self.dice.choice((1, 1, 2, 3, 5)) for dealer in self.dealers}
        self.taken: set[str] = set()

    def cars(self) -> list[dict]:
        made = [self.used(*each) for each in HELD_BACK]
        while len(made) < HOW_MANY + len(HELD_BACK):
            roll = self.dice.randrange(100)
            if roll < CURRENT:
                made.append(self.new(self.dice.choice(("siskin", "pipit", "pipit", "linnet", "avocet")), 2027))
            elif roll < LEFT:
                made.append(self.new(self.dice.choice(("siskin", "pipit", "avocet", "dunlin", "dunlin")), 2026))
            else:
                slug = self.dice.choice(("siskin", "pipit", "pipit", "linnet", "avocet", "dunlin"))
                made.append(self.used(slug, self.dice.randint(*LASTS[slug])))
        return sorted(made, key=lambda car: (car["dealer"], car["line"], car["year"], car["vin"]))

    def dealer(self, service: str):
        fit = [dealer for dealer in self.dealers if service in dealer.services]
        return self.dice.choices(fit, [self.size[dealer.slug] for dealer in fit])[0]

    def vin(self, slug: str, year: int, serial: int | None = None) -> str:
        line = next(line for line in self.ours.lines if line.slug == slug)
        while True:
            low = STOPPED.get((slug, year), 0) + 1
            found = self.ours.vin_of(line, year, serial or self.dice.randint(max(low, 20), 9_990))
            if found not in self.taken:
                self.taken.add(found)
                return found

    def built(self, known: Lineup) -> tuple[str, str, list[str], dict[str, str]]:
        """Version, paint, the options that are not as usual, and the whole car."""
        dice = self.dice
        trim, paint = dice.choice(list(known.trims)), dice.choice(list(known.paints))
        if known.range is None:
            return trim, paint, [], {}
        diagram = options.of_line(known.record.slug).diagram
        wished = {known.range.families[0].slug: trim}
        if paint in diagram.possible(wished)[PAINT]:
            wished[PAINT] = paint
        others = list(known.others)
        for slug in dice.sample(others, dice.randint(2, 9)):
            option = known.range.options[slug]
            if option.value in diagram.possible(wished)[option.variable]:
                wished[option.variable] = option.value
        car = diagram.complete(wished, [known.range.defaults]) | {PAINT: paint}
        has = known.range.has(car)
        brought = {slug for one in has for slug in known.range.options[one].includes}
        unusual = [
            slug
            for slug, option in known.range.options.items()
            if slug in has
            and slug in known.others
            and slug not in brought
            and known.range.defaults[option.variable] != option.value
        ]
        if known.car(trim, paint, unusual) != car or known.broken_rule(car):
            return self.built(known)
        return trim, paint, unusual, car

    def new(self, slug: str, year: int) -> dict:
        dice, known, dealer = self.dice, self.lines.of(slug, year), self.dealer("sales")
        trim, paint, unusual, car = self.built(known)
        since = LAST_DAY - timedelta(days=int(dice.triangular(0, 150 if year == 2027 else 420, 20)))
        suggested = known.suggested(car, trim, dealer.state, since)
        basis = "suggested" if suggested is not None and dice.random() < 0.6 else "dealer"
        worth = (suggested or self.worth(known, trim, unusual)) + DELIVERY
        price = (
            worth
            if basis == "suggested"
            else rounded(worth * Decimal(dice.randint(92 if year == 2027 else 84, 99)) / 100)
        )
        return self.row(
            slug, year, dealer, trim, paint, unusual,
            vin=self.vin(slug, year), condition="new", mileage=dice.randint(3, 48) if dice.random() < 0.9 else dice.randint(50, 420),
            price=price, basis=basis, since=since, inspected="", result="",
        )  # fmt: skip

    def used(self, slug: str, year: int, serial: int | None = None) -> dict:
        dice, known, dealer = self.dice, self.lines.of(slug, year), self.dealer("certified")
        trim, paint, unusual, _ = self.built(known)
        age = Decimal(2026 - year) + Decimal(dice.randint(3, 12)) / 12
        mileage = max(1_200, int(age * dice.randint(5_200, 12_800)))
        kept = Decimal("0.86") ** age - Decimal(mileage) / 900_000
        since = LAST_DAY - timedelta(days=int(dice.triangular(0, 110, 15)))
        return self.row(
            slug, year, dealer, trim, paint, unusual,
            vin=self.vin(slug, year, serial), condition="certified", mileage=mileage,
            price=rounded(self.worth(known, trim, unusual) * kept), basis="dealer", since=since,
            inspected=since - timedelta(days=dice.randint(0, 9)), result="repaired" if dice.random() < 0.3 else "passed",
        )  # fmt: skip

    def worth(self, known: Lineup, trim: str, unusual: list[str]) -> Decimal:
        price = next(each.price for each in known.record.trims if lineup.slug_of(each.name) == trim)
        if known.range:
            price += sum(
                (known.range.options[slug].prices[-1].price for slug in unusual if known.range.options[slug].prices),
                Decimal(0),
            )
        return price

    @staticmethod
    def row(slug, year, dealer, trim, paint, unusual, **more) -> dict:
        return {
            "dealer": dealer.slug, "line": slug, "year": year, "trim": trim, "paint": paint, "options": " ".join(unusual), **more,
        }  # fmt: skip


def rounded(price: Decimal) -> int:
    """As dealers write prices."""
    return int(price // 50 * 50) - (10 if int(price) % 3 else 0)


if __name__ == "__main__":
    made = Maker().cars()
    with (PACK / "stock" / "cars.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)
    print(f"{len(made)} cars at {len({car['dealer'] for car in made})} dealers.")
