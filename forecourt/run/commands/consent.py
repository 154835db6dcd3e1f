"""What stands, compared with the ledger and made anew from it."""

import click

from forecourt.run.ready import ready


@click.group(name="consent")
def command() -> None:
    """What stands, compared with the ledger and made anew from it."""


@command.command()
@click.pass_context
def compare(context: click.Context) -> None:
    """Where the projection and the ledger disagree. Exits 1 where they do."""
    with ready():
        from forecourt.consent import standing

        found = standing.differences()
    for contact, channel, scope in found:
        click.echo(f"{contact}  {channel}  {scope}")
    count = f"{len(found)} {'difference' if len(found) == 1 else 'differences'}."
    click.echo(count if found else "What stands is what the ledger says.")
    context.exit(1 if found else 0)


@command.command()
def rebuild() -> None:
    """Make the projection anew from the ledger; every contact waits meanwhile."""
    with ready():
        from forecourt.consent import standing

        made = standing.rebuild()
    click.echo(f"{made} {'row' if made == 1 else 'rows'} made from the ledger.")
