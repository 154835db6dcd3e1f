"""What mail needs in the outside world."""

import os
import sys
from typing import BinaryIO

import click
from django.db import DatabaseError, InterfaceError

from forecourt.run import secrets
from forecourt.trouble import Trouble

# A string in a TXT record holds 255 bytes (RFC 1035, 3.3.14); receivers put several together again (RFC 6376, 3.6.2.2).
STRING = 255


@click.group(name="mail")
def command() -> None:
    """What mail needs in the outside world."""


@command.command()
def dns() -> None:
    """The records to publish, as lines of a zone file: both public keys of DKIM, and DMARC.

    Publish them before the first mail leaves. A new key has a new name: leave the old records for a week.
    """
    import django

    secrets.make_all()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
    django.setup()
    from forecourt.adapters import domains
    from forecourt.adapters.mail import dkim
    from forecourt.web.brand import brand

    senders = {domains.in_ascii(address.rpartition("@")[2]) for address in brand().email_from.values()}
    for domain in sorted(senders):
        for name, value in dkim.dns_records(domain).items():
            click.echo(f"{name}. IN TXT {in_strings(value)}")


@command.command()
@click.argument("file", type=click.File("rb"), default="-")
def take(file: BinaryIO) -> None:
    """Take in one email, from a file or a pipe: it becomes a case, and its number is printed.

    For the mail server's alias of the privacy address. The same email taken twice is one case. Where the database does not
    answer, the exit status is 75, which tells the mail server to keep the email and try again.
    """
    from forecourt.run.ready import ready

    raw = file.read()
    if not raw.strip():
        raise click.UsageError("There is no email in it.")
    try:
        with ready():
            from forecourt.adapters import clock
            from forecourt.inquiries import incoming

            click.echo(incoming.take(raw, clock.now()).case.reference)
    except (DatabaseError, InterfaceError, Trouble) as problem:
        click.echo(f"Not taken, try again: {type(problem).__name__}", err=True)
        sys.exit(os.EX_TEMPFAIL)


def in_strings(value: str) -> str:
    return " ".join(f'"{value[at : at + STRING]}"' for at in range(0, len(value), STRING))
