"""Requests to see, correct and delete: what waits, and by when."""

import click

from forecourt.run.ready import ready


@click.group(name="rights")
def command() -> None:
    """Requests to see, correct and delete: what waits, and by when."""


@command.command()
@click.pass_context
def due(context: click.Context) -> None:
    """What is not answered yet, by its last day. Exits 1 where one is overdue."""
    with ready():
        from forecourt.adapters import clock
        from forecourt.policy import request_clocks
        from forecourt.requests import actions

        today = request_clocks.day_of(clock.now())
        waiting = list(actions.open_requests())
    for one in waiting:
        late = "  overdue" if one.answer_by < today else ""
        click.echo(f"{one.answer_by}  {one.case.reference}  {one.kind}{late}")
    overdue = sum(one.answer_by < today for one in waiting)
    click.echo(f"{len(waiting)} {'waits' if len(waiting) == 1 else 'wait'}, {overdue} overdue.")
    context.exit(1 if overdue else 0)
