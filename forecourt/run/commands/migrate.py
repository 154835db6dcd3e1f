"""Bring the database to this code's migrations, as the owner of its tables."""

import click

from forecourt.run import database, keeper, migration, secrets


@click.command()
def command() -> None:
    """Bring the database to this code's migrations, as the owner of its tables."""
    secrets.make_all()
    with keeper.held():
        if not migration.migrate():
            click.echo(f"{database.NAME} is up to date.")
