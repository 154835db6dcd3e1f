"""Authorized agents: take in the network's directory, list them, stop one, hear it again."""

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Authorized agents: take in the network's directory, list them, stop one, hear it again."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def add(file: Path) -> None:
    """Add the agents of FILE, as the Data Rights Protocol's directory lists them. All of it or nothing; one that is there is updated."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.agents import directory
        from forecourt.agents.models import Agent

        try:
            entries = directory.read(file)
        except directory.BadDirectory as bad:
            raise click.ClickException(str(bad)) from None
        new = directory.add(entries, clock.now())
        click.echo(f"{len(entries)} in the file, {new} of them new.")
        listed = {one.code for one in entries}
        for one in Agent.objects.order_by("code"):
            if one.stopped_at and one.code in listed:
                click.echo(f"{one.code} stays stopped: forecourt agents hear {one.code} ends that.")
            elif not one.stopped_at and one.code not in listed:
                click.echo(f"{one.code} is not in the file and is heard: forecourt agents stop {one.code} ends that.")


@command.command("list")
def list_all() -> None:
    """Who may ask for people, and who was stopped."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.agents.models import Agent

        listed = Agent.objects.order_by("code")
        if not listed:
            click.echo("No agent is listed yet: forecourt agents add FILE takes the network's directory.")
        for one in listed:
            stands = f"stopped {one.stopped_at:%Y-%m-%d}" if one.stopped_at else "heard"
            click.echo(f"{one.code}  {one.name}  {one.web_url}  {stands}")


@command.command()
@click.argument("code")
def stop(code: str) -> None:
    """Hear the agent CODE no more, from this moment. What it asked before goes on."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.adapters import clock
        from forecourt.agents import directory

        if not directory.stop(code, clock.now()):
            raise click.ClickException(f"No agent that is heard is called {code}: forecourt agents list.")
        click.echo(f"{code} is heard no more.")


@command.command()
@click.argument("code")
def hear(code: str) -> None:
    """Hear the agent CODE again after a stop. It sets up a new token first."""
    from forecourt.run.ready import ready

    with ready():
        from forecourt.agents import directory

        if not directory.hear(code):
            raise click.ClickException(f"No agent that was stopped is called {code}: forecourt agents list.")
        click.echo(f"{code} is heard again, once it set up a new token.")
