"""The database server: start it, open a prompt, dump it."""

import os
import signal
import subprocess
import sys

import click

from forecourt import environment
from forecourt.run import database, keeper, postgres, secrets


@click.group()
def command() -> None:
    """The database server: start it, open a prompt, dump it."""
    secrets.make_all()


@command.command()
def start() -> None:
    """Keep the server up until Ctrl-C."""
    with keeper.held():
        parts = database.address("app")
        click.echo(
            f"The database is up: {parts['dbname']} at {parts.get('host', 'its usual place')}. Ctrl-C lets go of it."
        )
        while signal.sigwait({signal.SIGINT, signal.SIGTERM}) not in (signal.SIGINT, signal.SIGTERM):
            continue


@command.command(context_settings={"ignore_unknown_options": True})
@click.option("--owner", is_flag=True, help="As the owner of the tables, who may change anything.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(owner: bool, arguments: tuple[str, ...]) -> None:
    """Open a prompt as the application, or pass arguments on to psql."""
    _run("psql", "owner" if owner else "app", *arguments)


@command.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def dump(arguments: tuple[str, ...]) -> None:
    """Write everything to standard output as SQL; arguments go on to pg_dump."""
    _run("pg_dump", "owner", *arguments)


def _run(program: str, role: database.Role, *arguments: str) -> None:
    variables = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "options": "PGOPTIONS"}  # fmt: skip
    with keeper.held():
        address = database.address(role)
        login = {variables[key]: str(value) for key, value in address.items() if key in variables}
        path = postgres.find_place(environment.VAR).binaries / program
        sys.exit(subprocess.run([path, *arguments], env={**os.environ, **login}, check=False).returncode)
