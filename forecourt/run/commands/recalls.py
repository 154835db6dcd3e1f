"""Recalls: load the official file, and say how old what is loaded is."""

from datetime import datetime
from pathlib import Path

import click

LISTED = 40


@click.group()
def command() -> None:
    """Recalls: load the official file, and say how old what is loaded is."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the file; else that of its newest entry.")
@click.option("--anyway", is_flag=True, help="Also where it names no recall of ours, or is older than what is loaded.")
@click.option("--all", "everything", is_flag=True, help=f"List every line that cannot be read, not the first {LISTED}.")
def load(file: Path, as_of: datetime | None, anyway: bool, everything: bool) -> None:
    """Load FILE, unpacked: 29 fields between tabs, as FLAT_RCL.txt has them. All of it or nothing; again changes nothing."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.vehicles.recalls import actions

        day = as_of.date() if as_of else None
        with click.progressbar(length=file.stat().st_size, label=f"Reading {file.name}") as bar:
            done = actions.load(file, clock.now(), day, anyway=anyway, tell=bar.update)
        tell(done, everything)


def tell(done, everything: bool) -> None:
    loading, found = done.loading, done.found
    click.echo(
        f"{found.lines:,} lines, {loading.ours:,} of them about cars of ours in {len({one.number for one in found.records}):,} recalls."
    )
    click.echo(
        f"As of {loading.as_of}, newest entry {loading.newest or 'without a day'}, loaded {loading.at:%Y-%m-%d %H:%M} UTC."
    )
    if not done.changed:
        click.echo("Nothing new: this file was loaded before.")
    listed(
        "line cannot be read", "lines cannot be read", [f"line {nth}: {says}" for nth, says in found.bad], everything
    )
    models = [f"line {nth}: {model}" for model, nth in found.unknown.items()]
    listed(
        "model of ours is known to no VIN", "models of ours are known to no VIN (owners/vins.toml)", models, everything
    )


def listed(one: str, more: str, rows: list[str], everything: bool) -> None:
    if not rows:
        return
    click.secho(f"{len(rows):,} {one if len(rows) == 1 else more}:", fg="yellow", err=True)
    for row in rows if everything else rows[:LISTED]:
        click.echo(f"  {row}", err=True)
    if len(rows) > LISTED and not everything:
        click.echo(f"  and {len(rows) - LISTED:,} more: --all lists them.", err=True)


@command.command()
def age() -> None:
    """Say how old the recalls are that the site answers from. Exits 1 where the law calls that old."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.vehicles.recalls import campaigns

        found = campaigns.age(clock.now())
        if found is None:
            raise click.ClickException("No recalls were ever loaded: forecourt recalls load FILE.")
        count = f"{found.days} {'day' if found.days == 1 else 'days'}"
        click.echo(f"From {found.source}, as of {found.as_of}: {count} old. Loaded {found.loaded:%Y-%m-%d %H:%M} UTC.")
        if found.is_old:
            raise click.ClickException(f"That is older than {date_limit(clock.now())} days: load the newest file.")


def date_limit(now: datetime) -> int:
    from forecourt.policy import law

    return law.value("recall_data_days", now)
