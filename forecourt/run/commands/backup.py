"""Copy the database into one file, without the keys that open it."""

from pathlib import Path

import click

from forecourt import environment
from forecourt.run import backup, keeper, secrets


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Copy the database into one file, without the keys that open it.

    The site may run meanwhile. Copy the keys apart, and only as they are now: an old copy of them would bring back who was erased.
    """
    from forecourt.proof.revision import revision

    secrets.make_all()
    with keeper.held():
        manifest = backup.make(file, revision=revision())
    click.echo(f"{file}: {manifest['dump']['bytes']:,} bytes, sha256 {manifest['dump']['sha256'][:16]}…")
    click.echo(
        f"Keys are not in it. They lie in {environment.VAR / 'keys'} and {environment.SECRETS}: keep one present copy of them."
    )
