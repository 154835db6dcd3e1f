"""Start the database, the site and its worker, and say where they are."""

import click


@click.command()
def command() -> None:
    """Start the database, the site and its worker, and say where they are. Ctrl-C stops all of them."""
    from forecourt.run import supervisor

    supervisor.run()
