"""The keys under which people's fields lie sealed."""

import os
import time

import click

from forecourt.run import secrets


@click.group(name="keys")
def command() -> None:
    """The keys under which people's fields lie sealed."""


@command.command()
def rotate() -> None:
    """Wrap every key anew, under a new key-encryption key.

    The site may run meanwhile. If this is cut off, run it again: it goes on where it was.
    """
    secrets.make_all()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
    from django.conf import settings

    from forecourt.adapters import keystore

    began = time.monotonic()
    try:
        count = keystore.rotate()
    except (keystore.NotReadable, keystore.RotationUnderWay) as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo(
        f"{count:,} {'key is' if count == 1 else 'keys are'} wrapped under a new key-encryption key, in {time.monotonic() - began:.1f} s."
    )
    click.echo(f"Copies made before need the old one. Copy both anew: {settings.KEY_ENCRYPTION_KEY_FILE}")
    click.echo(f"and {settings.VAR / 'keys'}; then destroy the old copies.")
