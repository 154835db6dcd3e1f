"""People: take in a list that a supplier sent."""

from pathlib import Path

import click

LISTED = 40


@click.group()
def command() -> None:
    """People: take in a list that a supplier sent."""


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--supplier", required=True, help="Its code: [suppliers.CODE] of the policy in force.")
def import_(file: Path, supplier: str) -> None:
    """Take in FILE: CSV with the columns address and dated, and, where the supplier may send them, name and postal_code."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.requests import imports

        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                done = imports.take(lines, supplier, clock.now())
        except (imports.Refused, UnicodeDecodeError) as problem:
            raise click.ClickException(str(problem)) from None
    for outcome, number in done.outcomes.items():
        click.echo(f"{number:,} {outcome}")
    for number, why in done.bad[:LISTED]:
        click.echo(f"  line {number}: {why}", err=True)
