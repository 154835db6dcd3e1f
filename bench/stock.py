"""One question to the stock with the counts of all facets, and the first part of its list, of 2,000 and of 200,000 cars; beside
PostgreSQL, which is asked the same in two statements, with indexes on what is asked for.
"""

import random
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from django.db import connection

from bench.rows import Row, row
from forecourt.vehicles.stock.shelf import FACETS, SORTS, Entry, Question, Shelf, band

SIZES = (2_000, 200_000)
QUESTIONS = 40
LINES = {"siskin": "electric", "linnet": "electric", "pipit": "gasoline", "avocet": "gasoline", "dunlin": "gasoline"}
PAINTS = "chalk ember frost gorse harebell heather lagoon lichen midnight moor oat rowan slate spruce".split()
DEALERS = [f"dealer-{number:03}" for number in range(166)]
COLUMNS = ", ".join(FACETS)


def measure() -> list[Row]:
    rows = []
    for size in SIZES:
        dice = random.Random(size)
        entries = [entry(number, dice) for number in range(size)]
        begun = perf_counter()
        shelf = Shelf(entries)
        made = perf_counter() - begun
        asked = [question(dice) for _ in range(QUESTIONS)]
        for sort in SORTS:
            shelf.page(Question(sort=sort))
        fill(entries)
        ours = median(timed(answered, shelf, each) for each in asked)
        peer = median(timed(by_database, each) for each in asked[:12])
        name = f"a question to {size:,} cars, counts of all facets and 24 of the list, median"
        rows.append(
            row(name, round(ours * 1000, 2), "ms", peer="PostgreSQL, two statements", peer_value=round(peer * 1000, 2))
        )
        rows.append(row(f"{size:,} cars put on the shelf", round(made * 1000, 1), "ms"))
    return rows


def timed(ask, *about) -> float:
    begun = perf_counter()
    ask(*about)
    return perf_counter() - begun


def answered(shelf: Shelf, asked: Question) -> None:
    for facet in FACETS:
        shelf.counts(asked, facet)
    shelf.counts_within(asked)
    shelf.page(asked)


def entry(number: int, dice: random.Random) -> Entry:
    line, price = dice.choice(list(LINES)), dice.randrange(7_000, 44_000, 50)
    values = {
        "condition": dice.choice(("new", "certified")),
        "line": line,
        "year": str(dice.randint(2021, 2027)),
        "power": LINES[line],
        "trim": f"{line}{dice.choice(('', '-more'))}",
        "paint": dice.choice(PAINTS),
        "price": band(price),
        "dealer": dice.choice(DEALERS),
    }
    since = date(2026, 11, 20) - timedelta(days=dice.randrange(400))
    return Entry(f"c{number:09}", f"7WNPAGA21VD{number:06}", price, dice.randrange(3, 90_000), since, values)


def question(dice: random.Random) -> Question:
    """From nothing chosen to three facets, near a place or not."""
    chosen = {}
    for facet in dice.sample(("condition", "line", "year", "paint", "power"), dice.randint(0, 3)):
        known = {
            "condition": ["new", "certified"],
            "line": list(LINES),
            "year": ["2025", "2026", "2027"],
            "paint": PAINTS,
        }
        chosen[facet] = tuple(dice.sample(known.get(facet, ["electric"]), 1))
    miles = {dealer: dice.uniform(1, 2_500) for dealer in DEALERS} if dice.random() < 0.5 else None
    return Question(chosen, (), miles, 250 if miles else None, dice.choice(SORTS))


def fill(entries: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_stock")
        kinds = ", ".join(f"{facet} text" for facet in FACETS)
        cursor.execute(f"CREATE TEMPORARY TABLE bench_stock (slug text, dollars int, mileage int, since date, {kinds})")
        with cursor.copy(f"COPY bench_stock (slug, dollars, mileage, since, {COLUMNS}) FROM STDIN") as copy:
            for each in entries:
                copy.write_row(
                    (each.slug, each.price, each.mileage, each.since, *(each.values[facet] for facet in FACETS))
                )
        for columns in ("line, condition", "paint", "dollars, slug", "dealer"):
            cursor.execute(f"CREATE INDEX ON bench_stock ({columns})")
        cursor.execute("ANALYZE bench_stock")


def by_database(asked: Question) -> None:
    """Each facet is counted over the cars that all other parts of the question let through; then the first part of the list."""
    parts = {facet: (f"{facet} = ANY(%s)", [list(values)]) for facet, values in asked.chosen.items()}
    if asked.miles is not None and asked.within is not None:
        near = [dealer for dealer, far in asked.miles.items() if far <= asked.within]
        parts["within"] = ("dealer = ANY(%s)", [near])
    selects, parameters = [], []
    for facet in FACETS:
        others = [part for name, part in parts.items() if name != facet]
        where = " AND ".join(words for words, _ in others) or "true"
        selects.append(f"SELECT '{facet}', {facet}, count(*) FROM bench_stock WHERE {where} GROUP BY {facet}")
        parameters += [value for _, values in others for value in values]
    where = " AND ".join(words for words, _ in parts.values()) or "true"
    order = {"price-high": "-dollars, slug", "newest": "since DESC, dollars, slug", "mileage": "mileage, dollars, slug"}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), parameters)
        cursor.fetchall()
        listed = (
            f"SELECT slug FROM bench_stock WHERE {where} ORDER BY {order.get(asked.sort, 'dollars, slug')} LIMIT 24"
        )
        cursor.execute(listed, [value for _, values in parts.values() for value in values])
        cursor.fetchall()
