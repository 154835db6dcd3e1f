"""What the demo does behind its pages."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from forecourt.proof import runner


@app.task(queue="proof", queueing_lock="check everything again")
def check_everything() -> None:
    runner.run()


def check_everything_later() -> None:
    """Once is enough: whoever asked before is waiting for the same."""
    try:
        check_everything.defer()
    except AlreadyEnqueued:
        return
