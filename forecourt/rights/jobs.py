"""What time does for choices: a yes ends on the day on which the browser forgets the number that could take it back."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.rights import choosing


@app.periodic(cron="53 * * * *")
@app.task(queue="rights", queueing_lock="end old yeses")
def end_old_yeses(timestamp: int) -> int:
    return choosing.end_old_yeses(clock.now())
