"""Measure what is fast and what never happens, beside peers on the same machine; the numbers go to bench/results.json.

Each file of bench/ has a `measure()` that returns rows. It runs in a process and a scratch database of its own, on a durable
server of its own (var/bench), so that nothing here touches the live data, its keys or its figures.
"""

import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from forecourt import environment
from forecourt.trouble import Trouble

BENCH = environment.ROOT / "bench"
RESULTS = BENCH / "results.json"
KEYS = ("name", "value", "unit", "peer", "peer_value", "ratio")

Row = dict[str, str | float | None]


@click.command()
@click.option("--only", metavar="NAME", help="One measurement: the name of a file in bench/.")
@click.option("--people", type=click.IntRange(min=10), help="How many people it has, where it has people.")
def command(only: str | None, people: int | None) -> None:
    """Measure, print the table and write bench/results.json."""
    names = find(only)
    rows: list[Row] = []
    versions: set[str] = set()
    for name in names:
        click.echo(f"… {name}: {title(name)}", err=True)
        begun = time.monotonic()
        found, postgres = measure(name, people)
        click.echo(f"✓ {name} ({time.monotonic() - begun:.0f} s)", err=True)
        rows += found
        versions.add(postgres)
    click.echo(f"\n{machine(versions)}\n")
    for line in table(rows):
        click.echo(line)
    keep(rows, anew=only is None)
    click.echo(f"\nWritten to {RESULTS.relative_to(environment.ROOT)}.")


def find(only: str | None) -> list[str]:
    names = sorted(file.stem for file in BENCH.glob("[!_]*.py") if "\ndef measure(" in file.read_text())
    if only and only not in names:
        raise Trouble(f"bench/ has no {only}.py; it has {', '.join(names)}.")
    return [only] if only else names


def title(name: str) -> str:
    source = (BENCH / f"{name}.py").read_text()
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def measure(name: str, people: int | None) -> tuple[list[Row], str]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        target = Path(folder) / "rows.json"
        more = [str(people)] if people else []
        done = subprocess.run(
            [sys.executable, "-m", "bench", name, target, *more],
            cwd=environment.ROOT,
            env=surroundings(),
            check=False,
        )
        if done.returncode != 0:
            raise Trouble(f"bench/{name}.py stopped; what it said stands above. Nothing was written.")
        told = json.loads(target.read_text())
    for row in told["rows"]:
        if tuple(row) != KEYS:
            raise Trouble(f"A row of bench/{name}.py has {', '.join(row)}; it needs {', '.join(KEYS)}.")
    return told["rows"], told["postgres"]


def surroundings() -> dict[str, str]:
    """The defaults, so that one machine's settings do not change what is measured, and a data folder apart."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FORECOURT_")}
    if environment.POSTGRES != "any":
        ours["FORECOURT_POSTGRES"] = environment.POSTGRES
    return {**ours, "FORECOURT_VAR": str(environment.ROOT / "var" / "bench")}


def machine(postgres: set[str]) -> str:
    servers = ", ".join(sorted(version.split()[0] for version in postgres))
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, PostgreSQL {servers}"


def table(rows: list[Row]) -> list[str]:
    heads = ("what", "value", "unit", "peer", "its value", "ratio")
    cells = [tuple(said(row[key]) for key in KEYS) for row in rows]
    widths = [max(len(line[place]) for line in [heads, *cells]) for place in range(len(heads))]
    right = {1, 4, 5}

    def line(values: tuple[str, ...]) -> str:
        padded = (
            f"{v:>{w}}" if n in right else f"{v:<{w}}" for n, (v, w) in enumerate(zip(values, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    return [line(heads), "  ".join("─" * width for width in widths), *map(line, cells)]


def said(value: str | float | None) -> str:
    """A number as one reads it: thousands apart, and three figures of a small one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def keep(rows: list[Row], *, anew: bool) -> None:
    """All of them, or those that were measured now in the place of their namesakes."""
    kept: list[Row] = [] if anew or not RESULTS.exists() else json.loads(RESULTS.read_text())
    now = {(row["name"], row["peer"]): row for row in rows}
    merged = [now.pop((row["name"], row["peer"]), row) for row in kept] + list(now.values())
    RESULTS.write_text(json.dumps(merged, indent=2, ensure_ascii=False) + "\n")
