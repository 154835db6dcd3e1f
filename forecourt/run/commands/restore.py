"""Bring a backup back, and erase again whoever was erased since."""

import time
from pathlib import Path

import click

from forecourt.run import backup, keeper, secrets


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Also where the database holds something; that is gone then.")
def command(file: Path, replace: bool) -> None:
    """Bring a backup back, and erase again whoever was erased since.

    It needs the store of keys as it is now. If anything fails, the database stays as it was.
    """
    begun = time.monotonic()
    secrets.make_all()
    with keeper.held():
        manifest, again = backup.restore(file, replace=replace)
    click.echo(f"The backup of {manifest['made_at']} is back, after {time.monotonic() - begun:.1f} s.")
    click.echo(f"{again:,} who were erased since it was made {'is' if again == 1 else 'are'} erased again.")
