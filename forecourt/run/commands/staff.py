"""Staff accounts: open one, have its undertaking signed, shut it, or start it again."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click


@click.group()
def command() -> None:
    """Staff accounts: open one, have its undertaking signed, shut it, or start it again."""


@contextmanager
def account(handle: str) -> Iterator[Any]:
    from forecourt.run.ready import ready

    with ready():
        from django.contrib.auth.models import User

        user = User.objects.filter(username=handle).first()
        if user is None:
            raise click.ClickException(f"No account is called {handle}.")
        yield user


@command.command()
@click.option("--editor", is_flag=True, help="May change the site's pages too.")
@click.option("--manager", is_flag=True, help="May hand cases over, and see who may look and who tried.")
@click.option(
    "--outside", is_flag=True, help="Works for a contractor or a partner: sees the cases handed to them alone."
)
def add(editor: bool, manager: bool, outside: bool) -> None:
    """A new account with a password to hand over. It opens once its undertaking is signed."""
    from forecourt.run.ready import ready

    if outside and (editor or manager):
        raise click.UsageError("Whoever works for a contractor or a partner is neither an editor nor a manager.")
    with ready():
        from forecourt.adapters import clock
        from forecourt.console import accounts, undertakings

        password = secrets.token_urlsafe(12)
        wished = {accounts.EDITORS: editor, accounts.MANAGERS: manager, accounts.OUTSIDERS: outside}
        user = accounts.add(password, groups=[group for group, wanted in wished.items() if wanted])
        version = undertakings.in_force(clock.now()).version
        click.echo(f"user {user.username}, password {password}")
        click.echo(f"When the undertaking {version} is signed: forecourt staff sign {user.username}")


@command.command()
@click.argument("handle")
def sign(handle: str) -> None:
    """Record that the undertaking was signed, and open the account until it runs out."""
    with account(handle) as user:
        from forecourt.adapters import clock
        from forecourt.console import accounts

        signed = accounts.sign(user, clock.now())
        click.echo(f"{handle} signed {signed.text_version} and is open until {signed.until:%Y-%m-%d}.")


@command.command(name="list")
def list_accounts() -> None:
    """Every account, the number that the log calls it by, until when it is open, and which are about to shut."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.console import who

        for one in who.accounts(clock.now()):
            click.secho(f"{one.handle:<12}{one.number:<18}{one.works_as:<28}{one.says}", fg="red" if one.look else None)


@command.command()
@click.argument("handle")
def suspend(handle: str) -> None:
    """Shut the account at once."""
    with account(handle) as user:
        from forecourt.console import accounts

        accounts.suspend(user)
        click.echo(f"{handle} is shut.")


@command.command(name="sign-out")
@click.argument("handle", required=False, default="")
@click.option("--everybody", is_flag=True, help="Every account of staff.")
def sign_out(handle: str, everybody: bool) -> None:
    """End every session of this account, or of all accounts of staff, at once."""
    from forecourt.run.ready import ready

    if bool(handle) == everybody:
        raise click.UsageError("Say whose: a login name, or --everybody.")
    whose: Any = account(handle) if handle else ready()
    with whose as user:
        from forecourt.console import visits

        ended = visits.end_all(user)  # of everybody, where nobody is named
        click.echo(f"{ended:,} ended; whoever it was signs in again with both factors.")


@command.command()
@click.argument("handle")
def restart(handle: str) -> None:
    """A new password and no second factor, for somebody who lost theirs. Open sessions end."""
    with account(handle) as user:
        from forecourt.console import accounts

        password = secrets.token_urlsafe(12)
        accounts.start_again(user, password)
        click.echo(f"user {handle}, password {password}; the second factor is set up at the next sign-in.")


@command.command()
def code() -> None:
    """The code that the first account's authenticator app would show now. In the demo only."""
    from forecourt.run import beside
    from forecourt.run.ready import ready

    beside.join()
    with ready():
        from forecourt.console import first_staff

        try:
            click.echo(first_staff.demo_code())
        except first_staff.DemoOnly as refusal:
            raise click.ClickException(str(refusal)) from None
