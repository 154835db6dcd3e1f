"""How old the lock of the libraries is. Exits 1 where it is older than docs/upkeep.md allows."""

from datetime import UTC, datetime

import click


@click.command()
@click.pass_context
def command(context: click.Context) -> None:
    """How old the lock of the libraries is. Exits 1 where it is older than docs/upkeep.md allows."""
    from forecourt.run import libraries

    today, since = datetime.now(UTC).date(), libraries.renewed()
    click.echo(f"All libraries were renewed on {since}, {(today - since).days} days ago.")
    if libraries.are_too_old(since, today):
        click.echo(
            "That is too long: make lock upgrade=1, make test, then write the day into pyproject.toml.", err=True
        )
        context.exit(1)
