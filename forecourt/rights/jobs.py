"""What time does for choices: a yes ends on the day on which the browser forgets the number that could take it back. And an erasure
that was asked for is carried out, whatever broke it off."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.rights import choosing
from forecourt.rights.erasure import actions as erasure


@app.periodic(cron="53 * * * *")
@app.task(queue="rights", queueing_lock="end old yeses")
def end_old_yeses(timestamp: int) -> int:
    return choosing.end_old_yeses(clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="rights", queueing_lock="go on erasing")
def go_on_erasing(timestamp: int) -> int:
    return erasure.go_on(clock.now())
