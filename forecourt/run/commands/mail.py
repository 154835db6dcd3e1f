"""What mail needs in the outside world."""

import os

import click

from forecourt.run import secrets

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


def in_strings(value: str) -> str:
    return " ".join(f'"{value[at : at + STRING]}"' for at in range(0, len(value), STRING))
