"""Django's own commands, with the database up."""

import sys

import click

from forecourt.run.ready import ready


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Django's own commands, with the database up."""
    if arguments[:1] == ("migrate",):
        sys.exit("The application may not migrate: `forecourt migrate` does it as the owner.")
    from django.core.management import execute_from_command_line

    with ready(migrated=False):
        execute_from_command_line(["forecourt manage", *arguments])
