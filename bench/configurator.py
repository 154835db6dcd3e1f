"""A click in the page's own engine, run by Chromium, beside a SAT solver asked for the same, on the same walks.

The real maker's rules are read from ../shared/data where they are (no licence is stated, so they are not in here). The second
set is made up, of the size of that maker's biggest: 268 variables, 1,273 values, 225,989 rows, in the same kind of structure.
"""

import base64
import random
import sys
import time
from collections.abc import Callable
from itertools import product
from math import prod
from statistics import median, quantiles

import brotli
from playwright.sync_api import sync_playwright

from bench.rows import Row
from bench.rows import row as line
from forecourt.environment import ROOT
from forecourt.vehicles.rules import compiler, xcsp
from forecourt.vehicles.rules.diagram import Diagram
from forecourt.vehicles.rules.oracle import Oracle
from forecourt.vehicles.rules.problem import Problem, Table, Variable

REAL = ROOT.parent / "shared" / "data" / "configuration" / "medium_domainsorted.xml"
ENGINE = ROOT / "forecourt" / "web" / "static" / "web" / "rules.js"
WALKS = 40
SAT_CLICKS, SAT_SECONDS = 20, 30
VARIABLES, VALUES, ROWS = 268, 1_273, 225_989
# How far up its parent may be, and how much larger a table is before its rules.
NEAR, SPARE = 20, 8


def measure() -> list[Row]:
    rows: list[Row] = []
    if REAL.is_file():
        rows += measured("a real maker's rules", xcsp.read(REAL))
    else:
        print(f"  {REAL} is not here: the real maker's rules are left out.", file=sys.stderr)
    rows += measured("made-up rules of the biggest size", made_up(random.Random(268)))
    return rows


def measured(name: str, problem: Problem) -> list[Row]:
    begun = time.perf_counter()
    diagram = compiler.compile(problem)
    took = time.perf_counter() - begun
    data = diagram.to_bytes()
    dice = random.Random(1)
    walks = [walk(diagram, dice) for _ in range(WALKS)]
    clicks = in_the_page(data, walks)
    sat = by_sat(problem, walks[0][:SAT_CLICKS])
    return [
        line(f"{name}: compiled", round(took, 2), "s"),
        line(f"{name}: diagram", diagram.nodes, "nodes"),
        line(f"{name}: over the wire", len(brotli.compress(data)), "bytes"),
        line(f"{name}: a click in the page, p50", of(clicks, 50), "ms", peer="SAT per click", peer_value=of(sat, 50)),
        line(f"{name}: a click in the page, p99", of(clicks, 99), "ms", peer="SAT per click", peer_value=of(sat, 99)),
    ]


def of(times: list[float], percent: int) -> float:
    """Of a few times, their largest stands for the ninety-ninth."""
    if len(times) < 100:
        return round(median(times) if percent == 50 else max(times), 3)
    return round(quantiles(times, n=100)[percent - 1], 3)


def walk(diagram: Diagram, dice: random.Random) -> list[tuple[str, str]]:
    """Clicks until nothing is open."""
    chosen: dict[str, str] = {}
    while still_open := [
        (name, sorted(values))
        for name, values in diagram.possible(chosen).items()
        if name not in chosen and len(values) > 1
    ]:
        name, values = dice.choice(still_open)
        chosen[name] = dice.choice(values)
    return list(chosen.items())


def in_the_page(data: bytes, walks: list[list[tuple[str, str]]]) -> list[float]:
    """Milliseconds of each click: a choice, and then what can be had of everything."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        source = "data:text/javascript;base64," + base64.b64encode(ENGINE.read_bytes()).decode()
        times = page.evaluate(CLICKS, [source, base64.b64encode(data).decode(), walks])
        browser.close()
    return times


CLICKS = """async ([source, data, walks]) => {
    const { Rules } = await import(source);
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const rules = new Rules(bytes.buffer);
    const times = [];
    const all = rules.names.flatMap((name, place) => rules.values[place].map((value) => [name, value]));
    for (const walk of walks) {
        for (const [name, value] of walk) {
            // Clocks in a browser are coarse, so each click is done and taken back until it can be read.
            const begun = performance.now();
            let turns = 0;
            do {
                rules.choose(name, null);
                rules.choose(name, value);
                for (const [other, its] of all) rules.can(other, its);
                turns += 1;
            } while (performance.now() - begun < 2);
            times.push((performance.now() - begun) / turns);
        }
        for (const [name] of walk) rules.choose(name, null);
    }
    return times;
}"""


def by_sat(problem: Problem, clicks: list[tuple[str, str]]) -> list[float]:
    times = []
    chosen: dict[str, str] = {}
    with Oracle(problem) as oracle:
        for name, value in clicks:
            chosen[name] = value
            begun = time.perf_counter()
            oracle.possible(chosen)
            times.append((time.perf_counter() - begun) * 1000)
            if sum(times) > SAT_SECONDS * 1000:
                break
    return times


def made_up(dice: random.Random) -> Problem:
    """Tables over neighbours in a tree, each what a few rules of "these need one of those" leave of all rows. A solution that was
    drawn first is never forbidden, so one always stands. As many rows as the maker's, within one in twenty."""
    sizes = [2] * VARIABLES
    while sum(sizes) < VALUES:
        sizes[dice.randrange(VARIABLES) if dice.random() < 0.5 else dice.randrange(40)] += 1
    variables = tuple(Variable(f"v{at}", tuple(map(str, range(size)))) for at, size in enumerate(sizes))
    solution = [dice.randrange(size) for size in sizes]
    parent = {at: dice.randrange(max(0, at - NEAR), at) for at in range(1, VARIABLES)}
    tables: list[Table] = []
    left = ROWS
    for at in range(VARIABLES - 1, 0, -1):
        members = scope(at, parent, sizes, left // at)
        rules = [rule(dice, members, sizes, solution) for _ in range(len(members) + 1)]
        rows = [row for row in product(*(range(sizes[each]) for each in members)) if all(fits(row) for fits in rules)]
        left -= len(rows)
        names = tuple(f"v{each}" for each in members)
        tables.append(Table(names, tuple(tuple(map(str, row)) for row in rows), f"rule {at}"))
    assert abs(left) < ROWS / 20, f"{ROWS - left:,} rows were made"
    return Problem(variables, tuple(tables))


def scope(at: int, parent: dict[int, int], sizes: list[int], rows: int) -> list[int]:
    """A variable with as many of those above it as make a table of about so many rows, before rules take some away."""
    members = [at]
    while members[-1] in parent and prod(sizes[each] for each in members) * sizes[parent[members[-1]]] < rows * SPARE:
        members.append(parent[members[-1]])
    return members


def rule(
    dice: random.Random, members: list[int], sizes: list[int], solution: list[int]
) -> Callable[[tuple[int, ...]], bool]:
    """Some values of one variable need some values of another."""
    one, other = dice.sample(range(len(members)), 2) if len(members) > 1 else (0, 0)
    these = frozenset(code for code in range(sizes[members[one]]) if dice.random() < 0.4)
    those = frozenset(code for code in range(sizes[members[other]]) if dice.random() < 0.5) | {solution[members[other]]}
    return lambda row: row[one] not in these or row[other] in those
