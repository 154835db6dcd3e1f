"""Global Privacy Platform strings, read and written."""

import json
from typing import BinaryIO

import click

from forecourt.consent.gpp import GppError, decode, encode
from forecourt.consent.gpp.plain import as_plain, from_plain


@click.group(name="gpp")
def command() -> None:
    """Global Privacy Platform strings, read and written."""


@command.command(name="decode")
@click.argument("string")
def decode_command(string: str) -> None:
    """Show STRING as JSON. Exits 1 and says what is wrong where it is no GPP string."""
    click.echo(json.dumps(as_plain(decode(string.strip())), indent=2))


@command.command(name="encode")
@click.argument("file", type=click.File("rb"), default="-")
def encode_command(file: BinaryIO) -> None:
    """Write the GPP string of the JSON in FILE, or on standard input: what decode shows, or one of its sections."""
    try:
        content = json.loads(file.read())
    except (ValueError, RecursionError) as problem:
        raise GppError(f"{file.name} is no JSON: {problem}.") from None
    click.echo(encode(from_plain(content)))
