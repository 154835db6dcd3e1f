"""Option rules, measured: how many cars they allow, how big their diagram is, how long a click takes on the server."""

import random
import time
from pathlib import Path
from statistics import median, quantiles

import click

from forecourt.trouble import Trouble
from forecourt.vehicles.rules import compiler, xcsp
from forecourt.vehicles.rules.diagram import Diagram
from forecourt.vehicles.rules.oracle import Oracle
from forecourt.vehicles.rules.problem import Problem

WALKS = 8
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="rules")
def command() -> None:
    """Option rules, compiled and measured."""


@command.command()
@click.argument("instance", type=FILE)
@click.option("--sales", type=FILE, help="Real sales: a line of variables' names, then a line of values each.")
@click.option("--seed", default=0, help="Which paths are walked beside the SAT solver.")
def measure(instance: Path, sales: Path | None, seed: int) -> None:
    """Compile INSTANCE (XCSP 2.1) and hold its diagram against a SAT solver. Exits 1 where the two disagree or a sale is refused."""
    try:
        problem = xcsp.read(instance)
        said(f"{len(problem.variables)} variables, {sum(map(len, problem.values.values())):,} values")
        begun = time.perf_counter()
        diagram = compiler.compile(problem)
        took = time.perf_counter() - begun
        size = len(diagram.to_bytes())
        said(f"compiled in {took:.2f} s: {diagram.nodes:,} nodes, {diagram.edges:,} edges, {size:,} bytes")
        said(f"{diagram.count():,} solutions")
        if sales:
            sell(diagram, problem, sales)
    except xcsp.BadInstance as error:
        raise Trouble(str(error)) from None
    walk(diagram, problem, random.Random(seed))  # noqa: S311 (paths, not secrets)


def sell(diagram: Diagram, problem: Problem, sales: Path) -> None:
    total = 0
    refused: list[int] = []
    with click.progressbar(list(xcsp.sales(sales, problem)), label="sales") as found:
        for total, sale in enumerate(found, 1):
            if diagram.complete(sale) is None:
                refused.append(total + 1)
    if refused:
        shown = ", ".join(map(str, refused[:10]))
        raise Trouble(f"{len(refused)} of {total:,} sales are refused, the first on line {shown} of {sales}.")
    said(f"all {total:,} sales accepted")


def walk(diagram: Diagram, problem: Problem, dice: random.Random) -> None:
    """Choose at random until nothing is open, and compare every next-option set with the solver's."""
    ours: list[float] = []
    theirs: list[float] = []
    with Oracle(problem) as oracle, click.progressbar(range(WALKS), label="paths beside SAT") as walks:
        for _ in walks:
            chosen: dict[str, str] = {}
            while True:
                begun = time.perf_counter()
                found = diagram.possible(chosen)
                ours.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                expected = oracle.possible(chosen)
                theirs.append(time.perf_counter() - begun)
                if found != expected:
                    different = next(name for name in found if found[name] != expected[name])
                    raise Trouble(f"the diagram and the SAT solver disagree about {different} after {chosen}.")
                still_open = [name for name, values in found.items() if name not in chosen and len(values) > 1]
                if not still_open:
                    break
                name = dice.choice(still_open)
                chosen[name] = dice.choice(sorted(found[name]))
    said(f"{len(ours)} next-option sets equal the SAT solver's")
    said(f"a click: diagram {milliseconds(ours)}, SAT {milliseconds(theirs)}")


def milliseconds(times: list[float]) -> str:
    return f"p50 {median(times) * 1000:.2f} ms, p99 {quantiles(times, n=100)[98] * 1000:.2f} ms"


def said(words: str) -> None:
    click.echo(f"  {words}")
