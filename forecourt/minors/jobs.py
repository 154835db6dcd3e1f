"""What time does for children's data: a case is closed once its erasure is done, whatever it waited for."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.minors import consents, reports


@app.periodic(cron="*/10 * * * *")
@app.task(queue="rights", queueing_lock="finish reports of children")
def finish_reports(timestamp: int) -> int:
    return reports.finish_all(clock.now())


@app.periodic(cron="23 * * * *")
@app.task(queue="rights", queueing_lock="ask parents again")
def ask_parents_again(timestamp: int) -> int:
    return consents.ask_again(clock.now())
