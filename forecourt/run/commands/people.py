"""People: take in a list that a supplier sent, or end the sessions of their accounts."""

from pathlib import Path
from typing import Any

import click

LISTED = 40


@click.group()
def command() -> None:
    """People: take in a list that a supplier sent, or end the sessions of their accounts."""


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--supplier", required=True, help="Its code: [suppliers.CODE] of the policy in force.")
def import_(file: Path, supplier: str) -> None:
    """Take in FILE: CSV with the columns address and dated, and, where the supplier may send them, name and postal_code."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.requests import imports

        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                done = imports.take(lines, supplier, clock.now())
        except (imports.Refused, UnicodeDecodeError) as problem:
            raise click.ClickException(str(problem)) from None
    for outcome, number in done.outcomes.items():
        click.echo(f"{number:,} {outcome}")
    for number, why in done.bad[:LISTED]:
        click.echo(f"  line {number}: {why}", err=True)


@command.command(name="sign-out")
@click.argument("address", required=False, default="")
@click.option("--everybody", is_flag=True, help="Every visitor's account.")
def sign_out(address: str, everybody: bool) -> None:
    """End every session of the account with this email address, or of all visitors, at once."""
    from forecourt.run.ready import ready

    if bool(address) == everybody:
        raise click.UsageError("Say whose: an email address, or --everybody.")
    with ready():
        from forecourt.accounts import sessions

        ended = sessions.end_everybodys() if everybody else sessions.end_all(account(address))
        click.echo(f"{ended:,} ended.")


@command.command()
@click.argument("address")
def number(address: str) -> None:
    """The number by which the log calls the account with this email address."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.accounts import sessions

        click.echo(sessions.number(account(address)))


def account(address: str) -> Any:
    from forecourt.accounts import signing_in
    from forecourt.people import contacts, vault
    from forecourt.people.addresses import BadAddress

    try:
        read = contacts.read_email(address)
    except BadAddress as bad:
        raise click.ClickException(str(bad)) from None
    found = signing_in.of_index(read.kind, vault.blind_index(read.kind, read.comparable))
    if found is None:
        raise click.ClickException("No account has that address.")
    return found
