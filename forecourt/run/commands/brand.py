"""The brand pack: check a folder, or load the one in use."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from forecourt import environment
from forecourt.run import secrets


@click.group()
def command() -> None:
    """The brand pack: check a folder, or load the one in use."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def check(folder: Path | None) -> None:
    """Name everything that is wrong with FOLDER (else the pack in use), by file and line. Needs no database."""
    import django

    secrets.make_all()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
    django.setup()
    from forecourt.policy.problems import BrokenPack
    from forecourt.run import load_brand

    folder = folder or environment.BRAND
    if not folder.is_dir():
        sys.exit(f"{folder} is no folder: name the folder of a brand pack, such as brands/wren.")
    try:
        load_brand.check(folder, datetime.now(UTC), say=click.echo)
    except BrokenPack as broken:
        for problem in broken.problems:
            click.secho(str(problem), fg="red", err=True)
        count = len(broken.problems)
        sys.exit(f"{count} {'thing' if count == 1 else 'things'} to mend in {folder}.")
    click.echo(f"Nothing to mend in {folder}.")


@command.command()
def load() -> None:
    """Bring the database to what the pack in use says. Again changes nothing."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.run import load_brand

        load_brand.load(clock.now(), say=click.echo)
